"""A command of a person's where a step ran or would run."""

from pathlib import Path

import pytest

from pipelinekit.executors.base import Command
from pipelinekit.executors.terminal import INTERACTIVE
from pipelinekit.model.problem import SurroundingsMissing
from tests.runs.fakes import FakeExecutor
from tests.runs.running import make_run, step

WORKFLOW = """
    on: push
    env: {COLOUR: red}
    defaults: {run: {working-directory: usual}}
    jobs:
      t:
        runs-on: x
        env: {SIZE: small}
        steps:
          - {name: one, run: "set GITHUB_ENV TOOL=hammer"}
          - {name: two, run: exit 1, env: {SIZE: "${{ env.COLOUR }}-large"}, working-directory: "in/${{ env.SIZE }}"}
          - {name: three, if: always(), run: exit 0, env: {SIZE: huge}}
          - {name: four, if: always(), run: exit 0, env: {SIZE: "${{ fromJSON('no') }}"}}
"""


def opened_after(steps: int, tmp_path: Path, workflow: str = WORKFLOW) -> Command:
    """The terminal that a person gets after so many steps."""
    executor = FakeExecutor()
    run = make_run(workflow, tmp_path, executor)
    for _ in range(steps + 1):  # and setting up
        step(run)
    leg = run.next_leg()
    assert leg is not None
    assert leg.terminal(0, 1) == 7
    return executor.places[0].terminals[0]


def test_before_a_step_it_is_the_environment_and_the_folder_that_the_step_will_get(tmp_path: Path) -> None:
    command = opened_after(1, tmp_path)
    given = command.environment
    assert command.argv == INTERACTIVE
    assert (given["COLOUR"], given["SIZE"], given["TOOL"]) == ("red", "red-large", "hammer")
    assert command.directory == "in/red-large"
    assert given["GITHUB_OUTPUT"].endswith("output_2")


def test_after_a_failure_it_is_that_of_the_step_that_failed(tmp_path: Path) -> None:
    assert opened_after(2, tmp_path).environment["SIZE"] == "red-large"
    assert opened_after(3, tmp_path).environment["SIZE"] == "red-large"


def test_the_usual_folder_of_the_workflow_counts(tmp_path: Path) -> None:
    assert opened_after(0, tmp_path).directory == "usual"


def test_an_environment_that_cannot_be_evaluated_leaves_that_of_the_job(tmp_path: Path) -> None:
    command = opened_after(3, tmp_path, WORKFLOW.replace("run: exit 1", "run: exit 0"))
    assert command.environment["SIZE"] == "small"
    assert command.directory == ""


def test_before_its_place_is_open_there_is_nothing_to_look_into(tmp_path: Path) -> None:
    run = make_run("on: push\njobs: {t: {runs-on: x, steps: []}, u: {runs-on: x, steps: []}}", tmp_path)
    step(run)
    step(run)
    leg = run.next_leg()
    assert leg is not None
    with pytest.raises(SurroundingsMissing, match='the place of "u" is not open'):
        leg.terminal(0, 1)
