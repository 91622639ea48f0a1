"""Every lesson, really played: unsolved its checks say what is the matter, solved they pass. On this machine, and in a replay."""

import os
from pathlib import Path

import pytest

from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import LessonRow
from pipelinekit.lessons.lesson import Lesson
from pipelinekit.lessons.place import Where
from pipelinekit.lessons.shown import Verdict
from pipelinekit.lessons.solution import lay_play, perform, plays
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.samples.lay import FOLDER

# What each check finds where nothing was mended yet.
UNSOLVED = {
    "friday-evening": {"stopped": "never-tried", "shipped": "too-late", "way-back": "no-outage"},
    "what-a-pipeline-is": {"order": "not-after-build", "artifact": "nothing-published", "stops": "no-failure"},
    "fail-fast": {"first-failure": "first-run", "nothing-lost": "red"},
    "caching": {"cache-hit": "another-key", "cache-miss": "no-hit", "restore-key": "no-hit"},
    "critical-path": {"longest": "no-answer", "shorter": "chain", "decides": "no-slack"},
}
ANSWERS = {"longest": "unit", "decides": "unit"}
# A replay takes less time where times are not what is judged: they are then what the replay took.
SPEEDS = {"critical-path": "3", "fail-fast": "3"}
each = pytest.mark.parametrize("row", LESSONS.values(), ids=LESSONS)
everywhere = pytest.mark.parametrize("executor", ["host", "replay"])


def environment(row: LessonRow) -> dict[str, str]:
    return {**os.environ, "PIPELINEKIT_REPLAY_SPEED": SPEEDS.get(row.name, "20")}


def laid(row: LessonRow, folder: Path, executor: str) -> Lesson:
    lesson = Lesson(row, folder / row.name, Where(executor, "a test says so"))
    lesson.lay()
    return lesson


def play(lesson: Lesson, number: int) -> list[str]:
    """How the runs of one play ended."""
    one = plays(lesson.row.sample)[number]
    ended = perform(one, lesson.folder, lesson.store, lesson.executor, environment(lesson.row))
    return [state.state.value for state in ended]


def checked(lesson: Lesson, *, answered: bool = False) -> dict[str, Verdict]:
    return {check.name: lesson.check(check.name, ANSWERS.get(check.name, "") if answered else "") for check in lesson.row.checks}


@each
@everywhere
def test_as_it_comes_every_check_says_what_is_the_matter_and_solved_all_pass(row: LessonRow, executor: str, tmp_path: Path) -> None:
    lesson = laid(row, tmp_path, executor)
    play(lesson, 0)
    found = checked(lesson)
    assert {name: verdict.found.kind for name, verdict in found.items()} == UNSOLVED[row.name]
    assert all(verdict.hints == verdict.check.hints[verdict.found.kind][:1] for verdict in found.values())
    for number, one in enumerate(plays(row.sample)):
        if number and not one.also:
            play(lesson, number)
    solved = checked(lesson, answered=True)
    assert {name: verdict.found.says for name, verdict in solved.items() if not verdict} == {}
    assert lesson.progress.passed(row.checks) == len(row.checks)
    source = {"host": "pipelinekit", "replay": "replay"}[executor]
    assert {(run["source"], run["executor"]) for run in lesson.store.runs()} == {(source, executor)}


@pytest.mark.docker
def test_a_lesson_runs_in_containers(tmp_path: Path) -> None:
    lesson = laid(LESSONS["what-a-pipeline-is"], tmp_path, "docker")
    assert [play(lesson, number) for number in range(3)] == [["failure"], ["failure"], ["success"]]
    assert lesson.check("order")
    assert lesson.check("artifact")


@each
def test_in_a_replay_a_step_that_was_never_recorded_is_refused_by_name(row: LessonRow, tmp_path: Path) -> None:
    lesson = laid(row, tmp_path, "replay")
    workflow = lesson.folder / ".github" / "workflows" / "ci.yml"
    written = workflow.read_text()
    first = next(line for line in written.splitlines() if "run: python3" in line)
    workflow.write_text(written.replace(first, f"{first} --edited", 1))
    command = first.partition("run: ")[2]
    with pytest.raises(SurroundingsMissing, match=f'no recording of "{command} --edited" in'):
        play(lesson, 0)
    assert lesson.store.runs()[0]["outcome"] == "failure"
    steps = lesson.store.table("steps").to_pylist()
    assert next(step["reason"] for step in steps if step["outcome"] == "failure").startswith("replay has no recording")
    assert not [step for step in steps if step["outcome"] == "success" and step["name"] == command]


@each
def test_every_way_that_is_recorded_can_be_shown(row: LessonRow, tmp_path: Path) -> None:
    lesson = laid(row, tmp_path, "replay")
    ended = []
    for number, one in enumerate(plays(row.sample)):
        if one.also:
            ended += play(lesson, number)
        else:
            lay_play(one, lesson.folder)
    assert set(ended) <= {"success", "failure"}


@each
def test_recordings_name_no_place_of_the_machine_that_made_them(row: LessonRow) -> None:
    text = (FOLDER / row.sample / "recording.jsonl").read_text()
    assert [word for word in ("/tmp", "/home", "/root", "/Users", "/work", os.uname().nodename) if word in text] == []  # noqa: S108
