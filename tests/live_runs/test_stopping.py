"""A live run that is cancelled or interrupted."""

import asyncio
import threading
from pathlib import Path

import pytest

from pipelinekit.live_runs.run import Run
from pipelinekit.model.event import LinesLogged
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.model.run_state import RunState
from pipelinekit.workbench.session import Session
from tests.live_runs.made import GOOD, SLOW, WORKFLOW, ran, start, wait_for
from tests.repositories import repository


def test_a_cancelled_run_runs_what_is_always_wanted_and_is_recorded(tmp_path: Path) -> None:
    run = start(tmp_path, SLOW)
    begun = threading.Event()
    run.listen(lambda event: begun.set() if isinstance(event, LinesLogged) and event.lines[-1][1] == "begun" else None)
    ending = run.finish(check=False)
    assert begun.wait(30)
    run.cancel_sync()
    assert ending.wait().outcome is Outcome.CANCELLED
    steps = run.store.table("steps", columns=["name", "outcome"], run_id=run.run_id).to_pylist()
    assert [row["outcome"] for row in steps] == ["success", "cancelled", "success"]


def test_an_interrupt_of_the_cell_that_waits_cancels_the_run(tmp_path: Path) -> None:
    async def interrupted() -> Run:
        run = start(tmp_path, SLOW)
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        run.listen(lambda event: loop.call_soon_threadsafe(begun.set) if isinstance(event, LinesLogged) else None)
        cell = asyncio.ensure_future(run.finish()._awaited())
        await begun.wait()
        cell.cancel()  # what ipykernel does to a cell that awaits
        with pytest.raises(asyncio.CancelledError):
            await cell
        return run

    run = asyncio.run(asyncio.wait_for(interrupted(), 40))
    assert run.state.outcome is Outcome.CANCELLED
    assert [row["outcome"] for row in run.store.runs()] == ["cancelled"]


def test_a_run_that_is_cancelled_before_its_first_step_runs_nothing_but_what_is_always_wanted(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.cancel_sync()
    assert run.state.outcome is Outcome.CANCELLED
    assert ran(run) == {"Sweep"}


def test_a_retry_that_is_interrupted_ends_and_does_not_go_on(top: Path) -> None:
    run = start(top)
    run.finish_sync(check=False)
    repository(top, WORKFLOW.replace("test -e /nowhere", "sleep 60"))
    retry = run.retry(go=True)
    run.cancel("it was interrupted")  # the attempt may not be there yet
    retry.wait(30)
    run.cancel_sync()
    assert (run.attempt, run.state.outcome) == (2, Outcome.CANCELLED)
    assert "Ship" not in ran(run)


def test_a_cancel_that_could_not_end_the_run_is_not_meant_for_the_next_attempt(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start(top)
    run.until_sync("test/Two")

    def gone(_: Session) -> RunState:
        raise SurroundingsMissing("its place is gone")

    with monkeypatch.context() as lost:
        lost.setattr(Session, "finish", gone)
        with pytest.raises(SurroundingsMissing, match="its place is gone"):
            run.cancel_sync()
    run.finish_sync(check=False)
    repository(top, GOOD)
    assert run.retry_sync().outcome is Outcome.SUCCESS


def test_an_interrupted_shell_command_ends_and_the_run_stands_on(tmp_path: Path) -> None:
    run, going = start(tmp_path, GOOD), tmp_path / "going"
    run.step_sync()
    shell = run.shell(f"touch {going}; sleep 60")
    wait_for(going, shell)
    waiting = run.shell("echo never")
    waiting._interrupt()
    shell._interrupt()
    assert shell.wait(30).exit_code != 0
    assert waiting.future.cancelled()
    assert run.at == ("lint", 1)
    assert run.shell_sync("echo here") == (0, ["here"])
    run.cancel_sync()


def test_a_run_is_cancelled_while_a_shell_command_runs(tmp_path: Path) -> None:
    run, going = start(tmp_path, GOOD), tmp_path / "going"
    run.step_sync()
    shell = run.shell(f"touch {going}; sleep 60")
    wait_for(going, shell)
    run.cancel_sync()
    assert shell.done
    assert run.state.outcome is Outcome.CANCELLED
