"""The lessons with a learner's progress, and their notebooks to where the learner works."""

import shutil
from pathlib import Path

from pipelinekit.books.shipped import folder as shipped_folder
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import LessonRow
from pipelinekit.lessons.lesson import progress_file
from pipelinekit.lessons.progress import Progress
from pipelinekit.lessons.shown import Listed, Listing
from pipelinekit.model.problem import SurroundingsMissing

FOLDER = "lessons"  # below the other notebooks


def lessons(directory: Path | str = "") -> Listing:
    """All lessons. directory: where the learner works; '' for the current folder. Progress is looked for there, and where
    `pipelinekit lab` lays notebooks out. Raises SurroundingsMissing for progress that can't be read.
    """
    folder = Path(directory or Path.cwd()).absolute()
    return Listing([_listed(row, folder) for row in LESSONS.values()], folder)


def notebook_of(row: LessonRow) -> Path:
    """The lesson's notebook as it comes with pipelinekit."""
    return shipped_folder() / FOLDER / row.notebook


def start(row: LessonRow, target: Path) -> tuple[Path, bool]:
    """Copy the lesson's notebook into the folder `target`; its path, and whether it was copied: one that is there stays as it is.

    Raises SurroundingsMissing.
    """
    file = target / row.notebook
    if file.exists():
        return file, False
    try:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook_of(row), file)
    except OSError as problem:
        raise SurroundingsMissing(f"cannot copy the notebook to {file} ({problem.strerror})") from problem
    return file, True


def _listed(row: LessonRow, folder: Path) -> Listed:
    """Of several places the one that is furthest."""
    places = (folder, folder / "notebooks" / FOLDER, folder / ".pipelinekit" / "notebooks" / FOLDER)
    begun = [(progress, place) for place in places if (progress := Progress.read(progress_file(place / row.name))) is not None]
    progress, place = max(begun, key=lambda pair: pair[0].passed(row.checks), default=(None, folder))
    own = place / row.notebook
    return Listed(row, progress, own if own.exists() else notebook_of(row))
