"""Runs whose process was killed."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelinekit.model.event import RunFinished, StepFinished
from pipelinekit.records.journal import Journal, read
from pipelinekit.records.recover import recover
from pipelinekit.records.store import Store
from tests.made_store import make_store, run_events, run_id

TOP = Path(__file__).parents[2]

# A run that tells its events up to the middle of a step, and then is killed.
RUNS = """
import sys, time
from pathlib import Path
from pipelinekit.model.event import StepStarted
from pipelinekit.records.store import Store
from tests.made_store import run_events

events = run_events(1)
started = next(events)
journal = Store(Path(sys.argv[1])).start_journal(started.run_id, 1)
journal.append(started)
for event in events:
    journal.append(event)
    if isinstance(event, StepStarted) and event.leg == "test (3.11)" and event.name == "Lint":
        break
print("in the middle", flush=True)
time.sleep(60)
"""


def kill_a_run(store: Path) -> None:
    command = [sys.executable, "-c", RUNS, str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TOP) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        os.kill(process.pid, signal.SIGKILL)


def test_a_killed_run_is_recorded_as_cancelled_with_all_that_it_had_done(tmp_path: Path) -> None:
    kill_a_run(tmp_path)
    store = Store(tmp_path)
    assert store.runs() == []
    assert store.recover() == [run_id(1)]
    [run] = store.runs()
    assert (run["outcome"], run["reason"]) == ("cancelled", "pipelinekit was killed")
    assert run["finished_at"] is not None
    jobs = store.rows("jobs", run_id(1), 1)
    assert [(job["leg"], job["outcome"]) for job in jobs] == [
        ("test (3.9)", "success"), ("test (3.11)", "cancelled"), ("test (3.13)", "cancelled"), ("deploy", "cancelled"),
    ]  # fmt: skip
    steps = [(step["name"], step["outcome"]) for step in store.rows("steps", run_id(1), 1) if step["leg"] == "test (3.11)"]
    assert steps[-2:] == [("Install", "success"), ("Lint", "cancelled")]
    assert store.table("tests", leg="test (3.9)").num_rows == 7


def test_a_recovered_run_is_not_recovered_again(tmp_path: Path) -> None:
    kill_a_run(tmp_path)
    assert recover(tmp_path) == [run_id(1)]
    journal = (tmp_path / "journals" / f"{run_id(1)}-1.jsonl").read_bytes()
    assert recover(tmp_path) == []
    assert (tmp_path / "journals" / f"{run_id(1)}-1.jsonl").read_bytes() == journal


def test_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.start_journal("run", 1) as journal:
        journal.append(next(run_events(1)))
        assert store.recover() == []
    assert store.recover() == ["run"]


def test_a_run_that_was_killed_before_its_tables_were_made_keeps_its_own_outcome(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    (tmp_path / "tables" / "runs" / f"{run_id(1)}-1.parquet").unlink()
    unfinished = tmp_path / "tables" / "jobs" / f"{run_id(1)}-1.unfinished"
    unfinished.write_bytes(b"PAR1 and then nothing")
    assert store.recover() == [run_id(1)]
    assert [run["outcome"] for run in store.runs()] == ["success"]
    assert not unfinished.exists()
    assert store.table("jobs").num_rows == 4


def test_a_torn_line_costs_a_recovered_run_only_itself(tmp_path: Path) -> None:
    with Journal.create(tmp_path, run_id(1), 1) as journal:
        for event in list(run_events(1))[:12]:
            journal.append(event)
    journal.path.write_bytes(journal.path.read_bytes()[:-5])
    assert recover(tmp_path) == [run_id(1)]
    *_, end, said = read(journal.path)
    assert isinstance(end, RunFinished)
    assert "1 line of its journal could not be read" in str(said)


def test_a_step_s_end_is_told_at_the_last_sign_of_life(tmp_path: Path) -> None:
    kill_a_run(tmp_path)
    path = tmp_path / "journals" / f"{run_id(1)}-1.jsonl"
    *_, last = read(path)
    recover(tmp_path)
    ends = [event for event in read(path) if isinstance(event, StepFinished) and event.reason]
    assert [(event.at, event.reason) for event in ends] == [(last.at, "pipelinekit was killed")]


def test_a_journal_in_which_nothing_happened_is_removed(tmp_path: Path) -> None:
    Journal.create(tmp_path, "run", 1).close()
    assert recover(tmp_path) == []
    assert list((tmp_path / "journals").iterdir()) == []


def test_a_journal_of_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "journals").mkdir()
    newer = tmp_path / "journals" / "run-1.jsonl"
    newer.write_text('{"format": 2}\n', encoding="utf-8")
    assert recover(tmp_path) == []
    assert newer.read_text(encoding="utf-8") == '{"format": 2}\n'
    assert Store(tmp_path).live_runs() == []


def test_an_empty_store_has_nothing_to_recover(tmp_path: Path) -> None:
    assert recover(tmp_path / "none") == []


RECOVERS = "import sys; from pathlib import Path; from pipelinekit.records.recover import recover; print(recover(Path(sys.argv[1])))"


@pytest.mark.parametrize("runs", [6])
def test_of_two_processes_that_recover_at_once_each_run_goes_to_one(tmp_path: Path, runs: int) -> None:
    for number in range(1, runs + 1):
        with Journal.create(tmp_path, run_id(number), 1) as journal:
            for event in list(run_events(number))[:15]:
                journal.append(event)

    def in_a_process(_: int) -> str:
        return subprocess.run([sys.executable, "-c", RECOVERS, str(tmp_path)], capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(2) as two:
        told = "".join(two.map(in_a_process, range(2)))
    assert [told.count(run_id(number)) for number in range(1, runs + 1)] == [1] * runs
    assert [run["outcome"] for run in Store(tmp_path).runs()] == ["cancelled"] * runs
    for path in Store(tmp_path).journals():
        assert sum(isinstance(event, RunFinished) for event in read(path)) == 1
