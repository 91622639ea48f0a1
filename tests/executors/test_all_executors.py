"""The contract of a place, for every row of the table of executors."""

import contextlib
import os
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.executors.base import Command, CommandResult, Place
from pipelinekit.executors.shell import LINE_LIMIT
from pipelinekit.model.problem import SurroundingsMissing
from tests.executors.conftest import ROWS, RUNNING, lines_of, moved, request_in, wait_until

FLAT_BYTES = 16 << 20


def test_output_and_error_come_as_one_stream_in_order(place: Place) -> None:
    script = "for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done"
    lines, result = lines_of(place, "sh", "-c", script)
    assert lines == [f"{stream} {i}" for i in range(1, 6) for stream in ("out", "err")]
    assert result == CommandResult(0)


def test_a_command_finds_nothing_on_its_stdin(place: Place) -> None:
    lines, result = lines_of(place, "cat")
    assert (lines, result.exit_code) == ([], 0)
    assert lines_of(place, "echo", "next") == (["next"], CommandResult(0))


def test_a_last_line_without_its_end_is_a_line(place: Place) -> None:
    assert lines_of(place, "printf", "one\\n\\ntwo")[0] == ["one", "", "two"]
    assert lines_of(place, "printf", "three\\n\\n")[0] == ["three", ""]


def test_a_child_left_behind_holds_nobody_up_and_lives_on(place: Place) -> None:
    started = time.monotonic()
    lines, _ = lines_of(place, "sh", "-c", "sleep 60 & echo $!")
    assert time.monotonic() - started < 30
    assert lines_of(place, "kill", "-0", lines[0])[1].exit_code == 0


def test_what_looks_like_our_mark_is_a_line_like_any_other(place: Place) -> None:
    forged = f"{'0' * 32} end 0"
    lines, result = lines_of(place, "sh", "-c", f"echo '{forged}'; printf '{forged}'; exit 7")
    assert lines == [forged, forged]
    assert result.exit_code == 7


def test_many_lines_need_no_memory(place: Place) -> None:
    count = 0
    last = ""

    def on_lines(lines: list[str]) -> None:
        nonlocal count, last
        count += len(lines)
        last = lines[-1]

    tracemalloc.start()
    try:
        place.perform(Command(("seq", "200000")), on_lines)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (count, last) == (200_000, "200000")
    assert peak_bytes < FLAT_BYTES


def test_an_endless_line_is_cut_and_says_so(place: Place) -> None:
    lines, _ = lines_of(place, "sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x; echo; echo after")
    assert lines[0].startswith("x" * LINE_LIMIT)
    assert lines[0].endswith(" … (the line goes on)")
    assert len(lines[0]) < LINE_LIMIT + 100
    assert lines[1:] == ["after"]


def test_bytes_that_are_no_text_are_replaced(place: Place) -> None:
    assert lines_of(place, "printf", "caf\\303\\251 \\377\\r\\n50%%\\r100%%\\n")[0] == ["café \ufffd", "50%", "100%"]


def test_the_environment_is_what_was_asked_for_and_nothing_else(place: Place) -> None:
    asked = {
        "INPUT_FOO-BAR": "a name that no shell takes",
        "QUOTES": "it's \"so\" `echo no` $HOME \\ ",
        "LINES": "one\n\n  two\t\n",
        "EMPTY": "",
        "UID": "shells forbid to set it",
        "IFS": "x",
        "UMLAUT": "größer ☃",
        "EQUAL": "a=b=c",
        "PATH": f"/nowhere:{place.environment['PATH']}",
    }
    lines, _ = lines_of(place, "env", "-0", **asked)
    entries = "\n".join(lines).removesuffix("\0").split("\0")
    assert dict(entry.split("=", 1) for entry in entries) == {**place.environment, **asked}


def test_a_program_is_found_on_the_path_that_was_asked_for(place: Place) -> None:
    place.write(f"{place.temp}/bin/hello", b"#!/bin/sh\necho hello $1\n")
    lines_of(place, "chmod", "755", f"{place.temp}/bin/hello")
    path = f"{place.temp}/bin:{place.environment['PATH']}"
    assert lines_of(place, "hello", "you; exit 1", PATH=path)[0] == ["hello you; exit 1"]


