import pytest

from pipelinekit.workflows.call_permissions import permission_problems
from tests.workflows.written import workflow_of


def told(caller: str, called: str, job: str = "") -> list[str]:
    calling = workflow_of(f"on: push\n{caller}\njobs:\n  call:\n    uses: a/b/.github/workflows/c.yml@v1\n{job}")
    inner = workflow_of(f"on: workflow_call\n{called}")
    return [problem.message for problem in permission_problems(calling.jobs[0], calling, inner)]


PLAIN = "jobs: {deploy: {runs-on: x}}"


@pytest.mark.parametrize(
    ("caller", "called", "job", "expected"),
    [
        ("", "permissions: write-all\n" + PLAIN, "", []),
        ("permissions: write-all", "permissions: write-all\n" + PLAIN, "", []),
        ("permissions: {contents: write}", "permissions: {contents: read}\n" + PLAIN, "", []),
        ("permissions: {contents: read}", PLAIN, "", []),
        ("permissions: {actions: read}", "permissions: {actions: write}\n" + PLAIN, "", [
            'the called workflow asks for "actions: write", but "call" may only have "actions: read"',
        ]),
        ("permissions: write-all", "permissions: {pages: read, checks: write}\n" + PLAIN, "    permissions: {}\n", [
            'the called workflow asks for "checks: write, pages: read", but "call" may only have "checks: none, pages: none"',
        ]),
        ("permissions: {actions: read}", "jobs: {d: {runs-on: x, name: Deploy, permissions: {actions: write}}}", "", [
            'its job "Deploy" asks for "actions: write", but "call" may only have "actions: read"',
        ]),
        ("permissions: {actions: read}", "permissions: {}\njobs: {d: {runs-on: x, permissions: {actions: write}}}", "", [
            'its job "d" asks for "actions: write", but "call" may only have "actions: read"',
        ]),
    ],
    ids=["setting", "all", "less", "inherits", "workflow", "job of the caller", "job of the called", "job beside the workflow's own"],
)  # fmt: skip
def test_a_called_workflow_gets_no_more_than_its_caller(caller: str, called: str, job: str, expected: list[str]) -> None:
    assert told(caller, called, job) == expected
