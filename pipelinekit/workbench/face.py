"""The verbs that Python and notebooks use: plan a workflow, start a run of it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelinekit.model.plan import Plan
from pipelinekit.records.store import Store
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.session import Session, Surroundings, recover


def plan(
    file: str | None = None, *, directory: Path | str = ".", event: str | None = None, jobs: Sequence[str] = (),
    matrix: Mapping[str, Sequence[str]] | None = None, inputs: Mapping[str, str] | None = None,
) -> Plan:
    """What would run: `pk.plan("ci.yml")`. The arguments are those of `pipelinekit plan`. Raises WorkflowInvalid."""
    return make(Wish(file, event, tuple(jobs), matrix or {}, inputs or {}), Path(directory).absolute(), os.environ).plan


def start(
    file: str | None = None, *, directory: Path | str = ".", event: str | None = None, jobs: Sequence[str] = (),
    matrix: Mapping[str, Sequence[str]] | None = None, inputs: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None, env: Mapping[str, str] | None = None, executor: str = "docker",
    store: Path | str | None = None, parallel: int | None = None, fresh: bool = False,
) -> Session:
    """A run that stands before its first step: `run = pk.start("ci.yml"); run.step(); run.finish()`.

    fresh: whether legs that would come out as they did before run all the same. What is taken step by step always runs.

    Raises WorkflowInvalid for what is wrong in the workflow, SurroundingsMissing where an engine or an image is not there.
    """
    folder = Path(directory).absolute()
    planned = make(Wish(file, event, tuple(jobs), matrix or {}, inputs or {}), folder, os.environ)
    environment = dict(os.environ)  # who says this in a notebook or a script stands above `main`
    kept = Store.find(folder, environment, None if store is None else str(store))
    recover(kept, environment)
    surroundings = Surroundings(
        store=kept, environment=environment, executor=executor, cores=parallel or os.cpu_count() or 2, host=os.uname().nodename,
        secrets=secrets or {}, variables=env or {}, fresh=fresh,
    )
    session = Session(planned, surroundings)
    session.prepare(lambda _: None)
    return session
