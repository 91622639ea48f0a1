"""What every row of the table of lessons must hold, so that a new one is a notebook, a pipeline and a row."""

import inspect
import re

import pytest

from pipelinekit.books.parameters import declared
from pipelinekit.books.read import read
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import ANYWHERE, LessonRow
from pipelinekit.lessons.listing import notebook_of
from pipelinekit.lessons.solution import plays, steps
from pipelinekit.samples.lay import samples

each = pytest.mark.parametrize("row", LESSONS.values(), ids=LESSONS)
NUMBERS = {f"{at:02d}" for at in range(1, len(LESSONS) + 1)}


def test_notebooks_are_numbered_in_the_order_of_the_course() -> None:
    assert [row.notebook[:2] for row in LESSONS.values()] == sorted(NUMBERS)


@each
def test_it_takes_a_quarter_of_an_hour_and_has_a_pipeline(row: LessonRow) -> None:
    assert 5 <= row.minutes <= 15
    assert row.sample in samples()
    assert set(row.executors) <= set(ANYWHERE)


@each
def test_its_notebook_asks_its_question_and_opens_it(row: LessonRow) -> None:
    cells = read(notebook_of(row)).cells
    code = "\n".join(cell.source for cell in cells if cell.kind == "code")
    assert f'pk.lesson("{row.name}", directory=directory, executor=executor)' in code
    assert [parameter.name for parameter in declared(notebook_of(row))] == ["directory", "executor"]
    assert cells[0].source.startswith("# ")
    assert re.search(r"^\*\*.+\?\*\*$", cells[0].source, re.MULTILINE)


@each
def test_its_notebook_asks_every_check_and_no_other(row: LessonRow) -> None:
    code = "\n".join(cell.source for cell in read(notebook_of(row)).cells if cell.kind == "code")
    assert set(re.findall(r'lesson\.check\("([\w-]+)"', code)) == {check.name for check in row.checks}


@each
def test_the_solution_stands_apart(row: LessonRow) -> None:
    code = [cell.source for cell in read(notebook_of(row)).cells if cell.kind == "code"]
    assert "# lesson.solution()" in code
    assert not [source for source in code if re.search(r"^lesson\.(solution|hint)\(", source, re.MULTILINE)]


@each
def test_it_ends_with_the_fields_own_words_and_where_they_are_from(row: LessonRow) -> None:
    said = "\n".join(cell.source for cell in read(notebook_of(row)).cells if cell.kind == "markdown")
    closing = said.partition("## What this is called")[2]
    assert len(re.findall(r"^- .*\*\*.+?\*\*", closing, re.MULTILINE)) >= 3
    assert "Sources: " in closing


@each
def test_everything_that_a_check_may_find_has_a_hint(row: LessonRow) -> None:
    source = inspect.getsource(inspect.getmodule(row.checks[0].look))  # type: ignore[arg-type]  # a function has a module
    found = set(re.findall(r'not_yet\(\s*f?"([\w-]+)(?=[",])', source))
    given = {kind for check in row.checks for kind in check.hints}
    assert found - given == set()
    assert all(hints and all(hint.strip() for hint in hints) for check in row.checks for hints in check.hints.values())


@each
def test_its_solution_says_why_and_shows_what_changes(row: LessonRow) -> None:
    first, *rest = plays(row.sample)
    assert first.files is None
    assert all(play.files is None or play.files.is_dir() for play in rest)
    for step in steps(row.sample):
        assert step.says
        assert any(line.startswith(("+", "-")) for line in step.changes), step
