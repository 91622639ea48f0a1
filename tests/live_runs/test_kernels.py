"""A live run in a real kernel: interrupted, shut down, killed; and what its cells show."""

import os
import signal
import time
from pathlib import Path

import pytest

from pipelinekit.executors.engine_api import connect
from pipelinekit.records.store import Store
from pipelinekit.workbench.recovery import recover
from tests.kernels import Kernel, kernel
from tests.repositories import repository

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]

SLOW = """
    on: push
    jobs:
      wait:
        runs-on: ubuntu-latest
        steps:
          - run: echo begun; sleep 300
          - {if: always(), run: echo swept}
"""
QUICK = "on: push\njobs: {quick: {runs-on: ubuntu-latest, steps: [{name: One, run: echo one}, {name: Two, run: echo two}]}}"
START = """
import pipelinekit as pk
run = pk.start("ci.yml", executor="{executor}")
run.listen(lambda event: print(event.lines[-1][1], flush=True) if hasattr(event, "lines") else None)
"""

on_each_executor = pytest.mark.parametrize("executor", ["host", pytest.param("docker", marks=pytest.mark.docker)])


def outcomes(top: Path) -> list[str]:
    return [row["outcome"] for row in Store(top / ".pipelinekit").runs()]


def containers(run_id: str) -> list[str]:
    """States of what the engine still has of the run."""
    engine = connect(dict(os.environ))
    try:
        found = engine.containers(all=True, filters={"label": f"pipelinekit.run={run_id}"})
    finally:
        engine.close()
    return [container["State"] for container in found]


def one_run(top: Path) -> str:
    """The id of the only run that was begun."""
    return next((top / ".pipelinekit" / "work").iterdir()).name


def begin_slow(one: Kernel, executor: str, verb: str) -> str:
    one.run(START.format(executor=executor))
    cell = one.begin(verb)
    one.wait(cell, until="begun")
    return cell


@on_each_executor
@pytest.mark.parametrize("verb", ["await run.finish()", "run.finish_sync()"], ids=["awaiting", "blocking"])
def test_an_interrupted_cell_cancels_the_run_and_leaves_no_container(tmp_path: Path, executor: str, verb: str) -> None:
    repository(tmp_path, SLOW)
    with kernel(tmp_path) as one:
        cell = begin_slow(one, executor, verb)
        one.manager.interrupt_kernel()
        said = one.wait(cell)
        assert said.error.split(":")[0] in ("CancelledError", "KeyboardInterrupt")
        assert one.run("print(run.state.state)").text == "cancelled\n"
    assert outcomes(tmp_path) == ["cancelled"]
    steps = Store(tmp_path / ".pipelinekit").table("steps", columns=["outcome"]).to_pylist()
    assert [row["outcome"] for row in steps] == ["success", "cancelled", "success"]
    if executor == "docker":
        assert containers(Store(tmp_path / ".pipelinekit").runs()[0]["run_id"]) == []


@pytest.mark.docker
def test_a_kernel_that_dies_in_mid_run_leaves_no_container_running(tmp_path: Path) -> None:
    repository(tmp_path, SLOW)
    with kernel(tmp_path) as one:
        begin_slow(one, "docker", "await run.finish()")
        run_id = one_run(tmp_path)
        assert containers(run_id) == ["running"]
        os.kill(one.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while "running" in containers(run_id) and time.monotonic() < deadline:  # it ends with what fed its shell
            time.sleep(0.1)
        assert "running" not in containers(run_id)
    assert recover(Store(tmp_path / ".pipelinekit"), dict(os.environ)) == [run_id]
    assert containers(run_id) == []
    assert outcomes(tmp_path) == ["cancelled"]


def test_a_kernel_that_is_shut_down_keeps_what_stands_for_another_day(tmp_path: Path) -> None:
    repository(tmp_path, QUICK)
    with kernel(tmp_path) as one:
        one.run(START.format(executor="host"))
        one.run('await run.until("quick/Two")')
        one.manager.shutdown_kernel()
    assert outcomes(tmp_path) == ["paused"]


def test_a_long_verb_shows_the_widget_while_it_runs_and_the_cell_keeps_how_it_ended(tmp_path: Path) -> None:
    repository(tmp_path, QUICK)
    with kernel(tmp_path) as one:
        one.run(START.format(executor="host"))
        said = one.run("await run.finish()")
        assert (said.error, len(said.shown), len(said.updates)) == ("", 1, 1)
        assert "run 1: success" in said.result["text/plain"]


def test_a_step_shows_the_widget_where_nobody_has_it_open_and_else_what_it_did(tmp_path: Path) -> None:
    repository(tmp_path, QUICK)
    with kernel(tmp_path) as one:
        one.run(START.format(executor="host"))
        first = one.run("await run.step()")
        one.run("run.watched = True")
        second = one.run("await run.step()")
    assert (len(first.shown), len(second.shown)) == (1, 0)
    assert second.result["text/plain"].startswith("quick · One: success in ")
