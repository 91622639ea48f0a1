"""How a lesson is solved: a few steps, each some files and a run. Shown to who asks, played by the tests and for the recordings."""

import difflib
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelinekit.model.run_state import RunState
from pipelinekit.records.store import Store
from pipelinekit.samples.lay import FOLDER, history
from pipelinekit.workbench.breakpoints import ON_FAILURE, Breakpoint
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.session import Session, Surroundings

WORKFLOW = "ci.yml"
PARALLEL = 8  # the jobs of lessons mostly wait: cores are not what limits them


@dataclass(frozen=True, slots=True)
class Play:
    """files: a folder that is laid over the lesson's, or None. runs: how often the pipeline is then run, with this environment.

    says: why, in Markdown. also: another way, for the recordings alone. shell: commands that are asked where a step failed.
    """

    files: Path | None
    says: str
    runs: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    also: bool = False
    shell: tuple[str, ...] = ()


def plays(sample: str) -> tuple[Play, ...]:
    """All of a lesson's sample, in order; the first one is the lesson as it comes."""
    folder = FOLDER / sample
    written = tomllib.loads((folder / "solution.toml").read_text(encoding="utf-8"))
    return tuple(
        Play(
            folder / "solution" / row["folder"] if row["folder"] else None, " ".join(row["says"].split()), row.get("runs", 1),
            row.get("env", {}), row.get("also", False), tuple(row.get("shell", ())),
        )
        for row in written["play"]
    )  # fmt: skip


def lay_play(play: Play, folder: Path) -> None:
    """Its files over those of the lesson."""
    if play.files is not None:
        ignored = shutil.ignore_patterns("__pycache__")
        # Not with the times of the files that are copied: a retry goes on from the checkout where it sees that a file was edited.
        shutil.copytree(play.files, folder, dirs_exist_ok=True, ignore=ignored, copy_function=shutil.copy)


def perform(play: Play, folder: Path, store: Store, executor: str, environment: Mapping[str, str]) -> Iterator[RunState]:
    """Lay it and run it; how each run ended. Raises SurroundingsMissing where the executor can't."""
    lay_play(play, folder)
    surroundings = Surroundings(
        store=store, environment=environment, executor=executor, cores=PARALLEL, variables=play.environment, keep=False, fresh=True
    )
    for _ in range(play.runs):
        session = Session(make(Wish(WORKFLOW), folder, environment), surroundings)
        session.prepare(lambda _: None)
        if play.shell:
            session.breakpoints.append(Breakpoint.read(ON_FAILURE))
            session.go()
            for command in play.shell if session.failed() else ():
                session.shell(command)
        yield session.finish()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a solution, to be read. changes: lines of a unified diff, each file's after its name. run: the cell for it."""

    number: int
    says: str
    changes: tuple[str, ...]
    run: str


def steps(sample: str) -> tuple[Step, ...]:
    """The solution of a lesson's sample, without the lesson as it comes and without other ways."""
    before: dict[str, str] = {}
    for commit in history(sample):
        before |= _files(commit.folder)
    found: list[Step] = []
    for play in plays(sample):
        if play.files is not None and not play.also:
            files = _files(play.files)
            found.append(Step(len(found) + 1, play.says, tuple(_changes(before, files)), _cell(play)))
            before |= files
    return tuple(found)


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts
    }  # fmt: skip


def _changes(before: Mapping[str, str], files: Mapping[str, str]) -> Iterator[str]:
    for name, text in files.items():
        old = before.get(name, "").splitlines()
        yield name
        lines = difflib.unified_diff(old, text.splitlines(), n=2, lineterm="")
        yield from (line for line in lines if line[:3] not in ("---", "+++"))


def _cell(play: Play) -> str:
    given = ", ".join(f'"{name}": "{value}"' for name, value in play.environment.items())
    variables = f", env={{{given}}}" if given else ""
    times = f"  # {play.runs} times" if play.runs > 1 else ""
    return f'await pk.start("{WORKFLOW}"{variables}, **lesson.here).finish(check=False){times}'
