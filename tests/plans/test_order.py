"""Jobs in order, and what a choice of jobs brings along."""

import pytest

from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.model.workflow import Workflow
from pipelinekit.plans.order import order
from tests.plans.written import workflow


def jobs(needs: dict[str, list[str]]) -> Workflow:
    text = "".join(f"  {name}:\n    runs-on: x\n    needs: {list(of)}\n    steps: [{{run: a}}]\n" for name, of in needs.items())
    return workflow(f"on: push\njobs:\n{text}")


def test_each_job_comes_after_what_it_needs_else_as_written() -> None:
    found = order(jobs({"deploy": ["test", "lint"], "lint": [], "test": ["build"], "build": []}))
    assert [job.id for job in found] == ["build", "test", "lint", "deploy"]


def test_a_chosen_job_brings_what_it_needs_and_nothing_else() -> None:
    found = order(jobs({"a": [], "b": ["a"], "c": ["b"], "d": []}), ["b"])
    assert [job.id for job in found] == ["a", "b"]


def test_unknown_job_is_told_with_the_nearest_and_all_there_are() -> None:
    with pytest.raises(WorkflowInvalid) as caught:
        order(jobs({"test": [], "lint": []}), ["tset"])
    problem = caught.value.problems[0]
    assert problem.message == 'no job has the id "tset"'
    assert problem.hint == 'did you mean "test"? jobs here: "test", "lint"'
