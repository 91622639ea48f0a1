import io
import json
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import passed
from pipelinekit.lessons.lesson import Lesson, progress_file
from pipelinekit.main import main


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*words: str) -> str:
    out = io.StringIO()
    assert main(["lessons", *words], out) == 0
    return out.getvalue()


def begun(folder: Path, *names: str) -> Lesson:
    """The lesson about caching, with these checks passed."""
    lesson: Lesson = pk.lesson("caching", directory=folder, executor="replay")
    progress = lesson.progress
    for name in names:
        progress.note(name, passed("..."), 1)
    progress.write(progress_file(lesson.folder))
    return lesson


def test_the_lessons_are_listed_with_what_to_do_first() -> None:
    lines = said().splitlines()
    assert lines[0].split() == ["lesson", "progress", "minutes", "notebook", "title"]
    assert [line.split()[0] for line in lines[1:-1]] == list(LESSONS)
    assert all("not begun" in line for line in lines[1:-1])
    assert lines[-1] == "next: pipelinekit lessons start friday-evening"


@pytest.mark.parametrize("place", [".", "notebooks/lessons", ".pipelinekit/notebooks/lessons"])
def test_progress_is_found_where_one_works(here: Path, place: str) -> None:
    begun(here / place, "cache-hit")
    assert "1 of 3" in next(line for line in said().splitlines() if line.startswith("caching"))


def test_another_place_can_be_named(here: Path) -> None:
    lesson = begun(here / "class", *(check.name for check in LESSONS["caching"].checks))
    lesson.solution()
    line = next(line for line in said("--in", "class").splitlines() if line.startswith("caching"))
    assert "passed, solution shown" in line
    assert "not begun" in next(line for line in said().splitlines() if line.startswith("caching"))


def test_as_json_each_check_is_told(here: Path) -> None:
    begun(here, "cache-hit")
    told = {lesson["name"]: lesson for lesson in json.loads(said("--format", "json"))}
    assert list(told) == list(LESSONS)
    caching = told["caching"]
    assert (caching["state"], caching["minutes"], caching["solution_at"]) == ("1 of 3", 15, None)
    assert [bool(check["passed_at"]) for check in caching["checks"]] == [True, False, False]
    assert told["fail-fast"]["begun_at"] is None
    assert Path(caching["notebook"]).is_file()


def test_a_notebook_is_brought_and_never_overwritten(here: Path) -> None:
    assert f"copied to {here / 'class' / '04-caching.ipynb'}" in said("start", "caching", "class")
    file = here / "class" / "04-caching.ipynb"
    file.write_text("edited")
    assert "is there already, and stays as it is" in said("start", "4", "class")
    assert file.read_text() == "edited"
    lines = {line.split()[0]: line for line in said("--in", "class").splitlines()}
    assert " 04-caching.ipynb " in lines["caching"]
    assert " – " in lines["fail-fast"]


def test_it_says_where_the_pipeline_of_a_lesson_is_or_will_be(here: Path) -> None:
    assert f"its pipeline will be laid out beside it, in {here / 'caching'}" in said("start", "caching")
    begun(here)
    assert f"its pipeline lies beside it, in {here / 'caching'}" in said("start", "caching")


def test_what_is_begun_is_gone_on_with(here: Path) -> None:
    said("start", "friday-evening")
    pk.lesson("friday-evening", directory=here, executor="replay")
    assert said().splitlines()[-1] == f"next: pipelinekit lab {here}"


def test_when_all_passed_it_says_so(here: Path) -> None:
    for name, row in LESSONS.items():
        lesson = pk.lesson(name, directory=here, executor="replay")
        progress = lesson.progress
        for check in row.checks:
            progress.note(check.name, passed("..."), 1)
        progress.write(progress_file(lesson.folder))
    assert said().splitlines()[-1] == "all of them passed"


def test_a_run_that_was_only_shown_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = pk.lesson("critical-path", directory=here, executor="replay")
    monkeypatch.chdir(lesson.folder)
    monkeypatch.setenv("PIPELINEKIT_REPLAY_SPEED", "50")
    assert main(["run", "ci.yml", "--executor", "replay", "--job", "lint"], io.StringIO()) == 0
    listed, shown = io.StringIO(), io.StringIO()
    assert main(["runs"], listed) == main(["show", "1"], shown) == 0
    assert "replay, Check, document and publish the map" in listed.getvalue()
    assert shown.getvalue().startswith("run 1, replay: success")


def test_an_unknown_lesson_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons", "start", "cash"], io.StringIO()) == 2
    assert "lessons here: friday-evening" in capsys.readouterr().err
