"""A plan and an executor in, events out. Running is iterating, stepping is `step()`; legs run in threads, up to the cores."""

import itertools
import queue
import threading
from collections.abc import Callable, Collection, Iterator

from pipelinekit.model.event import Event, Noted, RunFinished, RunPaused, RunStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.runs.jobs import Jobs
from pipelinekit.runs.leg import LegRun
from pipelinekit.runs.places import elsewhere, place_request
from pipelinekit.runs.request import RunRequest
from pipelinekit.runs.scope import Scope

_QUEUE = 16  # events that may wait for the reader: a fast leg waits for it, so that memory stays flat (one may hold 30,000 lines)

Events = queue.Queue[Event | None]
Hear = Callable[[Event], None]


class Run:
    """One run. Iterate to run it to its end, or call `step()`; both may follow each other. missing: what stopped it, if so.

    hear: gets each event as it happens.
    """

    def __init__(self, request: RunRequest) -> None:
        self.missing: SurroundingsMissing | None = None
        self._request = request
        self._plan = request.plan
        self._emit: Hear = lambda _: None
        self._lock = threading.RLock()
        self._running: set[str] = set()
        self._cancelled = threading.Event()
        self._jobs = Jobs(request, lambda event: self._emit(event), self._cancelled.is_set)  # noqa: PLW0108 - who reads changes
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
        events: Events = queue.Queue(_QUEUE)
        self._emit = events.put
        threading.Thread(target=self._launch, args=(events,), name="pipelinekit-run", daemon=True).start()
        event: Event | None = None
        try:
            while (event := self._next(events)) is not None:
                yield event
        finally:
            if event is not None:  # the reader has gone: what runs is ended, and nobody waits for a reader any more
                threading.Thread(target=self.cancel, args=("its reader has gone",)).start()
                while events.get() is not None:
                    pass
        if self._defect is not None:
            raise self._defect

    def step(self, hear: Hear, among: Collection[str] = ()) -> None:
        """One step of the first leg that is not through, or nothing where none is left. among: ids of jobs, empty for all."""
        self._listen(hear)
        leg = self.next_leg(among)
        if leg is not None:
            leg.keeps_before = True
            if not leg.step():
                self._leg_ended(leg)
        self._end_if_done()

    def skip(self, hear: Hear, why: str) -> None:
        """Leave the next step out. Opens the leg's place first where it is not open yet."""
        self._listen(hear)
        leg = self.next_leg()
        if leg is not None:
            if not leg.begun:
                leg.step()
            leg.skip(why)

    def skip_job(self, hear: Hear, name: str, why: str) -> None:
        """Leave a job out, or one of its legs; what needs it follows its `if:`. Raises WorkflowInvalid where that is too late."""
        self._listen(hear)
        with self._lock:
            self._jobs.skip(name, why)
        self._end_if_done()

    def pause(self, hear: Hear, why: str, *, failed: bool = False) -> None:
        """Keep what stands, and end the attempt: another one goes on. failed: a leg whose step failed has failed with that."""
        self._listen(hear)
        for leg in self._jobs.unfinished():
            if failed and leg.begun:
                leg.stop_failed(why)
            if leg.begun and leg.outcome is None:
                leg.pause()
        self._ended = True
        now = self._request.now()
        self._emit(RunFinished(now, Outcome.FAILURE, why) if failed else RunPaused(now, why))

    def next_leg(self, among: Collection[str] = ()) -> LegRun | None:
        """The leg whose step `step()` would take."""
        begun = (leg for leg in self._jobs.unfinished() if leg.begun)
        waiting = itertools.chain(begun, self._jobs.startable())
        return next((leg for leg in waiting if not among or leg.job.id in among), None)

    def cancel(self, why: str) -> None:
        """End all that runs and all that could begin; jobs that still wait for others begin only where they say `always()`."""
        with self._lock:
            self._cancelled.set()
            if not self._begun:  # its jobs are queued when it begins, and end with that
                return
            running = [leg for leg in self._jobs.unfinished() if leg.begun]
            for leg in self._jobs.startable():
                leg.end(Outcome.CANCELLED, why)
            self._jobs.settle()
        for leg in running:
            leg.cancel(why)

    def _listen(self, hear: Hear) -> None:
        """From here on `hear` gets what happens: in this thread, or where it is cancelled meanwhile in that one."""
        self._emit = hear
        self._begin()

    def _next(self, events: Events) -> Event | None:
        while True:
            try:
                return events.get()
            except KeyboardInterrupt:
                if self._cancelled.is_set():
                    raise
                threading.Thread(target=self.cancel, args=("it was interrupted",)).start()

    def _launch(self, events: Events) -> None:
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
            self._jobs.begin()

    def _started(self) -> RunStarted:
        request, trigger, workflow = self._request, self._plan.trigger, self._plan.workflow
        return RunStarted(
            request.now(), request.run_id, request.attempt, request.number, request.source, trigger.repository, workflow.title,
            workflow.path, trigger.event, trigger.branch, trigger.commit, trigger.subject, trigger.tree, trigger.dirty,
            trigger.actor, request.executor.name, request.host, dict(trigger.inputs),
        )

    def _start_more(self, events: Events) -> None:
        with self._lock:
            for leg in [*(leg for leg in self._jobs.unfinished() if leg.begun), *self._jobs.startable()]:
                if len(self._running) >= self._request.cores:
                    break
                if leg.leg.name not in self._running and self._may_start(leg):
                    self._running.add(leg.leg.name)
                    leg.begun = True
                    threading.Thread(target=self._carry, args=(leg, events), name=leg.leg.name, daemon=True).start()
            if not self._running and self._end_if_done():
                events.put(None)

    def _may_start(self, leg: LegRun) -> bool:
        """`max-parallel` of its job."""
        limit = leg.job.max_parallel
        if limit is None or not isinstance(limit.value, int | float):
            return True
        return sum(sibling.leg.name in self._running for sibling in self._jobs.siblings(leg)) < limit.value

    def _carry(self, leg: LegRun, events: Events) -> None:
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
            if leg.missing is not None:
                self.missing = self.missing or leg.missing
                threading.Thread(target=self.cancel, args=(leg.missing.message,)).start()
            self._jobs.ended(leg)

    def _end_if_done(self) -> bool:
        with self._lock:
            outcome = self._jobs.outcome()
            if self._ended or not self._begun or outcome is None:
                return self._ended
            self._ended = True
            if self._cancelled.is_set():
                outcome = Outcome.CANCELLED if self.missing is None else Outcome.FAILURE
            failed = self._jobs.failed()
            reason = self.missing.message if self.missing else f"{', '.join(failed)} failed" if failed else ""
            self._emit(RunFinished(self._request.now(), outcome, reason))
            return True
