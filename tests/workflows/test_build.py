"""Workflows in plain Python."""

from pathlib import Path

import pytest

from pipelinekit.model.node import Value, plain
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.model.trigger import Trigger
from pipelinekit.plans.plan import make_plan
from pipelinekit.workflows.build import Given, Keys, job, path_for, step, uses, workflow
from pipelinekit.workflows.read import read

BUILT = workflow(
    "CI",
    on={"push": {"branches": ["main"]}, "pull_request": None},
    env={"LEVEL": 3},
    permissions={"contents": "read"},
    jobs={
        "lint": job(["ruff check"]),
        "test": job(
            [
                uses("actions/checkout@v4", with_={"fetch-depth": 0}),
                step("pytest -q", name="Test", if_="always()", shell="bash"),  # noqa: S604 - a step's, not subprocess's
            ],
            needs=["lint"],
            matrix={"python": ("3.11", "3.13"), "exclude": [{"python": "3.11"}]},
            fail_fast=False,
            container="python:3.12",
            outputs={"said": "${{ steps.a.outputs.b }}"},
        ),
        "called": job(uses="./.github/workflows/other.yml", with_={"level": 3}, secrets="inherit"),
    },
)
WRITTEN = """\
name: CI

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

env:
  LEVEL: 3

jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: ruff check

  test:
    runs-on: ubuntu-latest
    needs: [lint]
    strategy:
      fail-fast: false
      matrix:
        python: ["3.11", "3.13"]
        exclude:
          - python: "3.11"
    container: python:3.12
    outputs:
      said: ${{ steps.a.outputs.b }}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - name: Test
        if: always()
        run: pytest -q
        shell: bash

  called:
    uses: ./.github/workflows/other.yml
    with:
      level: 3
    secrets: inherit
"""


def test_it_is_the_workflow_that_its_text_is() -> None:
    assert BUILT.source == WRITTEN
    assert read(".github/workflows/ci.yml", WRITTEN)[0] == BUILT


def test_positions_point_into_the_text() -> None:
    position = BUILT.job("test").steps[1].position
    assert WRITTEN.splitlines()[position.line - 1][position.column - 1 :] == "name: Test"


def test_it_can_be_planned() -> None:
    assert [leg.name for leg in make_plan(BUILT, Trigger(), {}).legs] == ["lint", "test (3.13)", "called"]


def test_what_python_says_is_what_the_file_says() -> None:
    jobs: dict[str, Keys] = {"a": job([step("ls", background=True, id="x"), "pwd"], runs_on=["self-hosted", "gpu"], timeout_minutes=5)}
    said: Value = {
        "a": {
            "runs-on": ["self-hosted", "gpu"], "timeout-minutes": 5,
            "steps": [{"id": "x", "run": "ls", "background": True}, {"run": "pwd"}],
        }
    }  # fmt: skip
    assert plain(workflow(jobs=jobs).node) == {"on": "push", "jobs": said}


def test_keys_that_have_no_argument_are_given_as_github_names_them() -> None:
    built = workflow(on="push", jobs={"a": {"runs-on": "x", "steps": [step("ls", id="s", background=True), {"wait": "s"}]}})
    assert built.jobs[0].steps[1].control == "wait"


@pytest.mark.parametrize(
    ("name", "path"),
    [("CI", "ci"), ("Nightly build!", "nightly-build"), (None, "workflow"), ("../../etc", "etc"), ("größe", "gr-e")],
)
def test_the_path_is_made_of_the_name(name: str | None, path: str) -> None:
    assert path_for(name) == f".github/workflows/{path}.yml"


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        ({"a": job(["x"], needs="b")}, 'jobs["a"], needs: no job has the id "b"'),
        ({"a": job(["x", step("x", if_="${{ foo }}")])}, 'jobs["a"], steps[1], if_: no context has the name "foo"'),
        ({"a": job(["x", uses("y", with_={"a": [1]})])}, 'jobs["a"], steps[1], with_["a"]: "a" can\'t be a list'),
        ({"a": job(["x"], matrix={"p": []})}, 'jobs["a"], matrix["p"]: "p" of the matrix has no values'),
        ({"a": job(["x"], timeout_minutes="soon")}, 'jobs["a"], timeout_minutes: "timeout-minutes" must be a number, but is "soon"'),
        ({"a b": job(["x"])}, 'jobs["a b"]: "a b" is not an id'),
        ({"a": job(["x"], env={"A": [1]})}, 'jobs["a"], env["A"]: "A" can\'t be a list'),
        ({}, "jobs: a workflow needs at least one job"),
    ],
    ids=["needs", "if_", "with_", "matrix", "timeout_minutes", "id", "env", "none"],
)
def test_what_is_wrong_names_the_argument(jobs: dict[str, Keys], said: str) -> None:
    with pytest.raises(WorkflowInvalid) as raised:
        workflow("ci", jobs=jobs)
    assert [(problem.message, problem.position) for problem in raised.value.problems] == [(said, None)]


def test_every_place_that_is_to_blame_is_named() -> None:
    with pytest.raises(WorkflowInvalid) as raised:
        workflow("ci", jobs={"a": job(["x"], needs="b"), "b": job(["x"], needs="a")})
    assert raised.value.problems[0].hint == (
        'jobs["a"], needs: "a" needs "b"; jobs["b"], needs: "b" needs "a"; take one of these needs away'
    )


@pytest.mark.parametrize("alone", ["ls -l", step("ls -l", id="x")], ids=["script", "step"])
def test_one_step_needs_no_list(alone: str | Keys) -> None:
    assert job(alone) == job([alone])


def test_what_stands_in_a_strategy_is_named_as_its_argument() -> None:
    assert job("x", matrix={"n": range(2)}) == job("x", matrix={"n": [0, 1]})
    with pytest.raises(WorkflowInvalid, match=r'^matrix\["n"\]: \{1\} can\'t stand in a workflow'):
        job("x", matrix={"n": {1}})  # type: ignore[dict-item]


@pytest.mark.parametrize("given", [Path("x"), b"x", {1: "x"}], ids=["path", "bytes", "key"])
def test_what_no_file_can_say_is_refused_at_once(given: Given) -> None:
    with pytest.raises(WorkflowInvalid, match='env\\["A"\\]'):
        job(["x"], env={"A": given})
