"""What is recorded on this machine is shown where nothing runs; anything else is refused."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.executors.base import Command, CommandResult, Place
from pipelinekit.executors.recorder import RecordingExecutor
from pipelinekit.executors.recordings import Recordings
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from tests.executors.conftest import request_in


def said(place: Place, command: Command) -> tuple[list[str], CommandResult]:
    lines: list[str] = []
    return lines, place.perform(command, lines.extend)


def script(place: Place, text: str, **environment: str) -> Command:
    """A step as the engine has it: its script in a file, run by `sh`."""
    path = f"{place.temp}/step_{sum(1 for _ in Path(place.temp).iterdir())}.sh"
    place.write(path, text.encode())
    return Command(("sh", "-e", path), environment)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the recording of a few steps."""
    tmp_path = tmp_path_factory.mktemp("recorded")
    recordings = Recordings()
    executor = RecordingExecutor(EXECUTORS["host"](dict(os.environ)), recordings)
    place = executor.open(request_in(tmp_path / "real"))
    (place.workspace_folder / "goods.txt").write_text("3\n")
    output = f"{place.temp}/output"
    said(place, script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open"))
    said(place, script(place, "cp goods.txt sold.txt; rm goods.txt; chmod 755 sold.txt\necho n=1 >$GITHUB_OUTPUT", GITHUB_OUTPUT=output))
    said(place, script(place, "cat sold.txt"))
    place.close()
    folder = tmp_path / "recordings"
    folder.mkdir()
    recordings.write(folder / "shop.jsonl")
    return folder


def replayed(recorded: Path, folder: Path, speed: str = "100") -> Place:
    environment = {**os.environ, "PIPELINEKIT_RECORDINGS": str(recorded), "PIPELINEKIT_REPLAY_SPEED": speed}
    place = EXECUTORS["replay"](environment).open(request_in(folder / "shown"))
    (place.workspace_folder / "goods.txt").write_text("3\n")
    return place


def test_a_command_shows_its_lines_and_its_exit_code(recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path)
    lines, result = said(place, script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open"))
    assert lines == ["begun", f"in {place.workspace}"]
    assert result == CommandResult(3)


def test_what_it_left_is_left_and_what_follows_finds_it(recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path)
    text = "cp goods.txt sold.txt; rm goods.txt; chmod 755 sold.txt\necho n=1 >$GITHUB_OUTPUT"
    assert said(place, script(place, text, GITHUB_OUTPUT=f"{place.temp}/output"))[1] == CommandResult(0)
    sold = place.workspace_folder / "sold.txt"
    assert (sold.read_text(), sold.stat().st_mode & 0o777) == ("3\n", 0o755)
    assert not (place.workspace_folder / "goods.txt").exists()
    assert place.read(f"{place.temp}/output") == b"n=1\n"
    assert said(place, script(place, "cat sold.txt"))[0] == ["3"]


def edited_script(place: Place) -> Command:
    return script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 0", SHOP="open")


def another_variable(place: Place) -> Command:
    return script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="closed")


def another_file(place: Place) -> Command:
    (place.workspace_folder / "goods.txt").write_text("4\n")
    return script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open")


def another_folder(place: Place) -> Command:
    asked = script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open")
    return Command(asked.argv, asked.environment, "elsewhere")


def too_early(place: Place) -> Command:
    return script(place, "cat sold.txt")


def by_hand(place: Place) -> Command:
    return Command(("sh", "-c", "echo begun"))


@pytest.mark.parametrize("step", [edited_script, another_variable, another_file, another_folder, too_early, by_hand])
def test_what_was_never_recorded_so_is_refused_by_name(step: Callable[[Place], Command], recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path)
    command = step(place)
    with pytest.raises(SurroundingsMissing, match=r'no recording of ".*(begun|cat sold).*" in "test \(3.11\)"'):
        said(place, command)


@pytest.mark.parametrize("name", ["GITHUB_RUN_ID", "GITHUB_JOB", "GITHUB_SHA", "RUNNER_NAME", "PATH"])
def test_a_variable_of_the_runner_counts_only_where_it_is_named(name: str, recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path)
    known = script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open")
    assert said(place, Command(known.argv, {**known.environment, name: "7"}))[1] == CommandResult(3)


def test_a_workflow_that_was_edited_is_no_other_file(recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path)
    place.write(".github/workflows/ci.yml", b"edited")
    place.write("shop/__pycache__/shop.pyc", b"compiled")
    assert said(place, script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open"))[1] == CommandResult(3)


def test_what_moves_files_does_so(recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path)
    assert said(place, Command(("cp", "goods.txt", "kept.txt"), moves=True)) == ([], CommandResult(0))
    assert (place.workspace_folder / "kept.txt").read_text() == "3\n"
    assert said(place, Command(("cat", "no such file"), moves=True))[1] == CommandResult(1)
    assert said(place, Command(("no-such-program",), moves=True))[1] == CommandResult(127)


def test_it_takes_its_time_and_less_where_it_is_asked_for(recorded: Path, tmp_path: Path) -> None:
    def seconds(speed: str) -> float:
        place = replayed(recorded, tmp_path / speed, speed)
        command = script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open")
        began = time.monotonic()
        said(place, command)
        return time.monotonic() - began

    assert seconds("1") > 0.29
    assert seconds("100") < 0.2


def test_it_is_stopped_where_it_is(recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path, "0.01")
    lines: list[str] = []

    def on_lines(new: list[str]) -> None:
        lines.extend(new)
        threading.Thread(target=place.stop).start()

    command = script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open")
    assert place.perform(command, on_lines) == CommandResult(130, stopped=True)
    assert lines == ["begun"]


def test_its_time_is_up_when_it_was_up_then(recorded: Path, tmp_path: Path) -> None:
    place = replayed(recorded, tmp_path)
    asked = script(place, "echo begun; sleep 0.3; echo in $(pwd); exit 3", SHOP="open")
    lines, result = said(place, Command(asked.argv, asked.environment, timeout_seconds=0.2))
    assert (lines, result) == (["begun"], CommandResult(130, timed_out=True))


def test_a_command_that_is_recorded_twice_leaves_what_it_left_first(tmp_path: Path) -> None:
    recordings = Recordings()
    executor = RecordingExecutor(EXECUTORS["host"](dict(os.environ)), recordings)
    stamps = []
    for name in ("one", "two"):
        place = executor.open(request_in(tmp_path / name))
        said(place, script(place, "date +%N >stamp"))
        stamps.append((place.workspace_folder / "stamp").read_text())
        place.close()
    assert stamps[0] == stamps[1]


@pytest.mark.parametrize("speed", ["fast", "0", "-1", "inf"])
def test_a_speed_that_is_none_is_said(speed: str) -> None:
    with pytest.raises(WorkflowInvalid, match="must be a number above 0"):
        EXECUTORS["replay"]({"PIPELINEKIT_REPLAY_SPEED": speed})


@pytest.mark.parametrize(
    "text", ["", "no json\n", '{"format": 99}\n', '{"format": 1}\n{"key": "a"}\n'], ids=["empty", "no-json", "newer", "half"]
)
def test_a_recording_that_cannot_be_read_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "broken.jsonl").write_text(text)
    with pytest.raises(SurroundingsMissing, match=r"the recording .*broken.jsonl can't be read"):
        EXECUTORS["replay"]({"PIPELINEKIT_RECORDINGS": str(tmp_path)})


def test_no_terminal_opens(recorded: Path, tmp_path: Path) -> None:
    with pytest.raises(SurroundingsMissing, match="nothing runs"):
        replayed(recorded, tmp_path).terminal(Command(("sh",)), 0, 1)
