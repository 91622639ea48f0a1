"""A run while it is watched: its state, and what stands around it that its events do not say."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipelinekit.model.outcome import State
from pipelinekit.model.plan import Plan
from pipelinekit.model.run_state import LegState, RunState

Json = Any  # what JSON can say; untyped, because it only goes out
END = -1
STANDING = ("", "shell")  # verbs during which nothing of the run itself happens


@dataclass(frozen=True, slots=True)
class Failure:
    """Why legs failed in a step: the 1-5 lines that decide, and what is known about the tests that failed in it.

    lines: (number, text), of the first leg.
    """

    legs: tuple[str, ...]
    step: str
    finding: str
    known: str = ""
    lines: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A run and what can be done with it.

    state: with every leg that is planned: see `whole`. now: seconds since 1970; where it stands the time of its last event.
    can: verbs; doing: the one under way. trouble: why the last one could not be done. at: leg and step that come next,
    0 where it is set up and END where only its end is left; upcoming: what that step would do, as JSON. steps: of each job the
    names as written; written: what they do, each a command or an action. stops: (job, step from 1) with a breakpoint;
    on_failure: whether it stops where a step fails. usual: of each leg the seconds that it takes. flaky: legs that succeeded
    after they had failed on the same code. path: legs on the critical path.
    """

    state: RunState
    title: str
    number: int
    run_id: str = ""
    attempt: int = 1
    now: float = 0.0
    can: tuple[str, ...] = ()
    doing: str = ""
    trouble: str = ""
    at: tuple[str, int] | None = None
    upcoming: Mapping[str, Json] = field(default_factory=dict)
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stops: frozenset[tuple[str, int]] = frozenset()
    on_failure: bool = False
    usual: Mapping[str, float] = field(default_factory=dict)
    flaky: frozenset[str] = frozenset()
    path: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether something happens in it now, so that its clocks go."""
        return self.state.started is not None and self.state.state is State.RUNNING and self.doing not in STANDING

    def word(self, leg: LegState) -> str:
        """The word of a leg: its state's, what it is besides a success, or how it stands while it waits for a verb."""
        if leg.state is State.RUNNING and not self.runs:
            return "failure" if leg.failed_step is not None else "paused"
        if leg.state is not State.SUCCESS:
            return leg.state.value
        return "remembered" if leg.remembered else "flaky" if leg.leg in self.flaky else "success"


def whole(state: RunState, plan: Plan) -> RunState:
    """The state with all that is planned: jobs whose legs are not known yet stand as one, queued."""
    found = {leg.job for leg in state.legs}
    legs: list[LegState] = []
    for planned in plan.jobs:
        if planned.job.id in found:
            legs += [leg for leg in state.legs if leg.job == planned.job.id]
        elif planned.legs is None:
            legs.append(LegState(planned.job.id, planned.job.id, State.QUEUED, needs=planned.needs))
        else:
            legs += [LegState(leg.name, leg.job, State.QUEUED, leg.index, planned.needs, leg.matrix) for leg in planned.legs]
    return replace(state, legs=tuple(legs))
