"""The jobs of a run: which one begins when what it needs has ended, which is skipped because of whom, what each came to."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import condition
from pipelinekit.expressions.tree import fill_node
from pipelinekit.model.event import Event, LegQueued, LegReady
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome, State, overall
from pipelinekit.model.plan import Leg, PlannedJob
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.plans.matrix import legs
from pipelinekit.runs import contexts
from pipelinekit.runs.leg import LegRun
from pipelinekit.runs.places import elsewhere, labels
from pipelinekit.runs.request import RunRequest
from pipelinekit.runs.scope import Scope

_VERBS = {Outcome.FAILURE: "failed", Outcome.CANCELLED: "was cancelled", Outcome.SKIPPED: "was skipped"}


@dataclass(slots=True)
class JobRun:
    """A job on its way: its legs once they are known, its result once they have ended. opened: whether its needs have ended."""

    planned: PlannedJob
    legs: list[LegRun] = field(default_factory=list)
    opened: bool = False
    result: Outcome | None = None
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.planned.job.id


class Jobs:
    """All jobs of a run. Used by one thread at a time (the run holds its lock). cancelled: whether the run is to end."""

    def __init__(self, request: RunRequest, emit: Callable[[Event], None], cancelled: Callable[[], bool]) -> None:
        self._request = request
        self._plan = request.plan
        self._emit = emit
        self._cancelled = cancelled
        self._jobs = {planned.job.id: JobRun(planned) for planned in request.plan.jobs}
        carried = (state for state in request.before.values() if state.state is State.SUCCESS)
        self._artifacts = {artifact.name: artifact.digest for state in carried for artifact in state.artifacts}
        self._again = self._downstream(request.start.partition("/")[0])

    def begin(self) -> None:
        """Queue every leg that is known, and open the jobs that need nothing."""
        for job in self._jobs.values():
            for leg in job.planned.legs or ():
                self._queue(job, leg)
        self.settle()

    def unfinished(self) -> list[LegRun]:
        return [leg for job in self._jobs.values() for leg in job.legs if leg.outcome is None]

    def startable(self) -> list[LegRun]:
        """Legs that wait for nothing but a core, in the order of the plan."""
        opened = (job for job in self._jobs.values() if job.opened)
        return [leg for job in opened for leg in job.legs if leg.outcome is None and not leg.begun]

    def siblings(self, leg: LegRun) -> list[LegRun]:
        """The legs of the same job, itself among them."""
        return self._jobs[leg.job.id].legs

    def failed(self) -> list[str]:
        """Names of the legs that failed."""
        return [leg.leg.name for job in self._jobs.values() for leg in job.legs if leg.outcome is Outcome.FAILURE]

    def outcome(self) -> Outcome | None:
        """Of the whole run; None until every job has a result."""
        results = [job.result for job in self._jobs.values()]
        return None if None in results else overall(*(result for result in results if result is not None))

    def settle(self) -> None:
        """Open every job whose needs have ended, until nothing more follows from what is known."""
        while True:
            for job in self._jobs.values():
                _conclude(job)
            ready = [j for j in self._jobs.values() if not j.opened and all(n.result for n in self._needed(j))]
            if not ready:
                return
            for job in ready:
                self._open(job)

    def skip(self, name: str, why: str) -> None:
        """Leave out a job, or a leg of one, that has not begun. Raises WorkflowInvalid where it has, and where there is none."""
        found = self._jobs.get(name)
        legs = found.legs if found else [leg for job in self._jobs.values() for leg in job.legs if leg.leg.name == name]
        if found is None and not legs:
            hint = f"jobs here: {', '.join(self._jobs)}"
            raise WorkflowInvalid(Problem("skip", f'there is no job "{name}" to skip', hint=hint))
        if any(leg.begun or leg.outcome is not None for leg in legs):
            raise WorkflowInvalid(Problem("skip", f'"{name}" has begun: only its next step can be skipped'))
        if found is not None:
            found.opened = True
            self._end_all(found, Outcome.SKIPPED, why)
        else:
            legs[0].end(Outcome.SKIPPED, why)
        self.settle()

    def ended(self, leg: LegRun) -> None:
        """A leg has ended: where it failed and its job fails fast, its siblings are cancelled; what follows begins."""
        job = self._jobs[leg.job.id]
        if leg.outcome is Outcome.FAILURE and leg.missing is None and not leg.continues_on_error and self._fails_fast(job):
            why = f'because "{leg.leg.name}" failed'
            for sibling in job.legs:
                if sibling.outcome is None and not sibling.begun:
                    sibling.end(Outcome.CANCELLED, why)
                elif sibling.outcome is None:
                    threading.Thread(target=sibling.cancel, args=(why,)).start()
        self.settle()

    def _queue(self, job: JobRun, leg: Leg) -> None:
        run = LegRun(self._request, job.planned, leg, self._needs_of(job), self._emit, self._artifacts)
        job.legs.append(run)
        self._emit(LegQueued(self._request.now(), leg.name, leg.job, leg.index, job.planned.needs, dict(leg.matrix)))

    def _open(self, job: JobRun) -> None:
        job.opened = True
        needs = self._needs_of(job)
        try:
            wanted, why = self._wanted(job, needs)
            if job.planned.legs is None and wanted:
                for leg in legs(job.planned.job, self._contexts(needs), {}):
                    self._queue(job, leg)
        except (WorkflowInvalid, ExpressionError) as wrong:
            self._end_all(job, Outcome.FAILURE, str(wrong))
            return
        if not wanted:
            self._end_all(job, Outcome.CANCELLED if self._cancelled() else Outcome.SKIPPED, why)
            return
        for run in job.legs:
            if run.outcome is None:
                run.ready(needs)
                self._emit(LegReady(self._request.now(), run.leg.name))
                state = self._request.before.get(run.leg.name)
                if state is not None and state.state is State.SUCCESS and job.id not in self._again:
                    run.end_as_before(state)
                    continue
                label = elsewhere(self._labels(job, run, needs))
                if label:
                    run.end(Outcome.SKIPPED, f'unsupported runner "{label}": only Linux runs here')

    def _labels(self, job: JobRun, leg: LegRun, needs: contexts.Context) -> tuple[str, ...]:
        try:
            return labels(job.planned, Scope(self._request, job.planned, leg.leg, needs, lambda: False))
        except WorkflowInvalid:
            return ()  # the leg itself fails with it when it opens

    def _wanted(self, job: JobRun, needs: contexts.Context) -> tuple[bool, str]:
        """Whether the job runs, and if not, because of whom or what. Raises ExpressionError."""
        node = job.planned.job.condition
        functions = contexts.status_functions(lambda: self._status(job), self._cancelled)
        verdict = condition(node.text if node else None, self._contexts(needs), functions=functions)
        if verdict.result:
            return True, ""
        if self._cancelled():
            return False, "the run was cancelled"
        for need in self._needed(job):
            if need.result is not Outcome.SUCCESS:
                culprit = next((leg.leg.name for leg in need.legs if leg.outcome is need.result), need.id)
                return False, f'because "{culprit}" {_VERBS[need.result or Outcome.SKIPPED]}'
        return False, f"because its condition is false\n{verdict.lines}"

    def _status(self, job: JobRun) -> Outcome:
        """success() asks the direct needs, failure() all that came before."""
        if any(n.result is Outcome.FAILURE for n in self._ancestors(job)):
            return Outcome.FAILURE
        return Outcome.SUCCESS if all(n.result is Outcome.SUCCESS for n in self._needed(job)) else Outcome.SKIPPED

    def _needed(self, job: JobRun) -> list[JobRun]:
        return [self._jobs[name] for name in job.planned.needs if name in self._jobs]

    def _ancestors(self, job: JobRun) -> list[JobRun]:
        found: dict[str, JobRun] = {}
        waiting = self._needed(job)
        while waiting:
            one = waiting.pop()
            if one.id not in found:
                found[one.id] = one
                waiting += self._needed(one)
        return list(found.values())

    def _downstream(self, start: str) -> frozenset[str]:
        """The job that is to run again, and all that wait for it, or for one that did not end well: as on GitHub."""
        again = {job.id for job in self._jobs.values() if start in (job.id, *(leg.name for leg in job.planned.legs or ()))}
        well = (State.SUCCESS, State.SKIPPED)
        changing = again | {state.job for state in self._request.before.values() if state.state not in well}
        for job in self._jobs.values():  # each comes after what it needs
            if changing & set(job.planned.needs):
                changing.add(job.id)
                again.add(job.id)
        return frozenset(again)

    def _needs_of(self, job: JobRun) -> contexts.Context:
        return {
            need.id: {"result": (need.result or Outcome.SKIPPED).value, "outputs": dict[str, Value](need.outputs)}
            for need in self._needed(job)
        }

    def _contexts(self, needs: contexts.Context) -> dict[str, object]:
        request, trigger = self._request, self._plan.trigger
        github = contexts.github(
            self._plan.workflow, trigger, run_id=request.run_id, number=request.number, attempt=request.attempt
        )
        return {"github": github, "inputs": dict(trigger.inputs), "vars": dict(self._plan.variables), "needs": needs}

    def _fails_fast(self, job: JobRun) -> bool:
        """`strategy.fail-fast`, true where it is not said or can't be evaluated."""
        try:
            return fill_node(job.planned.job.fail_fast, self._contexts(self._needs_of(job)), {}) is not False
        except WorkflowInvalid:
            return True

    def _end_all(self, job: JobRun, outcome: Outcome, reason: str) -> None:
        """The job does not run: so do its legs, or, where they are not known, the one that stands for it."""
        if not job.legs:
            self._queue(job, Leg(job.id, job.id))
        for leg in job.legs:
            if leg.outcome is None:
                leg.end(outcome, reason)


def _conclude(job: JobRun) -> None:
    """The job's result, once all its legs have ended; a leg that may fail counts as a success."""
    if job.result is not None or not job.opened or any(leg.outcome is None for leg in job.legs):
        return
    forgiven = (leg.outcome is Outcome.FAILURE and leg.continues_on_error for leg in job.legs)
    outcomes = [Outcome.SUCCESS if forgive else leg.outcome for forgive, leg in zip(forgiven, job.legs, strict=True)]
    job.result = overall(*(outcome for outcome in outcomes if outcome is not None))
    for leg in job.legs:
        job.outputs |= leg.outputs
