from pathlib import Path

import pytest

from pipelinekit.lessons.base import Check, not_yet, passed
from pipelinekit.lessons.progress import Progress, begin
from pipelinekit.model.problem import SurroundingsMissing

STUCK, ELSEWHERE, DONE = not_yet("another-key", "..."), not_yet("stale", "..."), passed("...")


def test_each_failed_attempt_at_the_same_thing_gives_one_hint_more() -> None:
    progress = begin("caching")
    assert [progress.note("hit", STUCK, runs).level for runs in (1, 2, 3)] == [0, 1, 2]
    assert progress.of("hit").attempts == 3


def test_asking_again_without_a_new_run_is_no_attempt() -> None:
    progress = begin("caching")
    assert [progress.note("hit", STUCK, 1).level for _ in range(3)] == [0, 0, 0]
    assert progress.of("hit").attempts == 1


def test_another_answer_is_an_attempt() -> None:
    progress = begin("critical-path")
    assert [progress.note("longest", STUCK, 1, answered=True).level for _ in range(3)] == [0, 1, 2]


def test_something_else_that_is_found_begins_with_its_own_first_hint() -> None:
    progress = begin("caching")
    levels = [progress.note("hit", found, runs).level for runs, found in enumerate((STUCK, STUCK, ELSEWHERE, ELSEWHERE))]
    assert levels == [0, 1, 0, 1]


def test_a_hint_that_is_asked_for_needs_no_run() -> None:
    progress = begin("caching")
    assert [progress.give_hint("hit", STUCK, 1).level for _ in range(3)] == [0, 1, 2]
    assert progress.of("hit").attempts == 0


def test_what_passed_stays_so_and_says_whether_the_solution_helped() -> None:
    progress = begin("caching")
    progress.note("hit", DONE, 1)
    progress.show_solution()
    first = progress.solution_at
    progress.show_solution()
    progress.note("miss", DONE, 2)
    progress.note("hit", STUCK, 3)
    assert (progress.passed(Check(name, "", lambda _: DONE, {}) for name in ("hit", "miss", "partial")), progress.solution_at) == (
        2,
        first,
    )
    assert (progress.of("hit").helped, progress.of("miss").helped) == (False, True)


def test_it_is_the_same_when_it_is_read_again(tmp_path: Path) -> None:
    progress = begin("caching")
    progress.note("hit", STUCK, 1)
    progress.write(tmp_path / "store" / "lesson.json")
    assert Progress.read(tmp_path / "store" / "lesson.json") == progress
    assert Progress.read(tmp_path / "none.json") is None


@pytest.mark.parametrize(
    "text", ["", "[]", '{"lesson": "caching"}', '{"lesson": 1, "begun_at": "", "solution_at": "", "checks": 3}']
)
def test_progress_that_cannot_be_read_is_said(text: str, tmp_path: Path) -> None:
    file = tmp_path / "lesson.json"
    file.write_text(text)
    with pytest.raises(SurroundingsMissing, match="can't be read"):
        Progress.read(file)
