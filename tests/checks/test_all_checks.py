"""Golden pairs: `tests/cases/checks/NAME.yml`, and in `NAME.problems` what the reader and the checks say of it.

A mismatch shows the difference and writes nothing. To accept what is said now: `python -m tests.checks.accept`.
"""

import re
from pathlib import Path

import pytest

from pipelinekit.checks.all_checks import ALL_CHECKS, check
from pipelinekit.workflows.read import read
from tests.checks.accept import CASES, told

WORKFLOWS = sorted(CASES.glob("*.yml"))


@pytest.mark.parametrize("case", WORKFLOWS, ids=lambda path: path.stem)
def test_a_case_is_told_as_its_golden_file_says(case: Path) -> None:
    assert told(case) == case.with_suffix(".problems").read_text(encoding="utf-8")


def test_every_golden_file_has_its_workflow() -> None:
    assert [path.stem for path in sorted(CASES.glob("*.problems"))] == [path.stem for path in WORKFLOWS]


@pytest.mark.parametrize("name", ALL_CHECKS)
def test_every_check_has_a_case_in_which_it_speaks(name: str) -> None:
    case = CASES / f"{name.replace('-', '_')}.problems"
    assert f"[{name}]" in case.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ALL_CHECKS)
def test_the_docstring_of_a_check_is_a_page(name: str) -> None:
    page = ALL_CHECKS[name].__doc__ or ""
    assert re.match(r"[A-Z].+\.\n\n", page), "a sentence, then what it is about"


def test_problems_come_in_the_order_of_their_places() -> None:
    text = (CASES / "step_reference.yml").read_text(encoding="utf-8")
    workflow, _ = read("ci.yml", text)
    assert workflow is not None
    lines = [problem.position.line for problem in check(workflow) if problem.position]
    assert lines == sorted(lines)
    assert len(lines) == 2
