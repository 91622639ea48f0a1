"""One leg of a run: a place is opened, the steps happen in it one after another, it is closed. Stepping is `leg.step()`."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator

from pipelinekit.executors.base import Place, Usage
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.tree import fill_node, fill_texts
from pipelinekit.model.event import Event, LegFinished, LegStarted, Noted, ReportFound, StepFinished, StepStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.plan import Leg, PlannedJob
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.workflow import Step
from pipelinekit.runs import contexts
from pipelinekit.runs.places import place_request
from pipelinekit.runs.request import RunRequest
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.step import StepRunner
from pipelinekit.workspaces.reports import find_reports

_USUAL_MINUTES = 360.0
_STOP_SECONDS = 0.05
SETUP = 0  # index of the step that sets up the job


class LegRun:
    """outcome: None until it has ended. outputs: of the job, as this leg gives them. reason: where it is not success."""

    def __init__(
        self, request: RunRequest, planned: PlannedJob, leg: Leg, needs: contexts.Context, emit: Callable[[Event], None],
        artifacts: dict[str, str],
    ) -> None:
        self.leg = leg
        self.job = planned.job
        self.outcome: Outcome | None = None
        self.outputs: dict[str, str] = {}
        self.reason = ""
        self.begun = False
        self.missing: SurroundingsMissing | None = None
        self.continues_on_error = False
        self._request, self._planned, self._emit, self._artifacts = request, planned, emit, artifacts
        self._cancelled = threading.Event()
        self._why_cancelled = ""
        self._scope = Scope(request, planned, leg, needs, self._cancelled.is_set)
        self._place: Place | None = None
        self._runner: StepRunner | None = None
        self._deadline: float | None = None
        self._started_at = 0.0
        self._next: Step | None = None
        self._work = self._perform()

    def step(self) -> bool:
        """Do the next thing (open the place, one step, close it). Whether there is more to do."""
        self.begun = True
        return next(self._work, None) is not None

    def finish(self) -> None:
        """All that is left to do."""
        while self.step():
            pass

    def ready(self, needs: contexts.Context) -> None:
        """What it needs has ended, with these results and outputs."""
        self._scope.needs = needs

    def next_step(self) -> Step | None:
        """The author's step that `step()` would come to next, or None."""
        return self._next

    def cancel(self, why: str) -> None:
        """From another thread: end it. A running step goes on if its condition still holds (`always()`), else it is ended."""
        if self._cancelled.is_set() or self.outcome is not None:
            return
        self._why_cancelled = why
        self._cancelled.set()
        runner = self._runner
        step = runner.running if runner is not None else None
        if runner is not None and step is not None and not self._still_wanted(runner, step):
            threading.Thread(target=self._stop, args=(runner, step), name=f"stop {self.leg.name}", daemon=True).start()

    def end(self, outcome: Outcome, reason: str) -> None:
        """It will not begin: skipped, or cancelled while it waited."""
        self._finished(outcome, reason, Usage())

    def _still_wanted(self, runner: StepRunner, step: Step) -> bool:
        try:
            return runner.verdict(step).result
        except ExpressionError:
            return False

    def _stop(self, runner: StepRunner, step: Step) -> None:
        """End every command of the step: the one that runs, the one that is just about to, and what an action runs after it."""
        while runner.running is step and self._place is not None:
            self._place.stop()
            time.sleep(_STOP_SECONDS)

    def _perform(self) -> Iterator[bool]:
        try:
            runner = self._open()
            if runner is None:
                return
            yield True
            steps = self.job.steps
            for step in steps:
                self._next = step
                self._check_deadline()
                runner.run(step, step.index + 1)
                yield True
            self._next = None
            for number, post in enumerate(reversed(runner.posts)):
                runner.run_post(post, len(steps) + 1 + number)
                yield True
            self._conclude()
        except SurroundingsMissing as missing:
            self.missing = missing
            self._finished(Outcome.FAILURE, missing.message, self._close())
        finally:
            self._close()

    def _open(self) -> StepRunner | None:
        """Open the place; who runs the steps in it, or None where the leg has ended with that."""
        now, name = self._request.now, self.leg.name
        self._started_at = started = now()
        try:
            request = place_request(self._planned, self._scope)
            self._place = place = self._request.executor.open(request)
            self._emit(LegStarted(
                started, name, ", ".join(request.labels), place.image, place.image_digest, place.name
            ))
            self._emit(StepStarted(started, name, SETUP, "__setup", "Set up job"))
            event = json.dumps(contexts.event(self._request.plan.trigger))
            place.write(f"{place.temp}/_github_workflow/event.json", event.encode())
            self._scope.opened(place)
            minutes = fill_node(self.job.timeout_minutes, self._scope.contexts(), self._scope.functions())
            self._deadline = started + 60 * float(str(_USUAL_MINUTES if minutes is None else minutes))
            self.continues_on_error = self._continue_on_error()
        except (WorkflowInvalid, ValueError) as wrong:
            problem = wrong.problems[0] if isinstance(wrong, WorkflowInvalid) else None
            reason = f"{problem.position}: {problem.message}" if problem else str(wrong)
            self._finished(Outcome.FAILURE, reason, self._close())
            return None
        self._runner = runner = StepRunner(self._scope, self.job, place, self._emit, self._artifacts, self._left)
        runner.log(SETUP).say(*(f"{key}: {value}" for key, value in self._about(place).items() if value))
        self._emit(StepFinished(now(), name, SETUP, Outcome.SUCCESS, Outcome.SUCCESS))
        return runner

    def _about(self, place: Place) -> dict[str, str]:
        return {
            "executor": self._request.executor.name, "image": place.image, "digest": place.image_digest, "place": place.name[:12],
            "workspace": place.workspace,
        }

    def _continue_on_error(self) -> bool:
        return fill_node(self.job.continue_on_error, self._scope.contexts(), self._scope.functions()) is True

    def _left(self) -> float | None:
        return None if self._deadline is None else max(0.1, self._deadline - self._request.now())

    def _check_deadline(self) -> None:
        if self._deadline is not None and self._request.now() >= self._deadline and not self._cancelled.is_set():
            self._why_cancelled = "it ran longer than its timeout-minutes"
            self._cancelled.set()

    def _conclude(self) -> None:
        scope = self._scope
        self._check_deadline()
        outcome = scope.status()
        self._keep_reports()
        self._job_outputs()
        reason = self._why_cancelled if outcome is Outcome.CANCELLED else ""
        self._finished(outcome, reason, self._close())

    def _job_outputs(self) -> None:
        """Empty ones are dropped; one that holds a secret is dropped and told, as on GitHub."""
        scope, masks = self._scope, self._request.masks
        try:
            outputs = fill_texts(self.job.outputs, scope.contexts(), scope.functions())
        except WorkflowInvalid as wrong:
            self._emit(Noted(self._request.now(), f"the outputs can't be evaluated: {wrong}", self.leg.name))
            return
        for key, value in outputs.items():
            if masks.hides(value):
                message = f'output "{key}" is dropped, because it may hold a secret'
                self._emit(Noted(self._request.now(), message, self.leg.name))
            elif value:
                self.outputs[key] = value

    def _keep_reports(self) -> None:
        """Test reports and coverage files that the leg made, into the blob store."""
        place = self._place
        if place is None or not self._request.reports:
            return
        folder = place.workspace_folder
        for path in find_reports(folder, self._request.reports, self._started_at):
            digest = self._request.blobs.put_file(folder / path)
            last = len(self.job.steps)
            self._emit(ReportFound(self._request.now(), self.leg.name, last, "report", path, digest, top=place.workspace))

    def _close(self) -> Usage:
        place, self._place = self._place, None
        if place is None:
            return Usage()
        folder = place.workspace_folder.parent
        usage = place.close()
        shutil.rmtree(folder, ignore_errors=True)
        return usage

    def _finished(self, outcome: Outcome, reason: str, usage: Usage) -> None:
        self.outcome, self.reason = outcome, self._request.masks.hide(reason)
        self._emit(LegFinished(
            self._request.now(), self.leg.name, outcome, self.reason, dict(self.outputs), usage.cpu_seconds,
            usage.peak_memory_bytes,
        ))
