"""The lessons' notebooks: how they are kept in git, and that they run to their end untouched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.books.execute import execute
from pipelinekit.books.markdown import to_markdown
from pipelinekit.books.read import read
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import LessonRow
from pipelinekit.lessons.lesson import Lesson
from pipelinekit.lessons.listing import notebook_of
from pipelinekit.lessons.place import Where

each = pytest.mark.parametrize("row", LESSONS.values(), ids=LESSONS)
FAST = {"PIPELINEKIT_LESSON_EXECUTOR": "replay", "PIPELINEKIT_REPLAY_SPEED": "20"}


@each
def test_git_holds_no_output(row: LessonRow) -> None:
    text = notebook_of(row).read_text()
    assert [cell.outputs for cell in read(notebook_of(row)).cells if cell.outputs] == []
    assert '"execution_count": null' in text
    assert "widgets" not in text


@each
def test_the_files_in_its_cells_are_those_of_its_pipeline(row: LessonRow, tmp_path: Path) -> None:
    lesson = Lesson(row, tmp_path / row.name, Where("replay", "a test says so"))
    lesson.lay()
    cells = [cell.source for cell in read(notebook_of(row)).cells if cell.source.startswith("%%writefile")]
    assert cells
    for source in cells:
        head, _, text = source.partition("\n")
        name = head.removeprefix('%%writefile "{lesson.folder}/').removesuffix('"')
        assert (lesson.folder / name).read_text() == f"{text}\n"


@pytest.mark.notebook
def test_untouched_they_pass_under_nbval_and_change_nothing(tmp_path: Path) -> None:
    for row in LESSONS.values():
        shutil.copy(notebook_of(row), tmp_path)
    words = ["-m", "pytest", "-q", "--nbval-lax", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, *words], cwd=tmp_path, env={**os.environ, **FAST}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    for row in LESSONS.values():
        status = subprocess.run(["git", "status", "--short"], cwd=tmp_path / row.name, capture_output=True, text=True, check=True)
        assert status.stdout == "", row.name


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_its_parameters_say_where_and_on_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINEKIT_REPLAY_SPEED", "20")
    given = {"directory": str(tmp_path / "elsewhere"), "executor": "replay"}
    execute(notebook_of(LESSONS["fail-fast"]), tmp_path / "out.ipynb", given, directory=tmp_path)
    page = to_markdown(tmp_path / "out.ipynb")
    assert "replay: it was asked for" in page
    assert "Not yet: a run that fails as it did before" in page
    assert (tmp_path / "elsewhere" / "fail-fast" / ".pipelinekit" / "lesson.json").exists()
