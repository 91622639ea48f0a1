"""Events folded into what a person sees of a run: small, and the same for terminal, notebook, page and recovery.

The fold is pure: `fold(state, event)` returns a new state and shares what did not change.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from pipelinekit.model.event import (
    Annotated,
    ArtifactSaved,
    CacheUsed,
    Event,
    LegFinished,
    LegKept,
    LegQueued,
    LegReady,
    LegStarted,
    LinesLogged,
    Measured,
    Noted,
    ReportFound,
    RunFinished,
    RunPaused,
    RunStarted,
    StepFinished,
    StepSkipped,
    StepStarted,
    SummaryWritten,
)
from pipelinekit.model.measure import TestOutcome
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.shown import Shown

TAIL_LINES = 20


DONE_BEFORE = "done in attempt"  # why a step that an earlier attempt had done is passed by; its number follows


@dataclass(frozen=True, slots=True)
class StepState:
    """reason: why it failed or was skipped; of a skipped one its condition's three lines. tail: the last lines it printed.

    environment: what it adds to the job's. changed: what it set for the steps that follow.
    """

    index: int
    id: str
    name: str
    state: State
    uses: str = ""
    parent: int | None = None
    started_at: float | None = None
    finished_at: float | None = None
    exit_code: int | None = None
    outcome: Outcome | None = None
    reason: str = ""
    command: str = ""
    tail: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def was_done(self) -> bool:
        """Whether an earlier attempt had done it, so that this one passed it by."""
        return self.state is State.SKIPPED and self.reason.startswith(DONE_BEFORE)


@dataclass(frozen=True, slots=True)
class LegState:
    """last_line: of its log so far. lines: how many there are. failed_tests: names of tests whose last execution failed."""

    leg: str
    job: str
    state: State
    index: int = 0
    needs: tuple[str, ...] = ()
    matrix: dict[str, Value] = field(default_factory=dict)
    steps: tuple[StepState, ...] = ()
    queued_at: float | None = None
    ready_at: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    reason: str = ""
    image: str = ""
    place: str = ""
    kept: LegKept | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    remembered: str = ""
    last_line: str = ""
    lines: int = 0
    annotations: tuple[Annotated, ...] = ()
    artifacts: tuple[ArtifactSaved, ...] = ()
    caches: tuple[CacheUsed, ...] = ()
    summaries: tuple[str, ...] = ()
    tests: int = 0
    failed_tests: tuple[str, ...] = ()

    @property
    def failed_step(self) -> StepState | None:
        """The first step that failed; of one that failed because of a step in it that one."""
        failed = [s for s in self.steps if s.outcome is Outcome.FAILURE and s.state is not State.SUCCESS]
        path: tuple[StepState, ...] = ()
        while inner := next((s for s in failed if self.around(s) == path), None):  # inside a forgiven one nothing counts
            path = (*path, inner)
        return path[-1] if path else None

    def around(self, step: StepState) -> tuple[StepState, ...]:
        """The steps that it is part of, the outermost first. What an action left to do at the end of the job is part of none."""
        if step.parent is None:
            return ()
        parent = next((other for other in self.steps if other.index == step.parent), None)
        return () if parent is None or _left_by(parent, step) else (*self.around(parent), parent)


@dataclass(frozen=True, slots=True, repr=False)
class RunState(Shown):
    started: RunStarted | None = None
    state: State = State.QUEUED
    legs: tuple[LegState, ...] = ()
    finished_at: float | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        what = self.started.path if self.started else "nothing yet"
        return f"<RunState of {what}: {self.state}, legs {len(self.legs)}>"

    def leg(self, name: str) -> LegState:
        """The leg of this name. Raises KeyError."""
        for leg in self.legs:
            if leg.leg == name:
                return leg
        raise KeyError(name)

    @property
    def outcome(self) -> Outcome | None:
        """None until it has ended."""
        return Outcome(self.state.value) if self.state.finished else None


def _left_by(parent: StepState, step: StepState) -> bool:
    """Whether it came after its parent: times say so where they are known; one that was skipped left it in an attempt before."""
    late = parent.finished_at is not None and step.started_at is not None and step.started_at >= parent.finished_at
    return late or parent.state is State.SKIPPED or (bool(step.uses) and (step.id, step.uses) == (parent.id, parent.uses))


def fold(state: RunState, event: Event) -> RunState:  # noqa: PLR0911 - one for each kind
    """The state after the event."""
    match event:
        case RunStarted():
            return replace(state, started=event, state=State.RUNNING)
        case RunFinished():
            return replace(state, state=State(event.outcome), finished_at=event.at, reason=event.reason)
        case RunPaused():
            return replace(state, state=State.PAUSED, finished_at=event.at, reason=event.reason)
        case Noted():
            return replace(state, notes=(*state.notes, event.message))
        case LegQueued():
            queued = LegState(event.leg, event.job, State.QUEUED, event.index, event.needs, event.matrix, queued_at=event.at)
            return replace(state, legs=(*state.legs, queued))
        case (
            LegReady() | LegStarted() | LegFinished() | LegKept() | StepStarted() | StepFinished() | StepSkipped() | LinesLogged()
            | Annotated() | SummaryWritten() | CacheUsed() | ArtifactSaved() | Measured()
        ):
            legs = tuple(_fold_leg(leg, event) if leg.leg == event.leg else leg for leg in state.legs)
            return replace(state, legs=legs)
        case ReportFound():
            return state
        case _:
            assert_never(event)


LegEvent = (
    LegReady | LegStarted | LegFinished | LegKept | StepStarted | StepFinished | StepSkipped | LinesLogged
    | Annotated | SummaryWritten | CacheUsed | ArtifactSaved | Measured
)


def _fold_leg(leg: LegState, event: LegEvent) -> LegState:  # noqa: PLR0911
    match event:
        case LegReady():
            return replace(leg, ready_at=event.at)
        case LegStarted():
            return replace(
                leg, state=State.RUNNING, started_at=event.at, image=event.image, place=event.place, remembered=event.remembered
            )
        case LegFinished():
            return replace(
                leg, state=State(event.outcome), finished_at=event.at, reason=event.reason, outputs=event.outputs,
                remembered=event.remembered,
            )
        case LegKept():
            return replace(leg, kept=event, state=State.PAUSED if event.paused else leg.state)
        case StepStarted() | StepSkipped() | StepFinished():
            return replace(leg, steps=_fold_steps(leg.steps, event))
        case LinesLogged():
            steps = leg.steps if event.stream == "runner" else tuple(_with_lines(step, event) for step in leg.steps)
            return replace(leg, steps=steps, last_line=event.lines[-1][1], lines=event.first + len(event.lines) - 1)
        case Annotated():
            return replace(leg, annotations=(*leg.annotations, event))
        case SummaryWritten():
            return replace(leg, summaries=(*leg.summaries, event.text))
        case CacheUsed():
            return replace(leg, caches=(*leg.caches, event))
        case ArtifactSaved():
            return replace(leg, artifacts=(*leg.artifacts, event))
        case Measured():
            return _with_tests(leg, event)
        case _:
            assert_never(event)


def _fold_steps(steps: tuple[StepState, ...], event: StepStarted | StepFinished | StepSkipped) -> tuple[StepState, ...]:
    match event:
        case StepStarted():
            new = StepState(
                event.step, event.id, event.name, State.RUNNING, event.uses, event.parent, event.at, command=event.command,
                environment=event.environment,
            )
            return (*(s for s in steps if s.index != event.step), new)
        case StepSkipped():
            skipped = StepState(
                event.step, event.id, event.name, State.SKIPPED, event.uses, event.parent,
                outcome=Outcome.SKIPPED, reason=event.condition,
            )
            return (*steps, skipped)
        case StepFinished():
            return tuple(
                replace(
                    s, state=State(event.conclusion), finished_at=event.at, exit_code=event.exit_code,
                    outcome=event.outcome, reason=event.reason, changed=event.environment, outputs=event.outputs,
                )
                if s.index == event.step
                else s
                for s in steps
            )
        case _:
            assert_never(event)


def _with_lines(step: StepState, event: LinesLogged) -> StepState:
    if step.index != event.step:
        return step
    texts = tuple(text for _, text in event.lines[-TAIL_LINES:])
    return replace(step, tail=(*step.tail, *texts)[-TAIL_LINES:])


def _with_tests(leg: LegState, event: Measured) -> LegState:
    last = {(t.class_name, t.test): t.outcome for t in event.tests}
    failed = tuple(test for (_, test), outcome in last.items() if outcome in (TestOutcome.FAILED, TestOutcome.ERROR))
    return replace(leg, tests=leg.tests + len(last), failed_tests=(*leg.failed_tests, *failed))
