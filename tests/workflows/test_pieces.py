"""A workflow's text cut at its jobs and steps."""

from pathlib import Path

import pytest

from pipelinekit.workflows.pieces import Pieces, cut
from pipelinekit.workflows.read import read
from tests.conformance.folder import FOLDER
from tests.conformance.test_workflows import PLACEHOLDERS
from tests.workflows.written import workflow_of

VALID = sorted((FOLDER / "valid-workflows").rglob("*.y*ml"))

TEXT = """\
# The pipeline.
name: CI  # short
on: push

jobs:
  # Quick.
  lint:
    runs-on: x
    steps:
      # first
      - run: |
          ruff check
          # of the script

      # second
      - run: mypy
        # of the second
    # of the job
    outputs: {a: b}

# Slow.
  test:
    runs-on: x
    steps:
    - run: pytest
    # last
  call:
    uses: ./.github/workflows/a.yml
  # more jobs to come
# end
"""


def test_comments_go_with_what_they_stand_above() -> None:
    pieces = cut(workflow_of(TEXT))
    assert pieces.head == "# The pipeline.\nname: CI  # short\non: push\n\njobs:\n"
    lint, test, call = pieces.jobs
    assert lint.head == "  # Quick.\n  lint:\n    runs-on: x\n    steps:\n"
    assert lint.steps == (
        "      # first\n      - run: |\n          ruff check\n          # of the script\n\n",
        "      # second\n      - run: mypy\n        # of the second\n",
    )
    assert lint.tail == "    # of the job\n    outputs: {a: b}\n\n"
    assert (test.head, test.steps) == ("# Slow.\n  test:\n    runs-on: x\n    steps:\n", ("    - run: pytest\n    # last\n",))
    assert (call.head, call.steps, call.tail) == ("  call:\n    uses: ./.github/workflows/a.yml\n", (), "")
    assert pieces.tail == "  # more jobs to come\n# end\n"
    assert [(job.keys, job.dashes) for job in pieces.jobs] == [(4, 6), (4, 4), (4, 6)]
    assert pieces.text == TEXT


KEYS = "on: push\njobs:\n  a:\n    runs-on: x\n"


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        ("on: push\njobs: {a: {runs-on: x}}\n", []),
        ("{on: push, jobs: {a: {runs-on: x}}}", []),
        ("on: push\n? jobs\n:\n  a: {runs-on: x}\n", []),
        (KEYS + "    steps: [{run: a}]\n", [0]),
        (KEYS + "    steps:\n      - &one\n        run: a\n      - *one\n", [0]),
        (KEYS + "    steps: &all\n      - run: a\n  b:\n    runs-on: x\n    steps: *all\n", [1, 0]),
        (KEYS + "    steps: []\n", [0]),
        (KEYS + "    steps:\n      - run: a\njobs-of-old: 1\n".replace("jobs-of-old: 1", "env: {A: b}"), [1]),
        ("jobs:\n  a:\n    steps:\n      - run: a\n    runs-on: x\non: push", [1]),
        (KEYS + "    steps:\n      - run: \"a\u2028b\"\n", []),
        ("\ufeff" + KEYS + "    steps:\r\n      - run: a\r\n", [1]),
    ],
    ids=["braces", "all braces", "explicit", "list", "alias", "alias of all", "none", "keys after", "no end", "rare", "mark"],
)
def test_what_can_not_be_cut_stays_whole(text: str, jobs: list[int]) -> None:
    pieces = cut(workflow_of(text))
    assert [len(job.steps) for job in pieces.jobs] == jobs
    assert pieces.text == text


def test_a_step_begins_at_its_dash_even_where_it_stands_alone() -> None:
    first, second, third = "      - # why\n        run: a\n", "      -\n\n        # and\n        run: b\n", "      - &c\n        run: c\n"
    (job,) = cut(workflow_of(KEYS + "    steps:\n" + first + second + third)).jobs
    assert (job.steps, job.dashes) == ((first, second, third), 6)


@pytest.mark.skipif(not VALID, reason=f"no workflows in {FOLDER}")
def test_real_workflows_are_cut_step_by_step() -> None:
    whole = []
    for path in VALID:
        pieces, steps = _pieces_of(path)
        assert len(pieces.jobs) == len(steps)
        whole += [(path.name, job.id) for job, count in zip(pieces.jobs, steps, strict=True) if len(job.steps) != count]
    assert whole == [("anchors.yaml", "test1"), ("anchors.yaml", "test2"), ("anchors.yaml", "test3")]


def _pieces_of(path: Path) -> tuple[Pieces, list[int]]:
    text = path.read_text(encoding="utf-8")
    for placeholder, value in PLACEHOLDERS.items():
        text = text.replace(placeholder, value)
    workflow, problems = read(path.name, text)
    assert workflow is not None, problems
    pieces = cut(workflow)
    assert pieces.text == text
    return pieces, [len(job.steps) for job in workflow.jobs]
