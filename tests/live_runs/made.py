"""Small pipelines, and runs of them that stand on this machine."""

import time
from pathlib import Path

import pipelinekit as pk
from pipelinekit.live_runs.doing import Doing
from pipelinekit.live_runs.done import ShellResult
from pipelinekit.live_runs.run import Run
from tests.repositories import repository

WORKFLOW = """
    on: push
    jobs:
      lint:
        runs-on: ubuntu-latest
        steps:
          - {name: Look, run: echo looks}
      test:
        runs-on: ubuntu-latest
        steps:
          - {name: One, run: echo one}
          - {name: Two, run: 'test -e /nowhere', env: {SIZE: small}}
          - {name: Three, run: echo three}
      deploy:
        needs: [lint, test]
        runs-on: ubuntu-latest
        steps:
          - {name: Ship, run: echo ships}
      clean:
        needs: lint
        if: always()
        runs-on: ubuntu-latest
        steps:
          - {name: Sweep, run: echo sweeps}
"""
GOOD = WORKFLOW.replace("test -e /nowhere", "echo two")
SLOW = "on: push\njobs: {wait: {runs-on: ubuntu-latest, steps: [{run: echo begun; sleep 60}, {if: always(), run: echo swept}]}}"


def start(folder: Path, text: str = "") -> Run:
    if text:
        repository(folder, text)
    run: Run = pk.start("ci.yml", directory=folder, executor="host")
    return run


def legs(run: Run) -> dict[str, str]:
    return {leg.leg: leg.state.value for leg in run.state.legs}


def ran(run: Run) -> set[str]:
    """Names of the steps that the last attempt ran, but for setting up."""
    rows = run.store.table("steps", columns=["name", "outcome", "step_index"], run_id=run.run_id, attempt=run.attempt).to_pylist()
    return {row["name"] for row in rows if row["step_index"] and row["outcome"] != "skipped"}


def wait_for(file: Path, command: Doing[ShellResult]) -> None:
    """Until the command has made the file."""
    until = time.monotonic() + 30
    while not file.exists():
        assert not command.done
        assert time.monotonic() < until
        time.sleep(0.01)
