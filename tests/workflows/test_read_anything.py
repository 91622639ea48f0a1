"""Whatever stands in a file, reading it ends in a workflow or in problems, each with a place inside the file."""

import random

import pytest

from pipelinekit.checks.all_checks import check
from pipelinekit.workflows.read import read
from tests.checks.accept import CASES

WORDS = (
    "${{",
    "}}",
    "'",
    '"',
    ":",
    "- ",
    "&a",
    "*a",
    "|",
    ">",
    "\t",
    "\n",
    "!!int",
    "null",
    "{",
    "]",
    "é",
    "😀",
    "steps.a",
    "needs",
)


def damaged(text: str, seed: int) -> str:
    """The text with a few pieces taken out, doubled, or put in."""
    chance = random.Random(seed)  # noqa: S311 - the same damage each time is what is wanted
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        until = min(len(text), at + chance.randint(0, 12))
        text = text[:at] + chance.choice(("", text[at:until] * 2, *WORDS)) + text[until:]
    return text


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yml")), ids=lambda path: path.stem)
def test_a_damaged_file_is_read_or_told_about(case: object) -> None:
    original = CASES.joinpath(str(case)).read_text(encoding="utf-8")
    for seed in range(60):
        text = damaged(original, seed)
        lines = text.count("\n") + 1
        workflow, problems = read("ci.yml", text)
        found = [*problems, *(check(workflow) if workflow else ())]
        assert workflow is not None or problems
        for problem in found:
            assert problem.position is not None, problem
            assert 1 <= problem.position.line <= lines + 1, problem
            assert problem.position.column >= 1, problem
