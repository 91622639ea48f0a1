"""Text of a workflow: read again it is what was written, for readers of YAML 1.2 and of 1.1, and a person could have written it."""

import math

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelinekit.model.node import Value, plain
from pipelinekit.workflows.write import block_text, job_text, scalar_text, workflow_text
from pipelinekit.workflows.yaml_tree import compose

AWKWARD = (
    "on", "3.10", "yes", "*", "- a", "a: b", "a #b", "|", "12:30", "0x1", "1_000", "2020-01-01", "~", "null", "a\nb", " a\n", "\n", "a\n\n",
    "\ta\nb", "a\n  ", "-", "?", "--- a", "...", "?0", "é\u2028b", "\ufeff", "a\r\nb", "\x07", "9" * 400,
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(AWKWARD), st.text(st.sampled_from("a \n\t-:#'\"\\[{,&*!|>%@`?}0."))
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(), TEXTS)
VALUES = st.recursive(SCALARS, lambda v: st.one_of(st.lists(v, max_size=4), st.dictionaries(TEXTS, v, max_size=4)), max_leaves=12)


def same(one: Value, other: Value) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other and isinstance(one, bool) == isinstance(other, bool) and isinstance(one, str) == isinstance(other, str)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_as_it_was(keys: dict[str, Value]) -> None:
    text = block_text(keys)
    node, problems = compose(text, "ci.yml")
    assert [problem for problem in problems if problem.code != "duplicate-key"] == []  # keys that differ in case alone
    assert node is not None
    assert same(plain(node), keys), text


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_an_older_reader_takes_text_for_text(text: str) -> None:
    assert yaml.safe_load(block_text({"key": text})) == {"key": text}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("pytest -q", "pytest -q"),
        ("actions/checkout@v4", "actions/checkout@v4"),
        ("${{ matrix.python }}", "${{ matrix.python }}"),
        ("github.ref == 'refs/heads/main'", "github.ref == 'refs/heads/main'"),
        ("!cancelled()", '"!cancelled()"'),
        ("3.10", '"3.10"'),
        ("on", '"on"'),
        ("yes", '"yes"'),
        ("12:30", '"12:30"'),
        ("*", '"*"'),
        ("", '""'),
        ('say "hi": no', "'say \"hi\": no'"),
        ("python:3.12", "python:3.12"),
        ("-q", "-q"),
        ("a\x07", '"a\\x07"'),
        (3.5, "3.5"),
        (1e22, "1.0e+22"),
        (float("-inf"), "-.inf"),
        (True, "true"),
        (None, "null"),
    ],
    ids=repr,
)
def test_quotes_stand_only_where_they_are_needed(value: bool | float | str | None, written: str) -> None:
    assert scalar_text(value) == written


def test_a_workflow_reads_as_a_person_would_write_it() -> None:
    steps: list[Value] = [
        {"uses": "actions/checkout@v4"},
        {"run": "pip install .\npytest -q\n", "env": {"LEVEL": "3.10", "WHEN": "a\nb"}, "name": "Test"},
    ]
    test: Value = {
        "steps": steps, "strategy": {"matrix": {"python": ["3.11", "3.13"], "include": [{"python": "3.13", "late": True}]}},
        "if": "${{ !cancelled() }}", "needs": ["lint"], "runs-on": "ubuntu-latest",
    }  # fmt: skip
    jobs: Value = {"lint": {"runs-on": "ubuntu-latest", "steps": [{"run": "ruff check"}]}, "test": test}
    assert workflow_text({"jobs": jobs, "on": {"push": {"branches": ["main", "v*"]}, "pull_request": None}, "name": "CI"}) == (
        """\
name: CI

on:
  push:
    branches: [main, v*]
  pull_request:

jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: ruff check

  test:
    runs-on: ubuntu-latest
    needs: [lint]
    if: ${{ !cancelled() }}
    strategy:
      matrix:
        python: ["3.11", "3.13"]
        include:
          - python: "3.13"
            late: true
    steps:
      - uses: actions/checkout@v4
      - name: Test
        run: |
          pip install .
          pytest -q
        env:
          LEVEL: "3.10"
          WHEN: |-
            a
            b
"""
    )


def test_a_long_list_stands_in_lines_and_a_long_line_is_not_folded() -> None:
    command = "echo " + "word " * 60
    assert block_text({"run": command.strip(), "paths": [f"packages/number-{n}/**" for n in range(5)]}).splitlines() == [
        f"run: {command.strip()}", "paths:", *(f"  - packages/number-{n}/**" for n in range(5))
    ]


def test_a_job_without_keys_is_still_a_mapping() -> None:
    assert job_text("empty", {}) == "  empty: {}\n"
    assert workflow_text({"on": "push", "jobs": {"a": {"steps": []}, "b": {}}}).endswith("jobs:\n  a:\n    steps: []\n\n  b: {}\n")


def test_a_block_that_keeps_the_line_breaks_at_its_end_gets_no_more_of_them() -> None:
    kept = "echo\n\n\n"
    jobs: Value = {"a": {"steps": [{"run": kept}]}, "b": {"env": {"B": kept}}}
    keys: dict[str, Value] = {"name": "n\n\n", "env": {"A": kept}, "jobs": jobs}
    node, _ = compose(workflow_text(keys), "ci.yml")
    assert node is not None
    assert plain(node) == keys
