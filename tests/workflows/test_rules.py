import pytest

from tests.workflows.written import job, told


@pytest.mark.parametrize("group", ["linux", "org/linux", "organization/my group", "ent/linux", "${{ github.repository }}/x"])
def test_runner_groups_that_github_takes(group: str) -> None:
    text = job("").replace("runs-on: ubuntu-latest", f"runs-on: {{group: '{group}'}}")
    assert told(text) == []


@pytest.mark.parametrize("group", ["team/linux", "org/", "ent/org/linux"])
def test_runner_groups_that_github_refuses(group: str) -> None:
    text = job("").replace("runs-on: ubuntu-latest", f"runs-on: {{group: '{group}'}}")
    assert told(text) == [f'4:22 "{group}" is not the name of a runner group']


def test_include_and_exclude_may_be_empty() -> None:
    assert told(job("strategy: {matrix: {a: [1], include: [], exclude: []}}")) == []


def test_a_wait_names_a_step_without_regard_to_case() -> None:
    assert told(job("steps: [{id: a, run: x, background: true}, {wait: A}, {cancel: a}]")) == []


def test_a_workflow_without_jobs_is_told_once() -> None:
    assert told("on: push\njobs: {}") == ["2:7 a workflow needs at least one job"]
    assert told("on: push") == ['1:1 a workflow needs "jobs"']
    assert told("on: push\njobs:") == ['2:6 "jobs" is empty']
