"""What becomes of live runs when their process ends, and when their cell is run again."""

from pathlib import Path

import pytest

from pipelinekit.live_runs import leaving
from pipelinekit.model.outcome import State
from pipelinekit.model.problem import SurroundingsMissing
from tests.live_runs.made import GOOD, start


def test_a_run_that_never_began_leaves_nothing_when_its_process_ends(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.leave()
    assert [*(run.store.path / "work").glob("*"), *run.store.journals()] == []


def test_what_stands_is_kept_when_its_cell_is_run_again_and_what_the_same_cell_holds_beside_it_stands_on(tmp_path: Path) -> None:
    first, second, beside, after = (start(tmp_path, GOOD) for _ in range(4))
    for run in (first, beside):
        run.until_sync("test/Two")
    leaving.begun_in("cell", 1, first)
    leaving.begun_in("cell", 1, second)
    leaving.begun_in("other", 2, beside)
    leaving.begun_in("cell", 3, after)
    assert [run.state.state for run in (first, second, beside)] == [State.PAUSED, State.QUEUED, State.RUNNING]
    assert first.step_sync().state.state is State.RUNNING
    for run in (first, beside):
        run.cancel_sync()


def test_a_process_that_leaves_keeps_what_stands(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.until_sync("test/Two")
    run.leave()
    assert [row["outcome"] for row in run.store.runs()] == ["paused"]
    assert run.state.leg("test").kept is not None


def test_one_that_can_not_be_left_keeps_no_other_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []

    def gone() -> None:
        raise SurroundingsMissing("its container is gone")

    monkeypatch.setattr(leaving, "_HELD", [gone, lambda: left.append("second")])
    leaving.leave_all()
    assert left == ["second"]


def test_a_retry_under_way_is_left_too(top: Path) -> None:
    run = start(top)
    run.finish_sync(check=False)
    held: list[bool] = []
    run.listen(lambda event: held.append(run.leave in leaving._HELD) if event is not None else None)
    run.retry_sync()
    assert held
    assert all(held)
    assert run.leave not in leaving._HELD


def test_where_what_stood_can_not_be_kept_the_new_run_is_not_held_up() -> None:
    class Gone:
        def set_aside(self) -> None:
            raise SurroundingsMissing("its container is gone")

    for execution in (1, 2, 3):
        leaving.begun_in("cell of a run that is gone", execution, Gone())
