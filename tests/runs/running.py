"""Runs of workflows written in a test, on places that are dictionaries."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.keys import CacheKeys
from pipelinekit.model.event import Event, LegFinished, LinesLogged, RunFinished, StepFinished, StepSkipped
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.trigger import Trigger
from pipelinekit.plans.plan import make_plan
from pipelinekit.runs import contexts
from pipelinekit.runs.folders import Actions
from pipelinekit.runs.masks import Masks
from pipelinekit.runs.request import Remembering, RunRequest
from pipelinekit.runs.run import Run
from pipelinekit.workspaces.snapshot import Snapshot
from tests.plans.written import workflow
from tests.runs.fakes import FakeExecutor

E = TypeVar("E")
RUN_ID = "0192f000-0000-7000-8000-000000000000"


def make_run(
    text: str, tmp_path: Path, executor: FakeExecutor | None = None, *, secrets: Mapping[str, str] | None = None, cores: int = 4,
    trigger: Trigger | None = None, environment: Mapping[str, str] | None = None, actions: Mapping[str, str] | None = None,
    run_id: str = RUN_ID, remembering: Remembering | None = None,
) -> Run:
    found, happened = workflow(text), trigger or Trigger()
    plan = make_plan(found, happened, contexts.github(found, happened))
    blobs = BlobStore(tmp_path / "blobs")
    request = RunRequest(
        plan=plan, run_id=run_id, number=1, attempt=1, executor=executor or FakeExecutor(),
        snapshot=Snapshot(tmp_path / "repository", tmp_path / "snapshot"), blobs=blobs, caches=CacheKeys(tmp_path / "caches", blobs),
        folder=tmp_path / "work", masks=Masks((secrets or {}).values()), now=time.time, cores=cores, host="test",
        secrets=secrets or {}, environment=environment or {}, actions=Actions(tmp_path / "repository", actions),
        remembering=remembering,
    )
    return Run(request)


def step(run: Run) -> list[Event]:
    """One step of it, and what happened."""
    events: list[Event] = []
    run.step(events.append)
    return events


def of(kind: type[E], events: Iterable[Event]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def outcomes(events: Iterable[Event]) -> dict[str, Outcome]:
    return {event.leg: event.outcome for event in of(LegFinished, events)}


def steps(events: Iterable[Event], leg: str = "t") -> dict[int, str]:
    """Outcome by step index, the author's steps from 1."""
    kept = list(events)
    ended = {event.step: event.outcome.value for event in of(StepFinished, kept) if event.leg == leg and event.step}
    return ended | {event.step: "skipped" for event in of(StepSkipped, kept) if event.leg == leg}


def output(events: Iterable[Event], leg: str = "t") -> list[str]:
    """What the leg's commands printed."""
    return [text for e in of(LinesLogged, events) if e.leg == leg and e.stream == "output" for _, text in e.lines]


def outcome(events: Iterable[Event]) -> Outcome:
    return of(RunFinished, events)[0].outcome
