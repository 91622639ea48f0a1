"""Workflows written in a test, read."""

from pipelinekit.model.problem import Problem
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.read import read


def workflow_of(text: str) -> Workflow:
    """The workflow, which must have no problem."""
    workflow, problems = read("ci.yml", text)
    assert problems == []
    assert workflow is not None
    return workflow


def problems_of(text: str) -> list[Problem]:
    """What the reader says."""
    return read("ci.yml", text)[1]


def told(text: str) -> list[str]:
    """What the reader says, a line each: `3:5 message`."""
    return [f"{p.position.line}:{p.position.column} {p.message}" if p.position else p.message for p in problems_of(text)]


def job(lines: str) -> str:
    """A workflow with one job, which has these keys beside `runs-on`."""
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n" + "".join(f"    {line}\n" for line in lines.splitlines())


def step(lines: str) -> str:
    """A workflow with one job of one step, whose keys these are."""
    first, *rest = lines.splitlines()
    return job("\n".join(["steps:", f"  - {first}", *(f"    {line}" for line in rest)]))
