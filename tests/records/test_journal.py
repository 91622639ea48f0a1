"""The journal, its lock, and what it does when things go wrong."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.model.event import Event, Noted, RunFinished
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.journal import Journal, is_alive, read
from tests.made_store import run_events


def written(store: Path, *events: Event) -> Path:
    with Journal.create(store, "run", 1) as journal:
        for event in events:
            journal.append(event)
    return journal.path


def test_what_is_appended_is_read_in_its_order(tmp_path: Path) -> None:
    events = list(run_events(4))
    assert list(read(written(tmp_path, *events))) == events


def test_an_event_can_be_read_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    with Journal.create(tmp_path, "run", 1) as journal:
        journal.append(Noted(1.0, "first"))
        assert list(read(journal.path)) == [Noted(1.0, "first")]


def test_the_first_line_says_which_format_it_has(tmp_path: Path) -> None:
    first = written(tmp_path).read_text(encoding="utf-8").splitlines()[0]
    assert first == '{"format": 1, "run_id": "run", "attempt": 1}'


def test_a_journal_is_alive_until_it_is_closed(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, "run", 1)
    assert is_alive(journal.path)
    assert Journal.claim(journal.path) is None
    journal.close()
    journal.close()
    assert not is_alive(journal.path)


def test_an_attempt_has_one_journal(tmp_path: Path) -> None:
    path = written(tmp_path, Noted(1.0, "kept"))
    with pytest.raises(FileExistsError):
        Journal.create(tmp_path, "run", 1)
    assert list(read(path)) == [Noted(1.0, "kept")]
    assert [file.name for file in path.parent.iterdir()] == ["run-1.jsonl"]


def test_a_claimed_journal_is_gone_on_with(tmp_path: Path) -> None:
    path = written(tmp_path, Noted(1.0, "before"))
    journal = Journal.claim(path)
    assert journal is not None
    with journal:
        journal.append(Noted(2.0, "after"))
    assert list(read(path)) == [Noted(1.0, "before"), Noted(2.0, "after")]


def test_a_torn_last_line_is_left_out_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, Noted(1.0, "whole"), Noted(2.0, "torn"))
    path.write_bytes(path.read_bytes()[:-9])
    journal = Journal.claim(path)
    assert journal is not None
    with journal:
        journal.append(RunFinished(3.0, Outcome.CANCELLED))
    assert list(read(path)) == [
        Noted(1.0, "whole"),
        RunFinished(3.0, Outcome.CANCELLED),
        Noted(3.0, "1 line of its journal could not be read and is missing here: run-1.jsonl"),
    ]


def test_half_a_line_of_a_run_that_lives_is_left_for_later(tmp_path: Path) -> None:
    with Journal.create(tmp_path, "run", 1) as journal:
        journal.append(Noted(1.0, "whole"))
        with journal.path.open("ab") as file:
            file.write(b'{"type":"Noted","at":2.0,"mess')
        assert list(read(journal.path)) == [Noted(1.0, "whole")]


def test_lines_of_a_newer_version_are_left_out_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, Noted(1.0, "known"))
    with path.open("ab") as file:
        file.write(b'{"type":"Teleported","at":2.0}\n{"type":"Teleported","at":3.0}\n')
    *events, said = read(path)
    assert events == [Noted(1.0, "known")]
    assert isinstance(said, Noted)
    assert said.message.startswith("2 lines of its journal could not be read")


def test_a_journal_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run-1.jsonl"
    path.write_text('{"format": 2}\n', encoding="utf-8")
    with pytest.raises(SurroundingsMissing, match="it has format 2, this pipelinekit reads up to 1"):
        list(read(path))


def test_a_damaged_first_line_costs_only_itself(tmp_path: Path) -> None:
    path = written(tmp_path, Noted(1.0, "kept"))
    path.write_bytes(b"\xff" + path.read_bytes()[1:])
    assert next(read(path)) == Noted(1.0, "kept")


# The limit on a file's size stands for a full disk: the system refuses the rest of a line after some of it was written.
FULL_DISK = """
import resource, sys
from pathlib import Path
from pipelinekit.model.event import Noted
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.journal import Journal

journal = Journal.create(Path(sys.argv[1]), "run", 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
journal.append(Noted(1.0, "x" * 700))
try:
    journal.append(Noted(2.0, "y" * 700))
except SurroundingsMissing as full:
    print(full)
journal.append(Noted(3.0, "z"))
"""


def test_a_full_disk_is_said_and_keeps_what_had_been_recorded(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    path = tmp_path / "journals" / "run-1.jsonl"
    assert done.stdout.splitlines() == [
        f"cannot write the journal {path} (File too large)",
        "  what had been recorded before is kept",
        "  make room on the disk, or name another store: --store DIR",
    ]
    assert list(read(path)) == [Noted(1.0, "x" * 700), Noted(3.0, "z")]


def test_a_store_that_can_t_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(SurroundingsMissing, match="cannot write the journal"):
        Journal.create(tmp_path, "run", 1)


HOLDS = """
import sys, time
from pathlib import Path
from pipelinekit.records.journal import Journal

journal = Journal.create(Path(sys.argv[1]), "run", 1)
print("held", flush=True)
time.sleep(60)
"""


def test_the_lock_goes_with_a_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "journals" / "run-1.jsonl"
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert is_alive(path)
        os.kill(process.pid, signal.SIGKILL)
    assert not is_alive(path)


def test_a_child_of_the_run_does_not_keep_it_alive(tmp_path: Path) -> None:
    with Journal.create(tmp_path, "run", 1) as journal:
        child = subprocess.Popen(["sleep", "60"])
    try:
        assert not is_alive(journal.path)
    finally:
        child.kill()
        child.wait()
