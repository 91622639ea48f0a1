"""`pipelinekit plan`: the graph as text, and for programs."""

import io
import json
from pathlib import Path

import pytest

from pipelinekit.main import main
from tests.repositories import repository

WORKFLOW = """
    name: CI
    on: push
    jobs:
      deploy: {needs: test, if: github.ref == 'refs/heads/main', runs-on: x, steps: [{run: echo}]}
      test:
        runs-on: x
        strategy: {matrix: {python: ['3.9', '3.11']}}
        steps: [{run: echo}]
      late:
        needs: test
        runs-on: x
        strategy: {matrix: {n: "${{ fromJSON(needs.test.outputs.n) }}"}}
        steps: [{run: echo}]
"""


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repository(tmp_path, WORKFLOW))
    return tmp_path


def test_text_shows_jobs_in_order_with_needs_and_legs(top: Path) -> None:
    out = io.StringIO()
    assert main(["plan"], out) == 0
    assert out.getvalue().splitlines() == [
        "CI on push of main",
        "",
        "test",
        "  test (3.9)",
        "  test (3.11)",
        "deploy  <- test  if github.ref == 'refs/heads/main'",
        "late  <- test",
        "  legs: known when what it needs has ended",
    ]


def test_json_has_the_same(top: Path) -> None:
    out = io.StringIO()
    assert main(["plan", "ci.yml", "--format", "json", "--matrix", "python:3.11", "--job", "deploy"], out) == 0
    plan = json.loads(out.getvalue())
    assert [(job["id"], job["needs"], [leg["name"] for leg in job["legs"]]) for job in plan["jobs"]] == [
        ("test", [], ["test (3.11)"]), ("deploy", ["test"], ["deploy"]),
    ]


def test_a_matrix_value_that_no_leg_has_is_told(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--job", "test", "--matrix", "python:2.7"], io.StringIO()) == 2
    assert 'no leg matches "python:2.7"' in capsys.readouterr().err
