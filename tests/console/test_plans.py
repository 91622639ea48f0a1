"""Workflows as plain text; plans are tested with `pipelinekit plan`."""

from pipelinekit.console.plans import workflow_text
from pipelinekit.workflows.read import read


def test_a_workflow_is_a_job_a_line_in_the_order_written() -> None:
    text = """
on: [push, workflow_dispatch]
jobs:
  deploy: {needs: [test, lint], if: "github.ref == 'refs/heads/main'", runs-on: x, steps: [{run: echo}]}
  test: {runs-on: x, steps: [{run: echo}]}
  lint: {runs-on: x, steps: [{run: echo}]}
"""
    workflow, _ = read("ci.yml", text)
    assert workflow is not None
    assert workflow_text(workflow).splitlines() == [
        "ci.yml (ci.yml), on push, workflow_dispatch",
        "",
        "deploy  <- test, lint  if github.ref == 'refs/heads/main'",
        "test",
        "lint",
    ]