@pytest.mark.parametrize(
    ("script", "exit_code"),
    [
        pytest.param("exit 0", 0, id="fine"),
        pytest.param("exit 3", 3, id="failed"),
        pytest.param("kill -9 $$", 137, id="killed"),
        pytest.param("kill -15 $$", 143, id="terminated"),
        pytest.param("kill -2 $$", 130, id="interrupted"),
    ],
)
def test_the_exit_code_is_the_commands_own_or_128_and_its_signal(place: Place, script: str, exit_code: int) -> None:
    assert lines_of(place, "sh", "-c", script) == ([], CommandResult(exit_code))


def test_a_missing_program_ends_with_127(place: Place) -> None:
    lines, result = lines_of(place, "no-such-program")
    assert result.exit_code == 127
    assert "no-such-program" in lines[0]


def test_a_relative_directory_is_one_of_the_workspace(place: Place) -> None:
    lines_of(place, "mkdir", "-p", "a b/c")
    assert lines_of(place, "pwd")[0] == [place.workspace]
    assert lines_of(place, "pwd", directory="a b/c")[0] == [f"{place.workspace}/a b/c"]
    assert lines_of(place, "pwd", directory=place.temp)[0] == [place.temp]


def test_a_missing_directory_fails_the_command(place: Place) -> None:
    lines, result = lines_of(place, "pwd", directory="no such place")
    assert lines == [f"cannot start in {place.workspace}/no such place: there is no such folder"]
    assert result.exit_code == 1


def stopped_when_ready(place: Place, script: str) -> tuple[list[str], CommandResult]:
    """Perform a script, and stop it from another thread when it has said `ready`."""
    lines: list[str] = []
    stopper = threading.Thread(target=place.stop)

    def on_lines(new: list[str]) -> None:
        lines.extend(new)
        if "ready" in new:
            stopper.start()

    result = place.perform(Command(("sh", "-c", script)), on_lines)
    stopper.join()
    return lines, result


def test_stop_interrupts_first_so_that_a_command_can_tidy_up(place: Place) -> None:
    script = "trap 'echo tidied; exit 9' INT; echo ready; while :; do sleep 0.05; done"
    lines, result = stopped_when_ready(place, script)
    assert lines == ["ready", "tidied"]
    assert result == CommandResult(9, stopped=True)


def test_stop_ends_the_children_too(place: Place) -> None:
    lines, result = stopped_when_ready(place, "sleep 61 & echo $!; echo ready; sleep 62")
    assert result.stopped
    gone = 'while [ -e /proc/$1 ] && ! grep -q ") Z" /proc/$1/stat; do sleep 0.02; done'
    assert place.perform(Command(("sh", "-c", gone, "sh", lines[0]), timeout_seconds=20), print) == CommandResult(0)


def test_stop_without_a_command_does_nothing(place: Place) -> None:
    place.stop()
    assert lines_of(place, "echo", "still here")[0] == ["still here"]


def test_a_command_whose_time_is_up_is_ended(place: Place) -> None:
    started = time.monotonic()
    lines: list[str] = []
    result = place.perform(Command(("sh", "-c", "echo begun; exec sleep 63"), timeout_seconds=0.5), lines.extend)
    assert time.monotonic() - started < 30
    assert (lines, result) == (["begun"], CommandResult(130, timed_out=True))
    assert lines_of(place, "echo", "on we go")[0] == ["on we go"]


def test_a_command_within_its_time_is_left_alone(place: Place) -> None:
    assert place.perform(Command(("true",), timeout_seconds=60), print) == CommandResult(0)


