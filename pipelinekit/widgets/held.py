"""What the widget needs of a live run, and that run as the pictures take it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Protocol

from pipelinekit.model.event import Event
from pipelinekit.model.node import plain
from pipelinekit.model.outcome import State
from pipelinekit.model.plan import Plan
from pipelinekit.model.run_state import RunState
from pipelinekit.model.workflow import Step
from pipelinekit.records.store import Store
from pipelinekit.run_views.live_run import END, Failure, Json, LiveRun, whole
from pipelinekit.runs.preview import Preview
from pipelinekit.runs.step import usual_name
from pipelinekit.views.matrix import said
from pipelinekit.workbench.breakpoints import ON_FAILURE, Breakpoint


class Result(Protocol):
    """A verb under way."""

    @property
    def done(self) -> bool: ...
    def wait(self, seconds: float | None = None) -> object: ...


class Held(Protocol):
    """`live_runs.run.Run`, as far as its widget goes."""

    doing: str
    watched: bool
    trouble: str
    upcoming: Preview | None
    at: tuple[str, int] | None
    breakpoints: list[Breakpoint]

    @property
    def state(self) -> RunState: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def number(self) -> int: ...
    @property
    def run_id(self) -> str: ...
    @property
    def attempt(self) -> int: ...
    @property
    def store(self) -> Store: ...
    @property
    def can(self) -> tuple[str, ...]: ...
    def stop_shell(self) -> None: ...
    def do(self, verb: str, argument: str = "") -> Result: ...
    def break_at(self, where: str) -> None: ...
    def unbreak(self, where: str) -> None: ...
    def listen(self, hear: Callable[[Event | None], object]) -> Callable[[], None]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What the store and the logs say of the run, found while it goes on: see `LiveRun`."""

    usual: Mapping[str, float] = field(default_factory=dict)
    flaky: frozenset[str] = frozenset()
    path: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()


NOTHING = Known()


def live(run: Held, known: Known = NOTHING) -> LiveRun:
    """The run now. Nothing happens by asking."""
    plan, doing, at = run.plan, run.doing, run.at
    state = whole(run.state, plan)
    steps = {planned.job.id: tuple(usual_name(step) for step in planned.job.steps) for planned in plan.jobs}
    seen = LiveRun(
        state=state,
        title=plan.workflow.path.rpartition("/")[2] or plan.workflow.title,
        number=run.number,
        run_id=run.run_id,
        attempt=run.attempt,
        can=run.can,
        doing=doing,
        trouble=run.trouble,
        at=_next(at, state),
        steps=steps,
        written={planned.job.id: tuple(map(_written, planned.job.steps)) for planned in plan.jobs},
        stops=_stops(run.breakpoints, plan),
        on_failure=any(wanted.when == ON_FAILURE for wanted in run.breakpoints),
        usual=known.usual,
        flaky=known.flaky,
        path=known.path,
        failures=known.failures,
    )
    return replace(seen, now=time.time() if seen.runs else last_at(state), upcoming=_upcoming(run.upcoming, seen, plan))


def _written(step: Step) -> str:
    if step.run is not None:
        return step.run.text.rstrip()
    return f"uses: {step.uses.text}" if step.uses is not None else step.control or ""


def last_at(state: RunState) -> float:
    """When the last of what is known happened."""
    times = [state.started.at if state.started else 0.0, state.finished_at or 0.0]
    for leg in state.legs:
        times += [leg.started_at or 0.0, leg.finished_at or 0.0]
        times += [step.finished_at or step.started_at or 0.0 for step in leg.steps]
    return max(times)


def _next(at: tuple[str, int] | None, state: RunState) -> tuple[str, int] | None:
    """The run's own word, which has no other than 0 for the end of a leg."""
    if at is None:
        return _first(state) if state.started is None else None
    begun = any(leg.leg == at[0] and leg.started_at is not None for leg in state.legs)
    return (at[0], END) if begun and at[1] == 0 else at


def _first(state: RunState) -> tuple[str, int] | None:
    """What comes first, of a run that has not begun."""
    ready = next((leg for leg in state.legs if leg.state is State.QUEUED and not leg.needs), None)
    return (ready.leg, 0) if ready else None


def _stops(breakpoints: list[Breakpoint], plan: Plan) -> frozenset[tuple[str, int]]:
    """Job and step (from 1) of each breakpoint that names one."""
    return frozenset(
        (planned.job.id, step.index + 1)
        for wanted in tuple(breakpoints)
        if wanted.when != ON_FAILURE
        for planned in plan.jobs
        for step in planned.job.steps
        if any(wanted.takes(planned.job.id, name, step) for name in (planned.job.id, *(leg.name for leg in planned.legs or ())))
    )


def _upcoming(preview: Preview | None, run: LiveRun, plan: Plan) -> Json:
    """What the next step would do; of a leg whose place is not open yet, what opening it means."""
    if run.doing or run.at is None:
        return {}
    leg, step = run.at
    if step and preview is not None and preview.leg == leg:
        return asdict(preview)
    if step:
        return {"name": f"The end of {leg}", "runs": True} if step == END else {}
    job = plan.workflow.job(next(each.job for each in run.state.legs if each.leg == leg))
    container = plain(job.container) if job.container is not None else ""
    image = container.get("image", "") if isinstance(container, dict) else container
    label = plain(job.runs_on) if job.runs_on is not None else ""
    return {"name": f"Setting up {leg}", "runs": True, "image": said(image), "label": said(label)}
