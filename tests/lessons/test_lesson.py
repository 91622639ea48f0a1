import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import passed
from pipelinekit.lessons.lesson import Lesson, find, progress_file
from pipelinekit.lessons.listing import lessons
from pipelinekit.lessons.solution import perform, plays, steps
from pipelinekit.model.problem import WorkflowInvalid


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    opened = pk.lesson("caching", directory=tmp_path, executor="replay")
    assert isinstance(opened, Lesson)
    return opened


def run_again(lesson: Lesson) -> None:
    for _ in perform(
        plays(lesson.row.sample)[0], lesson.folder, lesson.store, "replay", {**os.environ, "PIPELINEKIT_REPLAY_SPEED": "50"}
    ):
        pass


def test_its_repository_is_laid_out_once_and_stays_as_the_learner_left_it(lesson: Lesson, tmp_path: Path) -> None:
    assert lesson.folder == tmp_path / "caching"
    assert subprocess.run(["git", "status", "--short"], cwd=lesson.folder, capture_output=True, check=True).stdout == b""
    (lesson.folder / "install.py").write_text("edited")
    again = pk.lesson("caching", directory=tmp_path, executor="replay")
    assert (again.folder / "install.py").read_text() == "edited"


def test_it_stands_in_the_current_folder_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert pk.lesson("fail-fast", executor="replay").folder == tmp_path / "fail-fast"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "caching").mkdir()
    (tmp_path / "caching" / "mine.txt").write_text("mine")
    with pytest.raises(WorkflowInvalid, match="is no lesson's folder"):
        pk.lesson("caching", directory=tmp_path, executor="replay")
    assert [file.name for file in (tmp_path / "caching").iterdir()] == ["mine.txt"]


def test_here_says_how_its_pipeline_is_started(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINEKIT_STORE", "/nowhere")  # a learner's own store stays free of lessons
    assert lesson.here == {
        "directory": lesson.folder, "store": lesson.folder / ".pipelinekit", "executor": "replay", "fresh": True, "parallel": 8,
    }  # fmt: skip


def test_begun_anew_everything_is_as_at_first(lesson: Lesson) -> None:
    (lesson.folder / "install.py").write_text("edited")
    lesson.solution()
    lesson.restart()
    assert "edited" not in (lesson.folder / "install.py").read_text()
    assert lesson.progress.solution_at == ""


def test_hints_advance_with_every_run_that_is_stuck_at_the_same(lesson: Lesson) -> None:
    hints = lesson.row.check("cache-hit").hints["another-key"]
    run_again(lesson)
    assert lesson.check("cache-hit").hints == hints[:1]
    again = lesson.check("cache-hit")
    assert (again.hints, again.stale) == (hints[:1], True)
    assert "No run has been recorded since you last asked." in repr(again)
    run_again(lesson)
    assert lesson.check("cache-hit").hints == hints[:2]
    assert lesson.hint("cache-hit").hints == hints[:3]
    assert lesson.hint("cache-hit").hints == hints


def test_a_verdict_is_true_where_the_check_passed(lesson: Lesson) -> None:
    assert not lesson.check("cache-hit")


def test_the_solution_is_shown_laid_step_by_step_and_marked(lesson: Lesson) -> None:
    before = (lesson.folder / "requirements.txt").read_text()
    assert "hashFiles" in repr(lesson.solution())
    assert lesson.progress.solution_at
    assert (lesson.folder / "requirements.txt").read_text() == before
    assert "hashFiles" not in (lesson.folder / ".github/workflows/ci.yml").read_text()
    assert lesson.solution(2).laid == 2
    assert "hashFiles" in (lesson.folder / ".github/workflows/ci.yml").read_text()
    assert "barometer==2.1" in (lesson.folder / "requirements.txt").read_text()
    with pytest.raises(WorkflowInvalid, match="no step 9"):
        lesson.solution(9)


def test_a_solution_says_how_it_is_run() -> None:
    first, *_, last = steps("lessons/friday-evening")
    assert first.changes[0] == ".github/workflows/ci.yml"
    assert "+    needs: test" in first.changes
    assert last.run == 'await pk.start("ci.yml", env={"PAY_1": "off"}, **lesson.here).finish(check=False)'
    assert steps("lessons/caching")[0].run.endswith("# 2 times")


@pytest.mark.parametrize("name", ["caching", "4", "04-caching", "04-caching.ipynb"])
def test_a_lesson_is_found_by_its_name_its_number_and_its_notebook(name: str) -> None:
    assert find(name) is LESSONS["caching"]


def test_an_unknown_lesson_and_an_unknown_check_are_refused_with_those_that_there_are(lesson: Lesson) -> None:
    with pytest.raises(WorkflowInvalid, match='no lesson is called "cash"') as refused:
        find("cash")
    assert refused.value.problems[0].hint == f"lessons here: {', '.join(LESSONS)}"
    with pytest.raises(WorkflowInvalid, match='has no check "hit"') as refused:
        lesson.check("hit")
    assert refused.value.problems[0].hint == "checks here: cache-hit, cache-miss, restore-key"


def test_it_is_passed_without_what_is_for_who_has_time_left(tmp_path: Path) -> None:
    lesson = pk.lesson("friday-evening", directory=tmp_path, executor="replay")
    progress = lesson.progress
    for check in lesson.row.needed:
        progress.note(check.name, passed("..."), 1)
    progress.write(progress_file(lesson.folder))
    assert [check.name for check in lesson.row.checks if check.extra] == ["way-back"]
    assert "○ way-back: if there is time: a run in which a release fails" in repr(lesson)
    assert lessons(tmp_path).lessons[0].state == "passed"
    assert "2 of 2 checks" in repr(replace(lesson.check("way-back"), found=passed("...")))