@pytest.mark.parametrize("where", ["workspace", "temp", "elsewhere"])
def test_files_go_in_and_out(any_place: Place, tmp_path: Path, where: str) -> None:
    place = any_place
    elsewhere = "/tmp/pipelinekit-test" if place.image else str(tmp_path / "elsewhere")  # noqa: S108 - the container's own
    folder = {"workspace": place.workspace, "temp": place.temp, "elsewhere": elsewhere}[where]
    content = bytes(range(256)) * 5000
    place.write(f"{folder}/a/written", content)
    assert place.read(f"{folder}/a/written") == content
    assert moved(place, "wc", "-c", f"{folder}/a/written") == [f"{len(content)} {folder}/a/written"]

    (tmp_path / "tool").write_bytes(b"#!/bin/sh\necho sent\n")
    (tmp_path / "tool").chmod(0o755)
    place.send(tmp_path / "tool", f"{folder}/b/tool")
    assert moved(place, f"{folder}/b/tool") == ["sent"]

    moved(place, "sh", "-c", f"echo made >{folder}/made")
    place.fetch(f"{folder}/made", tmp_path / "fetched")
    assert (tmp_path / "fetched").read_text() == "made\n"


@pytest.mark.parametrize("path", ["{workspace}/missing", "{temp}/no/such", "/no/such/file"])
def test_a_file_that_is_not_there_is_said_to_be_missing(any_place: Place, tmp_path: Path, path: str) -> None:
    absent = path.format(workspace=any_place.workspace, temp=any_place.temp)
    with pytest.raises(FileNotFoundError):
        any_place.read(absent)
    with pytest.raises(FileNotFoundError):
        any_place.fetch(absent, tmp_path / "fetched")


def test_the_workspace_is_seen_from_this_machine(any_place: Place) -> None:
    moved(any_place, "sh", "-c", "echo text >file")
    assert (any_place.workspace_folder / "file").read_text() == "text\n"


def test_closing_tells_what_was_used_ends_what_is_left_and_may_be_done_twice(closable: Place) -> None:
    lines_of(closable, "sh", "-c", "sleep 64 & seq 300000 | sort -n | tail -1")
    usage = closable.close()
    assert usage.cpu_seconds is not None
    assert 0 < usage.cpu_seconds < 60
    assert usage.peak_memory_bytes is not None
    assert usage.peak_memory_bytes > 100_000
    assert closable.close().cpu_seconds is None
    assert wait_until(lambda: b"sleep\x0064\x00" not in running_here())


@pytest.mark.parametrize("name", RUNNING)
def test_a_place_that_is_kept_ends_what_runs_in_it(name: str, tmp_path: Path) -> None:
    executor = EXECUTORS[name](dict(os.environ))
    place = executor.open(request_in(tmp_path, keep=True))
    lines_of(place, "sh", "-c", "sleep 65 &")
    used = place.keep()
    assert used.cpu_seconds is not None
    assert wait_until(lambda: b"sleep\x0065\x00" not in running_here())
    executor.discard(place.name)
    executor.close()


@pytest.mark.parametrize("name", ROWS)
def test_a_kept_place_is_opened_again_with_all_that_happened_in_it(name: str, tmp_path: Path) -> None:
    executor = EXECUTORS[name](dict(os.environ))
    request = request_in(tmp_path, keep=True)
    place = executor.open(request)
    moved(place, "sh", "-c", "echo made >here")
    place.write(f"{place.private}/state", b"secret", 0o600)
    place.keep()
    again = executor.reopen(request, place.name)
    assert moved(again, "cat", "here") == ["made"]
    assert again.read(f"{again.private}/state") == b"secret"
    assert moved(again, "stat", "-c", "%a", f"{again.private}/state") == ["600"]
    again.keep()
    executor.discard(place.name)
    with pytest.raises(SurroundingsMissing, match="is gone"):
        executor.reopen(request, place.name)
    executor.close()


def running_here() -> set[bytes]:
    """The command lines of all processes of this machine, those in containers among them."""
    found = set()
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.add(cmdline.read_bytes())
    return found


@pytest.mark.parametrize("name", ROWS)
def test_what_a_place_is_made_of_is_told_without_opening_one_and_stays_the_same(name: str, tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        executor = EXECUTORS[name](dict(os.environ))
        executor.prepare(request_in(tmp_path), lambda _: None)
        told.append(executor.digest(request_in(tmp_path)))
        executor.warm_up()
        executor.warm_up()
        executor.close()
    assert told[0] == told[1] != ""
