"""A lesson as a notebook holds it: its folder and store, its checks with their hints, its solution, its progress."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelinekit.lessons import place, solution
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import Check, LessonRow
from pipelinekit.lessons.progress import Progress, begin
from pipelinekit.lessons.seen import Seen
from pipelinekit.lessons.shown import Card, Solution, Verdict
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.shown import Bundle
from pipelinekit.records.store import FOLDER, Store
from pipelinekit.samples.lay import lay_all

PROGRESS = "lesson.json"


def lesson(name: str, *, directory: Path | str = "", executor: str = place.AUTO) -> "Lesson":
    """The lesson of this name: its repository is laid out where it is not there yet, and stays as the learner left it where it is.

    directory: in which the lesson's folder stands; '' for the current one. executor: `auto`, `docker`, `host` or `replay`. Raises
    WorkflowInvalid for an unknown name, SurroundingsMissing where git is not to be had.
    """
    row = find(name)
    folder = Path(directory or Path.cwd()).absolute() / row.name  # a notebook stands above `main`: here surroundings may be read
    opened = Lesson(row, folder, place.choose(executor, row, os.environ))
    opened.lay()
    return opened


def find(name: str) -> LessonRow:
    """The row of this name, or of the notebook that is called so. Raises WorkflowInvalid."""
    wanted = name.removesuffix(".ipynb")
    for row in LESSONS.values():
        if wanted in (row.name, row.notebook.removesuffix(".ipynb"), row.notebook.partition("-")[0].lstrip("0")):
            return row
    hint = f"lessons here: {', '.join(LESSONS)}"
    raise WorkflowInvalid(Problem("lesson", f'no lesson is called "{name}"', hint=hint))


def progress_file(folder: Path) -> Path:
    """Where a lesson that stands in this folder keeps its progress."""
    return folder / FOLDER / PROGRESS


class Lesson:
    """folder: the lesson's git repository, where the learner edits. store: what its runs left. where: they run, and why."""

    def __init__(self, row: LessonRow, folder: Path, where: place.Where) -> None:
        self.row = row
        self.folder = folder
        self.store = Store(folder / FOLDER)
        self.where = where

    @property
    def here(self) -> Mapping[str, Any]:
        """How its pipeline is started: `pk.start("ci.yml", **lesson.here)`. Every job runs each time, eight at once."""
        return {
            "directory": self.folder, "store": self.store.path, "executor": self.executor, "fresh": True,
            "parallel": solution.PARALLEL,
        }  # fmt: skip

    @property
    def executor(self) -> str:
        return self.where.executor

    @property
    def progress(self) -> Progress:
        return Progress.read(progress_file(self.folder)) or begin(self.row.name)

    def lay(self) -> None:
        """Lay the repository out, where there is none yet. Raises SurroundingsMissing, WorkflowInvalid for another's folder."""
        if progress_file(self.folder).exists():
            return
        if self.folder.is_dir() and any(self.folder.iterdir()):
            hint = "give another one: pk.lesson(NAME, directory=...)"
            raise WorkflowInvalid(Problem("lesson", f"{self.folder} is no lesson's folder, and is left as it is", hint=hint))
        self.store.make()
        lay_all(self.row.sample, self.folder)
        begin(self.row.name).write(progress_file(self.folder))

    def restart(self) -> "Lesson":
        """Begin anew: what was edited, recorded and passed goes."""
        if progress_file(self.folder).exists():
            shutil.rmtree(self.folder)
        self.lay()
        return self

    def check(self, name: str, answer: str = "") -> Verdict:
        """Whether it has happened: judged by what the lesson's runs have recorded. answer: for a check that asks for one.

        Raises WorkflowInvalid for a name that the lesson does not have.
        """
        check = self._check(name)
        seen = self._seen(answer)
        found = check.look(seen)
        progress = self.progress
        stale = not found.passed and not answer and (progress.of(name).kind, progress.of(name).runs) == (found.kind, len(seen.runs))
        about = progress.note(name, found, len(seen.runs), answered=bool(answer))
        progress.write(progress_file(self.folder))
        return Verdict(check, found, about.level, stale, about.helped, progress.passed(self.row.needed), len(self.row.needed))

    def hint(self, name: str) -> Verdict:
        """What the check says, with one hint more than before."""
        check = self._check(name)
        seen = self._seen()
        found = check.look(seen)
        progress = self.progress
        about = progress.give_hint(name, found, len(seen.runs))
        progress.write(progress_file(self.folder))
        return Verdict(check, found, about.level, False, about.helped, progress.passed(self.row.needed), len(self.row.needed))

    def solution(self, step: int = 0) -> Solution:
        """The solution, which the progress then says was shown. step: lay the files of the steps up to this one, from 1."""
        steps = solution.steps(self.row.sample)
        if not 0 <= step <= len(steps):
            raise WorkflowInvalid(Problem("lesson", f"the solution has no step {step}", hint=f"its steps: 1 to {len(steps)}"))
        progress = self.progress
        progress.show_solution()
        progress.write(progress_file(self.folder))
        wanted = [play for play in solution.plays(self.row.sample) if play.files is not None and not play.also][:step]
        for play in wanted:
            solution.lay_play(play, self.folder)
        return Solution(self.row.title, steps, step)

    def _seen(self, answer: str = "") -> Seen:
        """What was recorded, but for runs that somebody has brought here from another lesson."""
        others = frozenset(f"local/{name}" for name in LESSONS if name != self.row.name)
        return Seen.of(self.store, answer, besides=others)

    def _check(self, name: str) -> Check:
        try:
            return self.row.check(name)
        except KeyError as unknown:
            hint = f"checks here: {', '.join(check.name for check in self.row.checks)}"
            raise WorkflowInvalid(Problem("lesson", f'the lesson "{self.row.name}" has no check "{name}"', hint=hint)) from unknown

    def __repr__(self) -> str:
        return repr(self._card())

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return self._card()._repr_mimebundle_()

    def _card(self) -> Card:
        return Card(self.row, self.folder, self.where, self.progress)
