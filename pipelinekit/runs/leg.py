"""One leg of a run: a place is opened, the steps happen in it one after another, it is closed or kept. Stepping is `leg.step()`."""

import errno
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipelinekit.executors.base import Command, CommandResult, Lines, Place, Usage
from pipelinekit.executors.terminal import INTERACTIVE
from pipelinekit.expressions.tree import fill_node, fill_texts
from pipelinekit.model.event import Event, LegFinished, LegKept, LegStarted, Noted, ReportFound, StepFinished, StepStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.plan import Leg, PlannedJob
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.run_state import DONE_BEFORE, LegState
from pipelinekit.model.workflow import Step
from pipelinekit.runs import contexts
from pipelinekit.runs.inside import inside
from pipelinekit.runs.memory import DoneStep, KeptLeg, LegMemory, definition, names, still_done
from pipelinekit.runs.places import place_request
from pipelinekit.runs.preview import Preview, preview
from pipelinekit.runs.remember import Recall
from pipelinekit.runs.reopen import kept_posts, open_place, posts_again
from pipelinekit.runs.request import RunRequest
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.step import StepRunner, usual_name
from pipelinekit.runs.used import takes_files
from pipelinekit.workspaces.before import Before
from pipelinekit.workspaces.reports import find_reports

_USUAL_MINUTES = 360.0
_STOP_SECONDS = 0.05
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SETUP = 0  # index of the step that sets up the job


