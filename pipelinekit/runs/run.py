"""A plan and an executor in, events out: which leg begins when, what ends with what. Running is iterating."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import condition
from pipelinekit.expressions.tree import fill_node
from pipelinekit.model.event import Event, LegQueued, LegReady, Noted, RunFinished, RunStarted
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome, overall
from pipelinekit.model.plan import Leg, PlannedJob
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.plans.matrix import legs
from pipelinekit.runs import contexts
from pipelinekit.runs.leg import LegRun
from pipelinekit.runs.places import elsewhere, labels, place_request
from pipelinekit.runs.request import RunRequest
from pipelinekit.runs.scope import Scope

_VERBS = {Outcome.FAILURE: "failed", Outcome.CANCELLED: "was cancelled", Outcome.SKIPPED: "was skipped"}
_QUEUE = 256  # events that may wait for the reader: a fast leg waits for it, and memory stays flat


@dataclass(slots=True)
class JobRun:
    """A job on its way: its legs once they are known, its result once they have ended."""

    planned: PlannedJob
    legs: list[LegRun] = field(default_factory=list)
    opened: bool = False
    result: Outcome | None = None
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.planned.job.id


class Run:
    """One run. Iterate to run it to its end, or call `step()`; both may follow each other. missing: what stopped it, if so."""

    def __init__(self, request: RunRequest) -> None:
        self.missing: SurroundingsMissing | None = None
        self._request = request
        self._plan = request.plan
        self._jobs = {planned.job.id: JobRun(planned) for planned in request.plan.jobs}
        self._emit: Callable[[Event], None] = lambda _: None
        self._lock = threading.RLock()
        self._artifacts: dict[str, str] = {}
        self._running: set[str] = set()
        self._cancelled = threading.Event()
        self._begun = self._ended = False
        self._defect: Exception | None = None

    def prepare(self, say: Callable[[str], None]) -> None:
        """Make sure that the image of every leg that is known is there. Raises SurroundingsMissing, and nothing has begun."""
        seen = set()
        for planned in self._plan.jobs:
            for leg in planned.legs or ():
                scope = Scope(self._request, planned, leg, {}, lambda: False)
                try:
                    request = place_request(planned, scope)
                except WorkflowInvalid:  # an expression that needs what an earlier job gives: seen when the leg opens
                    continue
                wish = (request.labels, request.image, request.python, request.node)
                if not elsewhere(request.labels) and wish not in seen:
                    seen.add(wish)
                    self._request.executor.prepare(request, say)

    def __iter__(self) -> Iterator[Event]:
        """All events until the run has ended. The first KeyboardInterrupt cancels the run, a second one goes through."""
        events: queue.Queue[Event | None] = queue.Queue(_QUEUE)
        self._emit = events.put
        threading.Thread(target=self._launch, args=(events,), name="pipelinekit-run").start()
        open_ended = True
        try:
            while True:
                try:
                    event = events.get()
                except KeyboardInterrupt:
                    if self._cancelled.is_set():
                        raise
                    threading.Thread(target=self.cancel, args=("it was interrupted",)).start()
                    continue
                if event is None:
                    open_ended = False
                    break
                yield event
        finally:
            if open_ended:  # the reader has gone: what runs is ended, and nobody waits for a reader any more
                threading.Thread(target=self.cancel, args=("its reader has gone",)).start()
                while events.get() is not None:
                    pass
        if self._defect is not None:
            raise self._defect

    def step(self) -> list[Event]:
        """One step of the first leg that is not through; its events. Nothing more to do: an empty list."""
        events: list[Event] = []
        self._emit = events.append
        self._begin()
        leg = next((leg for leg in self._unfinished() if leg.begun), None) or next(iter(self._startable()), None)
        if leg is not None and not leg.step():
            self._leg_ended(leg)
        self._end_if_done()
        return events

    def next_leg(self) -> LegRun | None:
        """The leg whose step `step()` would take."""
        return next((leg for leg in self._unfinished() if leg.begun), None) or next(iter(self._startable()), None)

    def cancel(self, why: str) -> None:
        """End all that runs and all that could begin; jobs that still wait for others begin only where they say `always()`."""
        with self._lock:
            self._cancelled.set()
            running = [leg for leg in self._unfinished() if leg.begun]
            for leg in self._startable():
                leg.end(Outcome.CANCELLED, why)
        for leg in running:
            leg.cancel(why)
        self._settle()

    # -- what begins ---------------------------------------------------------------------------------------------------

    def _launch(self, events: "queue.Queue[Event | None]") -> None:
        self._begin()
        self._start_more(events)

    def _begin(self) -> None:
        with self._lock:
            if self._begun:
                return
            self._begun = True
            self._emit(self._started())
            for note in self._plan.notes:
                self._emit(Noted(self._request.now(), note.message))
            for job in self._jobs.values():
                for leg in job.planned.legs or ():
                    self._queued(job, leg)
            self._settle()

    def _started(self) -> RunStarted:
        request, trigger, workflow = self._request, self._plan.trigger, self._plan.workflow
        return RunStarted(
            request.now(), request.run_id, request.attempt, request.number, request.source, trigger.repository, workflow.title,
            workflow.path, trigger.event, trigger.branch, trigger.commit, trigger.subject, trigger.tree, trigger.dirty,
            trigger.actor, request.executor.name, request.host, dict(trigger.inputs),
        )

    def _queued(self, job: JobRun, leg: Leg) -> None:
        def emit(event: Event) -> None:
            self._emit(event)

        run = LegRun(self._request, job.planned, leg, self._needs_of(job), emit, self._artifacts)
        job.legs.append(run)
        self._emit(LegQueued(self._request.now(), leg.name, leg.job, leg.index, job.planned.needs, dict(leg.matrix)))

    def _settle(self) -> None:
        """Open every job whose needs have ended, until nothing more follows from what is known."""
        with self._lock:
            while True:
                for job in self._jobs.values():
                    self._conclude(job)
                ready = [j for j in self._jobs.values() if not j.opened and all(n.result for n in self._needed(j))]
                if not ready:
                    return
                for job in ready:
                    self._open(job)

    def _open(self, job: JobRun) -> None:
        job.opened = True
        needs = self._needs_of(job)
        try:
            wanted, why = self._wanted(job, needs)
            if job.planned.legs is None and wanted:
                for leg in legs(job.planned.job, self._contexts(needs), {}):
                    self._queued(job, leg)
        except (WorkflowInvalid, ExpressionError) as wrong:
            self._queue_whole(job)
            self._end_all(job, Outcome.FAILURE, str(wrong))
            return
        if not wanted:
            self._queue_whole(job)
            self._end_all(job, Outcome.CANCELLED if self._cancelled.is_set() else Outcome.SKIPPED, why)
            return
        for one in job.legs:
            if one.outcome is None:
                one.ready(needs)
                self._emit(LegReady(self._request.now(), one.leg.name))
                label = elsewhere(self._labels(job, one, needs))
                if label:
                    one.end(Outcome.SKIPPED, f'unsupported runner "{label}": only Linux runs here')

    def _queue_whole(self, job: JobRun) -> None:
        if not job.legs:
            self._queued(job, Leg(job.id, job.id))

    def _labels(self, job: JobRun, leg: LegRun, needs: contexts.Context) -> tuple[str, ...]:
        try:
            return labels(job.planned, Scope(self._request, job.planned, leg.leg, needs, lambda: False))
        except WorkflowInvalid:
            return ()  # the leg itself fails with it when it opens

    def _wanted(self, job: JobRun, needs: contexts.Context) -> tuple[bool, str]:
        """Whether the job runs, and if not, because of whom or what. Raises ExpressionError."""
        node = job.planned.job.condition
        verdict = condition(
            node.text if node else None, self._contexts(needs), functions=contexts.status_functions(
                lambda: self._status(job), self._cancelled.is_set
            )
        )
        if verdict.result:
            return True, ""
        if self._cancelled.is_set():
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

    # -- what runs and ends --------------------------------------------------------------------------------------------

    def _unfinished(self) -> list[LegRun]:
        return [leg for job in self._jobs.values() for leg in job.legs if leg.outcome is None]

    def _startable(self) -> list[LegRun]:
        return [
            leg for job in self._jobs.values() if job.opened for leg in job.legs if leg.outcome is None and not leg.begun
        ]

    def _start_more(self, events: "queue.Queue[Event | None]") -> None:
        with self._lock:
            for leg in [*(leg for leg in self._unfinished() if leg.begun), *self._startable()]:
                if len(self._running) >= self._request.cores:
                    break
                if leg.leg.name not in self._running and self._may_start(leg):
                    self._running.add(leg.leg.name)
                    leg.begun = True
                    threading.Thread(target=self._carry, args=(leg, events), name=leg.leg.name).start()
            if not self._running and self._end_if_done():
                events.put(None)

    def _may_start(self, leg: LegRun) -> bool:
        """`max-parallel` of its job."""
        limit = leg.job.max_parallel
        if limit is None or not isinstance(limit.value, int | float):
            return True
        siblings = self._jobs[leg.job.id].legs
        return sum(sibling.leg.name in self._running for sibling in siblings) < limit.value

    def _carry(self, leg: LegRun, events: "queue.Queue[Event | None]") -> None:
        try:
            leg.finish()
        except Exception as defect:  # noqa: BLE001 - kept, and raised where the run is read: a thread has nobody to tell
            self._defect = defect
        with self._lock:
            self._running.discard(leg.leg.name)
            self._leg_ended(leg)
        self._start_more(events)

    def _leg_ended(self, leg: LegRun) -> None:
        with self._lock:
            if leg.outcome is None:  # a defect of ours in its thread: the run must end all the same
                leg.end(Outcome.FAILURE, "a defect in pipelinekit ended it")
            job = self._jobs[leg.job.id]
            if leg.missing is not None:
                self.missing = self.missing or leg.missing
                threading.Thread(target=self.cancel, args=(leg.missing.message,)).start()
            elif leg.outcome is Outcome.FAILURE and not leg.continues_on_error and self._fails_fast(job):
                self._fail_fast(job, leg)
            self._settle()

    def _fails_fast(self, job: JobRun) -> bool:
        """`strategy.fail-fast`, true where it is not said or can't be evaluated."""
        try:
            return fill_node(job.planned.job.fail_fast, self._contexts(self._needs_of(job)), {}) is not False
        except WorkflowInvalid:
            return True

    def _fail_fast(self, job: JobRun, failed: LegRun) -> None:
        why = f'because "{failed.leg.name}" failed'
        for leg in job.legs:
            if leg.outcome is None and not leg.begun:
                leg.end(Outcome.CANCELLED, why)
            elif leg.outcome is None:
                threading.Thread(target=leg.cancel, args=(why,)).start()

    def _end_all(self, job: JobRun, outcome: Outcome, reason: str) -> None:
        for leg in job.legs:
            if leg.outcome is None:
                leg.end(outcome, reason)

    def _conclude(self, job: JobRun) -> None:
        if job.result is not None or not job.opened or any(leg.outcome is None for leg in job.legs):
            return
        outcomes = [
            Outcome.SUCCESS if leg.outcome is Outcome.FAILURE and leg.continues_on_error else leg.outcome for leg in job.legs
        ]
        job.result = overall(*(o for o in outcomes if o is not None))
        for leg in job.legs:
            job.outputs |= leg.outputs

    def _end_if_done(self) -> bool:
        with self._lock:
            if not self._begun or self._ended or any(job.result is None for job in self._jobs.values()):
                return self._ended
            self._ended = True
            outcome = overall(*(job.result for job in self._jobs.values() if job.result is not None))
            if self._cancelled.is_set():
                outcome = Outcome.CANCELLED if self.missing is None else Outcome.FAILURE
            failed = [leg.leg.name for job in self._jobs.values() for leg in job.legs if leg.outcome is Outcome.FAILURE]
            reason = self.missing.message if self.missing else ", ".join(failed) and f"{', '.join(failed)} failed"
            self._emit(RunFinished(self._request.now(), outcome, reason))
            return True
