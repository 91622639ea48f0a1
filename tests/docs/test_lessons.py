"""The page of the lessons says what the table of lessons says."""

import pytest

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import LessonRow
from pipelinekit.lessons.place import AUTO, VARIABLE
from tests.docs.pages import TOP

PAGE = (TOP / "docs" / "lessons.md").read_text(encoding="utf-8")
TEACHING = (TOP / "docs" / "teaching.md").read_text(encoding="utf-8")
NUMBERED = pytest.mark.parametrize(("number", "row"), list(enumerate(LESSONS.values(), 1)), ids=LESSONS)


@NUMBERED
def test_every_lesson_is_listed_with_its_question_and_its_notebook(number: int, row: LessonRow) -> None:
    assert f"| {number} | {row.title} | {row.asks} | `notebooks/lessons/{row.notebook}` |" in PAGE


@NUMBERED
def test_the_teacher_is_told_what_goes_wrong_in_every_lesson(number: int, row: LessonRow) -> None:
    assert TEACHING.count(f"\n| {number} |") >= 2


def test_every_executor_and_the_rooms_variable_are_explained() -> None:
    assert [name for name in (AUTO, *EXECUTORS) if f"| `{name}` |" not in PAGE] == []
    assert VARIABLE in PAGE
    assert VARIABLE in TEACHING
