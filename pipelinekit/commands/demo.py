"""`pipelinekit demo`: the whole main job once, on a small shop with a history of six commits."""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from pipelinekit.commands.report import build
from pipelinekit.console import runs as console
from pipelinekit.executors import interpreters
from pipelinekit.executors.engine_api import connect
from pipelinekit.model.event import Event, LegFinished, Noted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.run_state import RunState
from pipelinekit.records.store import FOLDER, Store
from pipelinekit.samples.lay import Commit, lay
from pipelinekit.views.words import duration, plural
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.session import Session, Surroundings

SAMPLE = "shop"
AXIS = "python"  # of the matrix in its workflow
# The shop's three legs side by side even on two cores: a good part of their time they wait, for pip's index and in their tests.
PARALLEL = max(3, os.cpu_count() or 2)
MARKER = "pipelinekit-demo"  # in the folder's .git: a demo made it, and may make it anew


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default=MARKER, metavar="DIR", help="where the shop is laid out (usual: %(default)s)")
    parser.add_argument("--parallel", type=int, default=PARALLEL, metavar="N", help="legs at a time (usual: %(default)s)")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """0 when every run ended as its commit is meant to, and every notebook ran; else 1, with the report built all the same."""
    began = time.monotonic()
    folder: Path = args.directory / args.folder
    make_room(folder)
    surroundings = Surroundings(
        store=Store(folder / FOLDER),
        environment=args.environment,
        executor=_executor(args.environment, out),
        cores=max(1, args.parallel),
        host=os.uname().nodename,
        fresh=True,  # it shows how runs look
    )
    surprises = [line for commit in laid(folder) for line in _run(commit, folder, surroundings, out)]
    notebooks = surroundings.store.path / "notebooks"
    surprises += _execute_notebooks(surroundings.store, notebooks, out)
    build(surroundings.store, SAMPLE, folder / "site", notebooks, args.environment, out)
    _say_what_was_done(surroundings.store, folder, time.monotonic() - began, _program(args.environment.get("PATH")), out)
    for line in surprises:
        out.write(f"not as it should be: {line}\n")
    return 1 if surprises else 0


def make_room(folder: Path) -> None:
    """Remove what an earlier demo made. Raises WorkflowInvalid for a folder that holds anything else."""
    if (folder / ".git" / MARKER).exists():
        shutil.rmtree(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = f"the demo cannot be laid out in {folder}: it holds what no demo made"
        raise WorkflowInvalid(Problem("demo", what, hint="name an empty folder, or one that is not there: pipelinekit demo DIR"))


def laid(folder: Path) -> Iterator[Commit]:
    """The shop's commits, each in `folder` when it is given out."""
    for commit in lay(SAMPLE, folder):
        (folder / ".git" / MARKER).touch()
        # The site is for people, not for the pipeline that would copy it into every leg.
        (folder / ".git" / "info").mkdir(exist_ok=True)
        (folder / ".git" / "info" / "exclude").write_text("/site/\n", encoding="utf-8")
        yield commit


def _executor(environment: Mapping[str, str], out: TextIO) -> str:
    try:
        connect(environment).close()
    except SurroundingsMissing as missing:
        out.write(f"no container engine answers ({missing.message}):\n")
        out.write("  the demo runs on this machine itself, with the Pythons that it has\n")
        out.write("  `pipelinekit engine` makes one available\n")
        return "host"
    return "docker"


def _run(commit: Commit, folder: Path, surroundings: Surroundings, out: TextIO) -> Iterator[str]:
    """Run the pipeline of the commit that is laid out; a line for an end that is not the one it is meant to have."""
    out.write(f"\n{commit.hash[:7]} {commit.subject}\n")
    session = Session(make(_wish(folder, surroundings), folder, surroundings.environment), surroundings)
    session.prepare(lambda line: _tell(out, line))
    state = console.watch(session, out) if out.isatty() else _quietly(session, out)
    console.summary(state, out, session.number)
    if state.outcome is not commit.outcome:
        yield f'the run of "{commit.subject}" ended in {state.state}, not in {commit.outcome}'


def _wish(folder: Path, surroundings: Surroundings) -> Wish:
    """All legs in containers; on this machine itself those whose Python it has."""
    whole = Wish("ci.yml", event="push")
    if surroundings.executor != "host":
        return whole
    pythons = [str(leg.matrix[AXIS]) for leg in make(whole, folder, surroundings.environment).plan.legs if AXIS in leg.matrix]
    return replace(whole, matrix={AXIS: [python for python in pythons if _is_here(python, surroundings.environment)]})


def _is_here(python: str, environment: Mapping[str, str]) -> bool:
    try:
        interpreters.python(python, environment)
    except SurroundingsMissing:
        return False
    return True


def _quietly(session: Session, out: TextIO) -> RunState:
    """In a pipe the logs of two dozen legs would hide the story; they are in the store."""
    for event in session:
        if _is_told(event):
            for line in console.plain_lines(event, session.state):
                _tell(out, line)
    return session.state


def _is_told(event: Event) -> bool:
    return isinstance(event, Noted | LegFinished)


def _tell(out: TextIO, line: str) -> None:
    out.write(f"  {line}\n")
    out.flush()


def _execute_notebooks(store: Store, target: Path, out: TextIO) -> Iterator[str]:
    from pipelinekit.books.execute import NotebookFailed, execute
    from pipelinekit.books.parameters import declared
    from pipelinekit.books.shipped import shipped

    out.write("\nnotebooks\n")
    at = os.path.relpath(store.path, target)  # their cells run there, and those who open them later do
    for notebook in shipped():
        known = {parameter.name for parameter in declared(notebook)}
        began = time.monotonic()
        try:
            execute(notebook, target / notebook.name, {"store": at} if "store" in known else {}, directory=target)
        except NotebookFailed as failed:
            yield str(failed)
            continue
        _tell(out, f"{notebook.name} in {duration(time.monotonic() - began)}")


def _say_what_was_done(store: Store, folder: Path, seconds: float, program: str, out: TextIO) -> None:
    runs = store.table("runs", columns=["run_id"]).num_rows
    legs = store.table("jobs", columns=["leg"]).num_rows
    tests = store.table("tests", columns=["test"]).num_rows
    failing = next((row["commit"][:7] for row in store.runs() if row["outcome"] == Outcome.FAILURE), "main")
    out.write(
        f"\n{plural(runs, 'commit')} of a small shop were run through its pipeline in {duration(seconds)}: "
        f"{plural(legs, 'leg')}, {plural(tests, 'test execution')}\n"
        f"  the report:   {folder / 'site' / 'index.html'}\n"
        f"  the numbers:  {store.path / 'tables'} (Parquet)\n"
        f"  look further: cd {folder}; {program} runs; {program} show 2; {program} stats flaky\n"
        f"  step through: cd {folder}; git checkout -q -B main {failing}; {program} lab\n"
        "                on the commit whose tests fail, in JupyterLab; README and docs say how\n"
    )


def _program(path: str | None) -> str:
    """How the person calls it: by its name where that is found in `path`, else by where it is."""
    return "pipelinekit" if shutil.which("pipelinekit", path=path) else str(Path(sys.executable).with_name("pipelinekit"))
