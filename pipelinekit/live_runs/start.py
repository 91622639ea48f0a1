"""Runs that a notebook or a script holds live: one that begins, one that goes on."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from pipelinekit.live_runs import given, leaving
from pipelinekit.live_runs.given import One
from pipelinekit.live_runs.run import Run
from pipelinekit.records.store import Store
from pipelinekit.widgets import cell
from pipelinekit.workbench import resume as resuming
from pipelinekit.workbench.planning import Asked, Wish, make
from pipelinekit.workbench.recovery import recover
from pipelinekit.workbench.session import Session, Surroundings


@runtime_checkable
class Follower(Protocol):
    """A workflow that is still edited, and wants to know what became of it."""

    def follow(self, run: Run) -> None:
        """The run of it that was just started."""


def start(
    file: Asked = None, *, directory: Path | str = ".", event: str | None = None, jobs: str | Sequence[str] = (),
    matrix: Mapping[str, One | Sequence[One]] | None = None, inputs: Mapping[str, One] | None = None,
    secrets: Mapping[str, str] | None = None, env: Mapping[str, One] | None = None, executor: str = "docker",
    store: Path | str | None = None, parallel: int | None = None, fresh: bool = False,
) -> Run:
    """A run that stands before its first step: `run = pk.start("ci.yml"); await run.step(); await run.finish()`.

    file: a path, a name in `.github/workflows`, None for the only one there is, or a workflow that was built.
    fresh: whether legs that would come out as they did before run all the same. What is taken step by step always runs.

    What the same cell began before and still stands is paused: `pk.resume(NUMBER)` goes on with it.

    jobs: ids, with what they need. matrix: key to the values that are wanted. parallel: legs at a time; None: as many as cores.

    Raises WorkflowInvalid for what is wrong in the workflow or here, SurroundingsMissing where an engine or an image is not there.
    """
    folder = Path(directory).absolute()
    wanted = given.choices("matrix", matrix)
    wish = Wish(None, event, given.words("jobs", jobs), wanted, given.texts("inputs", inputs)).of(file)
    planned = make(wish, folder, os.environ)
    surroundings = _surroundings(folder, store, secrets, env, executor, parallel, fresh)
    recover(surroundings.store, surroundings.environment)
    return _held(Session(planned, surroundings), file)


def resume(
    run: int | str, start: str = "", *, file: Asked = None, directory: Path | str = ".", secrets: Mapping[str, str] | None = None,
    env: Mapping[str, One] | None = None, store: Path | str | None = None, parallel: int | None = None,
) -> Run:
    """The next attempt of a run that was paused or has failed, standing before its first step.

    run: its number, its id or the beginning of one. start: `JOB[/STEP]` from which on everything runs again. file: a workflow
    that is to stand for the one that was run. Secrets are never kept, so they are given anew. Raises WorkflowInvalid where there is
    nothing to go on with, SurroundingsMissing as `start` does.
    """
    folder = Path(directory).absolute()
    surroundings = _surroundings(folder, store, secrets, env, "docker", parallel, fresh=False)
    recover(surroundings.store, surroundings.environment)
    return _held(resuming.resume(str(run), surroundings, folder, start, file), file)


def _surroundings(
    folder: Path, store: Path | str | None, secrets: Mapping[str, str] | None, env: Mapping[str, One] | None, executor: str,
    parallel: int | None, fresh: bool,
) -> Surroundings:
    environment = dict(os.environ)  # who says this in a notebook or a script stands above `main`
    return Surroundings(
        store=Store.find(folder, environment, None if store is None else str(store)), environment=environment,
        executor=given.executor(executor), cores=given.parallel(parallel) or os.cpu_count() or 2, host=os.uname().nodename,
        secrets=given.texts("secrets", secrets), variables=given.texts("env", env), fresh=fresh,
    )


def _held(session: Session, file: Asked) -> Run:
    session.prepare(lambda _: None)
    run = Run(session)
    leaving.begun_in(*cell.identity(), run)
    if isinstance(file, Follower):
        file.follow(run)
    return run
