from pathlib import Path

import pytest

from pipelinekit.workflows.calls import call_problems, local_call_problems
from tests.workflows.written import workflow_of

CALLED = workflow_of(
    """\
on:
  workflow_call:
    inputs:
      level: {type: string, required: true}
      fast: {type: boolean}
      count: {type: number}
    secrets:
      token: {required: true}
      other:
jobs: {a: {runs-on: x}}
"""
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("with: {level: a}\n    secrets: {token: b}", []),
        ("with: {LEVEL: 1, fast: true, count: 2.5}\n    secrets: inherit", []),
        ("with: {level: a, fast: '${{ github.x }}', count: '${{ github.x }}'}\n    secrets: inherit", []),
        ("secrets: inherit", ['the called workflow needs the input "level"']),
        ("with: {level: a}", ['the called workflow needs the secret "token"']),
        ("with: {level: a, lvl: b}\n    secrets: inherit", ['the called workflow has no input "lvl"']),
        ("with: {level: a}\n    secrets: {token: b, tokn: c}", ['the called workflow has no secret "tokn"']),
        ("with: {level: a, fast: 1}\n    secrets: inherit", ['the input "fast" is a boolean, but is given "1"']),
        ("with: {level: a, count: 'one'}\n    secrets: inherit", ['the input "count" is a number, but is given "one"']),
        ("with: {level: a, count: true}\n    secrets: inherit", ['the input "count" is a number, but is given "true"']),
    ],
)
def test_what_is_handed_over_must_be_what_is_asked_for(lines: str, expected: list[str]) -> None:
    caller = workflow_of(f"on: push\njobs:\n  call:\n    uses: ./.github/workflows/b.yml\n    {lines}\n")
    assert [problem.message for problem in call_problems(caller.jobs[0], CALLED)] == expected


def test_only_a_workflow_for_it_can_be_called() -> None:
    caller = workflow_of("on: push\njobs: {call: {uses: ./.github/workflows/b.yml}}")
    (problem,) = call_problems(caller.jobs[0], workflow_of("on: push\njobs: {a: {runs-on: x}}"))
    assert problem.message == 'the workflow "ci.yml" can\'t be called'
    assert call_problems(CALLED.jobs[0], CALLED) == []


def test_local_calls_are_looked_up_from_the_top_of_the_repository(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "b.yml").write_text("on: workflow_call\njobs: {a: {runs-on: x}}")
    (folder / "broken.yml").write_text("on: push\njobs: {}")
    uses = (
        "./.github/workflows/b.yml",
        "./.github/workflows/c.yml",
        "./.github/workflows/broken.yml",
        "a/b/.github/workflows/c.yml@v1",
    )
    calls = ", ".join(f"j{n}: {{uses: {ref}}}" for n, ref in enumerate(uses))
    problems = local_call_problems(workflow_of(f"on: push\njobs: {{{calls}}}"), tmp_path)
    assert [problem.message for problem in problems] == [
        'the workflow ".github/workflows/c.yml" can\'t be called: there is no file ".github/workflows/c.yml"',
        'the workflow ".github/workflows/broken.yml" can\'t be called: a workflow needs at least one job',
    ]
