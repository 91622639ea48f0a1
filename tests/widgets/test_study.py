"""What the store and the logs say of a run that goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelinekit.model.event import LinesLogged
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.run_state import LegState, RunState, StepState
from pipelinekit.records.journal import journal_path
from pipelinekit.records.journal_log import JournalLog
from pipelinekit.records.store import Store
from pipelinekit.widgets import study
from tests.made_store import FLAKY, make_store
from tests.run_views import live_runs
from tests.run_views.live_runs import BEGIN
from tests.widgets.fake_run import RUN_ID


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_store(tmp_path_factory.mktemp("store") / ".pipelinekit")


def standing(name: str, *tests: str, reason: str = "") -> LegState:
    step = StepState(1, "", "Test", State.FAILURE, "", None, BEGIN, BEGIN + 5, 1, Outcome.FAILURE, reason)
    return LegState(name, "test", State.RUNNING, steps=(step,), started_at=BEGIN, tests=412, failed_tests=tests)


def logs(folder: Path, *texts: str, legs: tuple[str, ...] = ("test (3.11)",)) -> JournalLog:
    store = Store(folder / "own")
    with store.start_journal(RUN_ID, 1) as journal:
        for leg in legs:
            lines = tuple((BEGIN, text) for text in ("$ pytest --fail-with error:", *texts))
            journal.append(LinesLogged(BEGIN, leg, 1, 1, lines[:1], "runner"))
            journal.append(LinesLogged(BEGIN, leg, 1, 2, lines[1:]))
    return JournalLog(journal_path(store.path, RUN_ID, 1))


def test_a_leg_usually_takes_the_median_of_those_that_succeeded(store: Store) -> None:
    path = store.runs()[0]["path"]
    rows = store.sql("SELECT leg, median(duration_seconds) AS middle FROM jobs WHERE outcome = 'success' GROUP BY leg").to_pylist()
    assert study.usual(store, path) == {row["leg"]: row["middle"] for row in rows}
    assert len(rows) > 2
    assert study.usual(store, "another.yml") == {}


def test_of_an_empty_store_nothing_is_usual(tmp_path: Path) -> None:
    assert study.usual(Store(tmp_path / "none"), "ci.yml") == {}


def test_the_critical_path_is_known_as_far_as_the_run_has_come() -> None:
    run = live_runs.running()
    assert study.path(run.state, run.now) == {"lint", "test (3.12, sqlite)"}
    assert study.path(RunState(), 0.0) == frozenset()


def test_a_failure_has_the_lines_that_decide_and_not_its_own_command(tmp_path: Path) -> None:
    log = logs(tmp_path, "collecting ...", "\x1b[31mE   assert 1 == 2\x1b[0m", "1 failed")
    (found,) = study.failed(RunState(legs=(standing("test (3.11)"),)), log, Store(tmp_path / "none"))
    assert (found.legs, found.step, found.finding) == (("test (3.11)",), "Test", "Exit code 1.")
    assert found.lines == ((3, "E   assert 1 == 2"),)


def test_legs_that_fail_alike_are_one_failure(tmp_path: Path) -> None:
    legs = ("test (3.11)", "test (3.12)")
    log = logs(tmp_path, "E   assert 1 == 2", legs=legs)
    (found,) = study.failed(RunState(legs=tuple(standing(name) for name in legs)), log, Store(tmp_path / "none"))
    assert found.legs == legs


def test_a_test_that_is_known_to_be_flaky_is_called_so(tmp_path: Path, store: Store) -> None:
    log = logs(tmp_path, f"FAILED {FLAKY}")
    (found,) = study.failed(RunState(legs=(standing("test (3.11)", FLAKY),)), log, store)
    assert found.finding == "1 of 412 tests failed."
    assert found.known.startswith(f"{FLAKY} is known to be flaky: it failed in ")
    (steady,) = study.failed(RunState(legs=(standing("test (3.11)", "test_front_page"),)), log, store)
    assert steady.known == ""


def test_what_a_reason_says_is_better_than_an_exit_code(tmp_path: Path) -> None:
    found = study.failed(RunState(legs=(standing("test", reason="it took longer than 1 minute"),)), logs(tmp_path), Store(tmp_path / "none"))
    assert found[0].finding == "It took longer than 1 minute."


def test_a_leg_is_flaky_only_on_the_same_code() -> None:
    before = live_runs.paused().state
    after = live_runs.finished().state
    assert study.flaky_legs(after, before) == {"test (3.12, postgres)"}
    assert after.started is not None
    assert study.flaky_legs(replace(after, started=replace(after.started, tree="t2")), before) == frozenset()
    assert study.flaky_legs(after, None) == frozenset()


def test_a_leg_whose_cell_was_edited_is_not_flaky() -> None:
    def running(state: RunState, command: str) -> RunState:
        return replace(state, legs=tuple(replace(leg, steps=tuple(replace(s, command=command) for s in leg.steps)) for leg in state.legs))

    before, after = running(live_runs.paused().state, "pytest"), live_runs.finished().state
    assert study.flaky_legs(running(after, "pytest"), before) == {"test (3.12, postgres)"}
    assert study.flaky_legs(running(after, "true"), before) == frozenset()
