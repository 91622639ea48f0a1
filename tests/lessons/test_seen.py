"""What the checks of lessons get to see, of runs that really happened."""

import shutil
import time
from pathlib import Path

import pipelinekit as pk
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.lesson import Lesson
from pipelinekit.lessons.place import Where
from pipelinekit.lessons.seen import Seen
from pipelinekit.lessons.solution import lay_play, plays


def laid(name: str, folder: Path) -> Lesson:
    lesson = Lesson(LESSONS[name], folder / name, Where("host", "a test says so"))
    lesson.lay()
    return lesson


def test_a_run_of_another_lesson_does_not_count(tmp_path: Path) -> None:
    other, lesson = laid("what-a-pipeline-is", tmp_path), laid("friday-evening", tmp_path)
    pk.start("ci.yml", **other.here).finish_sync(check=False)
    assert other.check("order").found.kind == "not-after-build"
    shutil.copytree(other.store.path / "tables", lesson.store.path / "tables", dirs_exist_ok=True)
    assert lesson.check("stopped").found.kind == "no-run"


def test_an_attempt_has_what_an_earlier_one_has_done(tmp_path: Path) -> None:
    lesson = laid("friday-evening", tmp_path)
    workflow = lesson.folder / ".github" / "workflows" / "ci.yml"
    for number in (2, 3):
        lay_play(plays(lesson.row.sample)[number], lesson.folder)
    written = workflow.read_text()
    workflow.write_text(written.replace("production.py deploy", "production.py depoly"))
    run = pk.start("ci.yml", **lesson.here)
    run.finish_sync(check=False)
    workflow.write_text(written)
    run.retry_sync()
    first, second = Seen.of(lesson.store).runs
    assert (first.tests, [test["attempt"] for test in first.tests]) == (second.tests, [1, 1, 1])
    assert [(job["job"], job["attempt"]) for job in sorted(second.jobs, key=lambda job: job["started_at"])] == [
        ("test", 1),
        ("deploy", 2),
    ]
    assert lesson.check("shipped")  # the tests went well in the first attempt, the deployment in the second one


def test_laid_files_are_new_so_that_a_retry_sees_them(tmp_path: Path) -> None:
    lesson = laid("friday-evening", tmp_path)
    before = time.time()
    lay_play(plays(lesson.row.sample)[3], lesson.folder)
    assert (lesson.folder / "shop.py").stat().st_mtime >= before - 1