class LegRun:
    """outcome: None until it has ended. outputs: of the job, as this leg gives them. reason: where it is not success.

    keeps_before: whether the workspace is copied before each step, so that a step that is taken again starts from there.
    """

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
        self.keeps_before = False
        self.missing: SurroundingsMissing | None = None
        self.continues_on_error = False
        self._request, self._planned, self._artifacts = request, planned, artifacts
        self._cancelled = threading.Event()
        self._why_cancelled = ""
        self._scope = Scope(request, planned, leg, needs, self._cancelled.is_set)
        self._recall = Recall(planned, self._scope, artifacts, emit)
        self._emit = self._recall.take
        self._place: Place | None = None
        self._runner: StepRunner | None = None
        self._before: Before | None = None
        self._folder = Path()
        self._deadline: float | None = None
        self._started_at = 0.0
        self._at = 0
        self._still_done: Mapping[int, DoneStep] = {}
        self._done: list[DoneStep] = []
        self._failed: Step | None = None
        self._by_hand: dict[str, str] = {}
        self._work = self._perform()

    # -- what happens --------------------------------------------------------------------------------------------------

    def ready(self, needs: contexts.Context) -> None:
        """What it needs has ended, with these results and outputs."""
        self._scope.needs = needs

    def step(self) -> bool:
        """Do the next thing (open the place, one step, close it). Whether there is more to do."""
        self.begun = True
        return next(self._work, None) is not None

    def finish(self) -> None:
        """All that is left to do."""
        while self.step():
            pass

    def end(self, outcome: Outcome, reason: str) -> None:
        """It will not begin: skipped, or cancelled while it waited."""
        self._finished(outcome, reason, Usage())

    def end_as_before(self, state: LegState) -> None:
        """It had ended well in the attempt before: its outputs count, and it is not run again."""
        self.outcome, self.outputs = Outcome.SUCCESS, dict(state.outputs)
        took = state.finished_at - state.started_at if state.finished_at and state.started_at else None
        why = f"{DONE_BEFORE} {self._request.attempt - 1}"
        self._emit(LegFinished(
            self._request.now(), self.leg.name, Outcome.SUCCESS, why, self.outputs, remembered=self._request.run_id,
            saved_seconds=took,
        ))

    def cancel(self, why: str) -> None:
        """From another thread: end it. A running step goes on if its condition still holds (`always()`), else it is ended."""
        if self._cancelled.is_set() or self.outcome is not None:
            return
        self._why_cancelled = why
        self._cancelled.set()
        unwanted = self._runner.unwanted() if self._runner is not None else None
        if unwanted is not None:
            threading.Thread(target=self._stop, args=unwanted, name=f"stop {self.leg.name}", daemon=True).start()

    # -- between two steps ---------------------------------------------------------------------------------------------

    def next_step(self) -> Step | None:
        """The author's step that `step()` would come to next, or None."""
        return next((step for step in self.job.steps[self._at :] if step.index not in self._still_done), None)

    def failed_step(self) -> Step | None:
        """The first step that failed, or None."""
        return self._failed

    def preview(self) -> Preview | None:
        """What the next step would do; None where none is left, or the place is not open yet."""
        step = self.next_step()
        return preview(step, self.job, self._scope) if step is not None and self._place is not None else None

    def skip(self, why: str) -> None:
        """Leave the next step out."""
        step, runner = self.next_step(), self._runner
        if step is not None and runner is not None:
            self._recall.forget()
            runner.skip(step, step.index + 1, why)
            self._done.append(DoneStep(definition(step), usual_name(step), step.index, self._scope.checkpoint()))
            self._at = step.index + 1

    def set_environment(self, name: str, value: str) -> None:
        """For the steps that follow, as if a step had written it to GITHUB_ENV."""
        self._by_hand[name] = value
        self._recall.forget()
        self._scope.set_environment[name] = value

    def shell(self, command: str, on_lines: Lines) -> CommandResult:
        """Run a command as the step that failed, else the next one, would be run: with its environment, in its folder."""
        return self._opened_place().perform(self._inside("sh", "-c", command), on_lines)

    def stop_shell(self) -> None:
        """From another thread: end the command that `shell` runs."""
        place = self._place
        if place is not None:
            place.stop()

    def terminal(self, stdin: int, stdout: int) -> int:
        """An interactive shell there, joined to the person's terminal; its exit code. Raises SurroundingsMissing without one."""
        return self._opened_place().terminal(self._inside(*INTERACTIVE), stdin, stdout)

    def pause(self) -> None:
        """Keep the place as it stands; another process may go on."""
        stopped_at = self._failed or self.next_step()
        self._keep(usual_name(stopped_at) if stopped_at else "the end of the job", paused=True)

    def stop_failed(self, why: str) -> None:
        """Where a step has failed: end with that, and keep the place for another attempt."""
        if self._failed is not None:
            self._finished(Outcome.FAILURE, why, self._keep(usual_name(self._failed), paused=False))

    # -- inside --------------------------------------------------------------------------------------------------------

    def _perform(self) -> Iterator[bool]:
        try:
            if self._recalled():
                return
            runner = self._open()
            if runner is None:
                return
            yield True
            while self._at < len(self.job.steps):
                step = self.job.steps[self._at]
                self._at += 1
                if (done := self._still_done.get(step.index)) is not None:
                    runner.pass_by(step, step.index + 1, f"{DONE_BEFORE} {self._request.attempt - 1}")
                    self._done.append(done)
                    continue
                self._check_deadline()
                if self.keeps_before and self._before is not None:
                    self._before.keep(usual_name(step))
                self._note(step, runner.run(step, step.index + 1))
                yield True
            for post in reversed(runner.posts):
                runner.run_post(post)
                yield True
            self._conclude()
        except SurroundingsMissing as missing:
            self.missing = missing
            self._finished(Outcome.FAILURE, missing.message, self._close())
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            what = f"cannot write {error.filename or 'a file'} ({error.strerror})"
            self.missing = SurroundingsMissing(what, "what had been recorded before is kept", "make room on the disk")
            self._finished(Outcome.FAILURE, what, self._close())
        finally:
            self._close()

    def _inside(self, *argv: str) -> Command:
        failed = self._runner.failed if self._failed is not None and self._runner is not None else None
        if failed is not None:
            return inside(failed.step, failed.index, self.job, failed.scope, argv)
        step = self._failed or self.next_step()
        return inside(step, step.index + 1 if step else 0, self.job, self._scope, argv)

    def _opened_place(self) -> Place:
        self._recall.forget()  # who is in there may change what comes out
        if self._place is None:
            raise SurroundingsMissing(f'the place of "{self.leg.name}" is not open')
        return self._place

    def _recalled(self) -> bool:
        """Whether it would come out as it did before: then it has ended with that. Who steps through it wants to see it run."""
        found = self._recall.find(looks=not self.keeps_before)
        if found is not None:
            ended = self._recall.restore(found)
            self.outcome, self.outputs, self.reason = ended.outcome, dict(ended.outputs), ended.reason
            self._emit(ended)
        return found is not None

    def _note(self, step: Step, conclusion: Outcome) -> None:
        """Remember what ended well, up to the first step that failed."""
        if conclusion is Outcome.FAILURE and self._failed is None:
            self._failed = step
        elif conclusion is Outcome.SUCCESS and self._failed is None:
            self._done.append(DoneStep(definition(step), usual_name(step), step.index, self._scope.checkpoint()))

    def _stop(self, runner: StepRunner, step: Step) -> None:
        """End every command of the step: the one that runs, the one that is just about to, and what an action runs after it."""
        while runner.running is step and self._place is not None:
            self._place.stop()
            time.sleep(_STOP_SECONDS)

    def _open(self) -> StepRunner | None:
        """Open the place; who runs the steps in it, or None where the leg has ended with that."""
        now, name = self._request.now, self.leg.name
        self._started_at = started = now()
        try:
            request = place_request(self._planned, self._scope)
            self._folder = request.folder
            self._place, memory = open_place(self._request, request, self._noted)
            place = self._place
            self._emit(LegStarted(started, name, ", ".join(request.labels), place.image, place.image_digest, place.name))
            self._emit(StepStarted(started, name, SETUP, "__setup", "Set up job"))
            event = json.dumps(contexts.event(self._request.plan.trigger))
            place.write(f"{place.temp}/_github_workflow/event.json", event.encode())
            self._scope.opened(place)
            minutes = fill_node(self.job.timeout_minutes, self._scope.contexts(), self._scope.functions())
            self._deadline = started + 60 * float(str(_USUAL_MINUTES if minutes is None else minutes))
            forgiven = fill_node(self.job.continue_on_error, self._scope.contexts(), self._scope.functions())
            self.continues_on_error = forgiven is True
        except (WorkflowInvalid, ValueError) as wrong:
            problem = wrong.problems[0] if isinstance(wrong, WorkflowInvalid) else None
            reason = f"{problem.position}: {problem.message}" if problem else str(wrong)
            self._finished(Outcome.FAILURE, reason, self._close())
            return None
        self._runner = runner = StepRunner(self._scope, self.job, place, self._emit, self._artifacts, self._left)
        self._before = Before(place.workspace_folder, self._folder / "before")
        about = [f"{key}: {value}" for key, value in self._about(place).items() if value]
        if self._recall.why:
            about.append(f"remembered: no, because {self._recall.why}")
        if memory is not None:
            self._recall.forget()
            about.append(self._go_on(memory, runner))
        runner.log(SETUP).say(*about)
        self._emit(StepFinished(now(), name, SETUP, Outcome.SUCCESS, Outcome.SUCCESS))
        return runner

    def _go_on(self, memory: LegMemory, runner: StepRunner) -> str:
        """Stand where the leg stood, by the steps as they are written now; a line that says how."""
        job, _, start = self._request.start.partition("/")
        renewed, wanted = self._request.renewed, start if job in (self.job.id, self.leg.name) else ""

        def begins(step: Step) -> bool:
            return bool(wanted and names(step, wanted)) or (bool(renewed) and takes_files([step], self._request.actions))

        self._still_done = still_done(self.job.steps, memory, begins)
        kept = list(self._still_done.values())
        if kept:
            self._scope.go_back(max(kept, key=memory.done.index).after)
        for name, value in memory.by_hand.items():
            self.set_environment(name, value)
        indexes = {done.index + 1 for done in kept}
        state = self._request.before.get(self.leg.name)
        self._artifacts.update({a.name: a.digest for a in (state.artifacts if state else ()) if a.step in indexes})
        runner.posts += posts_again(memory, self.job.steps, self._still_done)
        goes_on = self.next_step()
        restored = goes_on is not None and self._before is not None and self._before.restore(usual_name(goes_on))
        how = "as it was before that step" if restored else "as it was left"
        at = f'before "{usual_name(goes_on)}"' if goes_on else "at the end of the job"
        more = f"; changed since: {', '.join(renewed)}" if renewed else ""
        return f"goes on {at}; the workspace is {how}{more}"

    def _about(self, place: Place) -> dict[str, str]:
        return {
            "executor": self._request.executor.name, "image": place.image, "digest": place.image_digest,
            "place": place.name[:12] if place.image else "", "workspace": place.workspace,
        }

    def _left(self) -> float | None:
        return None if self._deadline is None else max(0.1, self._deadline - self._request.now())

    def _check_deadline(self) -> None:
        if self._deadline is not None and self._request.now() >= self._deadline and not self._cancelled.is_set():
            self._why_cancelled = "it ran longer than its timeout-minutes"
            self._cancelled.set()

    def _conclude(self) -> None:
        self._check_deadline()
        outcome = self._scope.status()
        self._keep_reports()
        self._job_outputs()
        reason = self._why_cancelled if outcome is Outcome.CANCELLED else ""
        keeps = outcome is Outcome.FAILURE and self._request.keep_seconds > 0 and self._failed is not None
        usage = self._keep(usual_name(self._failed), paused=False) if keeps and self._failed else self._close()
        self._finished(outcome, reason, usage)

    def _keep(self, step: str, *, paused: bool) -> Usage:
        """Leave the place as it stands, with what another process must know."""
        self._recall.forget()
        place, self._place = self._place, None
        if place is None or self._runner is None:
            return Usage()
        step = self._request.masks.hide(step)
        LegMemory(tuple(self._done), kept_posts(self._runner.posts), self._by_hand).write(place)
        usage = place.keep()
        request, now = self._request, self._request.now()
        kept = KeptLeg(
            self.leg.name, self.job.id, request.attempt, request.executor.name, place.name, place.image, step, paused,
            now + request.keep_seconds,
        )
        kept.write(self._folder)
        self._emit(LegKept(now, self.leg.name, place.name, step, kept.until, paused))
        return usage

    def _job_outputs(self) -> None:
        """Empty ones are dropped; one that holds a secret is dropped and told, as on GitHub."""
        scope, masks = self._scope, self._request.masks
        try:
            outputs = fill_texts(self.job.outputs, scope.contexts(), scope.functions())
        except WorkflowInvalid as wrong:
            self._noted(f"the outputs can't be evaluated: {wrong}")
            return
        for key, value in outputs.items():
            if masks.hides(value):
                self._noted(f'output "{key}" is dropped, because it may hold a secret')
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

    def _noted(self, message: str) -> None:
        self._emit(Noted(self._request.now(), message, self.leg.name))

    def _close(self) -> Usage:
        place, self._place = self._place, None
        if place is None:
            return Usage()
        usage = place.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return usage

    def _finished(self, outcome: Outcome, reason: str, usage: Usage) -> None:
        self.outcome, self.reason = outcome, self._request.masks.hide(reason)
        self._emit(LegFinished(
            self._request.now(), self.leg.name, outcome, self.reason, dict(self.outputs), usage.cpu_seconds,
            usage.peak_memory_bytes,
        ))
