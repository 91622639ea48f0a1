"""Where a run is to stop: before or after a step, by name or glob, or where something fails."""

import fnmatch
import re
from dataclasses import dataclass

from pipelinekit.model.event import Event, StepFinished, StepStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.plan import Plan, PlannedJob
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.run_state import LegState, RunState
from pipelinekit.model.workflow import Step
from pipelinekit.runs.step import usual_name

_WRITTEN = re.compile(r"(?:(?P<when>before|after):)?(?P<job>[^/]+)(?:/(?P<step>.+))?")
ON_FAILURE = "on-failure"


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """when: before, after, on-failure. job: id or leg name, step: id, name or number (from 1); both may be globs."""

    when: str
    job: str = "*"
    step: str = "*"

    @classmethod
    def read(cls, text: str) -> "Breakpoint":
        """`before:JOB/STEP`, `after:JOB/STEP`, `JOB/STEP` (before), `JOB` (before its first step), `on-failure`."""
        if text == ON_FAILURE:
            return cls(ON_FAILURE)
        found = _WRITTEN.fullmatch(text)
        if found is None:
            hint = "before:JOB/STEP, after:JOB/STEP or on-failure"
            raise WorkflowInvalid(Problem("break", f'a breakpoint can\'t be "{text}"', hint=hint))
        return cls(found["when"] or "before", found["job"], found["step"] or "1")

    def takes(self, job: str, leg: str, step: Step) -> bool:
        """Whether it means this step of this leg."""
        return self.at(job, leg) and self._names(step)

    def at(self, *names: str) -> bool:
        """Whether it means the job or leg of one of these names."""
        return any(_matches(self.job, name) for name in names)

    def check(self, plan: Plan) -> None:
        """Raises WorkflowInvalid where the plan has no such job or step, and tells which it has."""
        if self.when == ON_FAILURE:
            return
        jobs = [planned.job for planned in plan.jobs if self._means(planned)]
        if not jobs:
            hint = f"jobs here: {', '.join(planned.job.id for planned in plan.jobs)}"
            raise WorkflowInvalid(Problem("target", f'there is no job "{self.job}"', hint=hint))
        if not any(self._names(step) for job in jobs for step in job.steps):
            steps = ", ".join(dict.fromkeys(f'"{usual_name(step)}"' for job in jobs for step in job.steps))
            raise WorkflowInvalid(Problem("target", f'"{self.job}" has no step "{self.step}"', hint=f"steps there: {steps}"))

    def comes(self, plan: Plan, state: RunState) -> bool:
        """Whether a step that it means may still be the next one, in a run that has come so far."""
        for planned in filter(self._means, plan.jobs):
            legs = [leg for leg in state.legs if leg.job == planned.job.id]
            steps = list(filter(self._names, planned.job.steps))
            if any(self.at(leg.job, leg.leg) and _is_ahead(leg, step) for leg in legs for step in steps):
                return True
            if not legs and not state.state.finished:
                return True
        return False

    def needed(self, plan: Plan) -> frozenset[str]:
        """Ids of the jobs that it means, and of all that they need."""
        found: set[str] = set()
        for planned in reversed(plan.jobs):  # each comes after what it needs
            if planned.job.id in found or self._means(planned):
                found |= {planned.job.id, *planned.needs}
        return frozenset(found)

    def begins_with(self, event: Event, plan: Plan, state: RunState) -> bool:
        """Whether it is a step that it means that begins with this event."""
        step = _written(event, plan, state) if isinstance(event, StepStarted) else None
        return step is not None and isinstance(event, StepStarted) and self.takes(state.leg(event.leg).job, event.leg, step)

    def is_passed_by(self, event: Event, plan: Plan, state: RunState) -> bool:
        """Whether a run that does not stop goes past it with this event."""
        return has_failed(event, plan, state) if self.when == ON_FAILURE else self.begins_with(event, plan, state)

    def _means(self, planned: PlannedJob) -> bool:
        """The job or one of its legs; of a matrix that is not known yet any."""
        may_be = planned.legs is None and self.job.startswith(f"{planned.job.id} (")
        return may_be or self.at(planned.job.id, *(leg.name for leg in planned.legs or ()))

    def _names(self, step: Step) -> bool:
        names = [step.id, str(step.index + 1), usual_name(step), *([step.uses.text] if step.uses else [])]
        return any(_matches(self.step, name) for name in names)

    def __str__(self) -> str:
        return self.when if self.when == ON_FAILURE else f"{self.when}:{self.job}/{self.step}"


def has_failed(event: Event, plan: Plan, state: RunState) -> bool:
    """Whether a step that the author wrote fails with this."""
    return isinstance(event, StepFinished) and event.conclusion is Outcome.FAILURE and _written(event, plan, state) is not None


def _matches(pattern: str, name: str) -> bool:
    """A name may itself have what a glob has: `Lint [fast]`."""
    return name == pattern or fnmatch.fnmatchcase(name, pattern)


def _is_ahead(leg: LegState, step: Step) -> bool:
    return not leg.state.finished and all(known.index != step.index + 1 for known in leg.steps)


def _written(event: StepStarted | StepFinished, plan: Plan, state: RunState) -> Step | None:
    """The author's step that it is of; None for one that another step brings."""
    steps = plan.workflow.job(state.leg(event.leg).job).steps
    return steps[event.step - 1] if 0 < event.step <= len(steps) else None
