"""Workflows written in a test, read by the reader itself."""

from textwrap import dedent

from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.read import read


def workflow(text: str, path: str = ".github/workflows/ci.yml") -> Workflow:
    """The workflow; a problem in it fails the test."""
    found, problems = read(path, dedent(text).lstrip("\n"))
    assert found is not None, problems
    assert not problems, problems
    return found


def job(matrix: str, more: str = "") -> Workflow:
    """One job `test` with this `strategy`, written from column 0."""
    lines = "\n".join(f"      {line}" for line in dedent(matrix).strip("\n").splitlines())
    text = f"on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n{more}    strategy:\n{lines}\n    steps:\n      - run: 'true'\n"
    return workflow(text)
