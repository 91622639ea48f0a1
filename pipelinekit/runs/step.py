"""One step of a leg, from its condition to its conclusion."""

import itertools
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass

from pipelinekit.executors.base import Place
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import Verdict, condition
from pipelinekit.expressions.tree import fill_node, fill_text, fill_texts
from pipelinekit.model.event import Event, StepFinished, StepSkipped, StepStarted
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Severity, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.workflow import Job, Step
from pipelinekit.runs import action, script
from pipelinekit.runs.at_work import AtWork, Ended, Post, told
from pipelinekit.runs.env_files import EnvFileInvalid, read_pairs, read_paths, refuse_node_options
from pipelinekit.runs.folders import SKIP
from pipelinekit.runs.memory import Checkpoint
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.step_files import StepFiles
from pipelinekit.runs.step_log import LineNumbers, StepLog


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that failed, where it did: the innermost one, whose actions around it failed with it."""

    step: Step
    index: int
    scope: Scope


class StepRunner:
    """Runs the steps of one leg, one after another, or those of an action in it. limit: seconds that are left, or None.

    indexes: of the steps that are not the author's. inner: who runs the steps of the action that runs. failed: the first that did,
    and was not forgiven.
    """

    def __init__(
        self, scope: Scope, job: Job, place: Place, emit: Callable[[Event], None], artifacts: dict[str, str],
        limit: Callable[[], float | None],
    ) -> None:
        self.posts: list[Post] = []
        self.running: Step | None = None
        self.conclusion = Outcome.SKIPPED
        self.numbers = LineNumbers()
        self.indexes = itertools.count(len(job.steps) + 1)
        self.inner: StepRunner | None = None
        self.failed: Failed | None = None
        self._parent: int | None = None
        self._scope, self._job, self._place, self._emit = scope, job, place, emit
        self._request = scope.request
        self._artifacts, self._limit = artifacts, limit

    def verdict(self, step: Step) -> Verdict:
        """Whether the step runs, and the three lines that say why. Raises ExpressionError."""
        text = step.condition.text if step.condition else None
        return condition(text, self._scope.contexts(), functions=self._scope.functions())

    def run(self, step: Step, index: int) -> Outcome:
        """The step, from its condition on; its conclusion. What else came of it is in the scope and in the events.

        Raises SurroundingsMissing, after its events, when the place is gone.
        """
        # First this, then the condition: who cancels sets its flag, then looks here, so one of the two is seen.
        self.running = step
        self.conclusion = Outcome.SKIPPED
        try:
            self._run(step, index)
        finally:
            self.running = self.inner = None
        return self.conclusion

    def run_next(self, step: Step) -> Outcome:
        """As `run`, a step that is not the author's."""
        return self.run(step, next(self.indexes))

    def within(self, scope: Scope, limit: Callable[[], float | None], parent: int) -> "StepRunner":
        """Who runs the steps of the action that the step with this index uses."""
        inner = copy(self)
        inner.running, inner.inner, inner.failed, inner._parent = None, None, None, parent
        inner._scope, inner._limit = scope, limit
        self.inner = inner
        return inner

    def unwanted(self) -> "tuple[StepRunner, Step] | None":
        """Of what runs, the outermost step whose condition does not hold any more, and who runs it."""
        step, inner = self.running, self.inner
        if step is None:
            return None
        try:
            wanted = self.verdict(step).result
        except ExpressionError:
            wanted = False
        if not wanted:
            return self, step
        return inner.unwanted() if inner is not None else None

    def skip(self, step: Step, index: int, why: str) -> None:
        """The step is not run, for a reason of its own."""
        self._skip(step, index, why)

    def pass_by(self, step: Step, index: int, why: str) -> None:
        """The step was done in an attempt before: what it came to then, its outputs too, counts."""
        self._say_skipped(step, index, why)

    def _run(self, step: Step, index: int) -> None:
        try:
            verdict = self.verdict(step)
        except ExpressionError as wrong:
            self._started(step, index, usual_name(step))
            self._finish(step, index, Ended(Outcome.FAILURE, reason=f"its condition can't be evaluated: {wrong}"))
            return
        if not verdict.result:
            self._skip(step, index, verdict.lines)
        elif step.uses is not None and self._request.actions.told(step.uses.text) == SKIP:
            self._skip(step, index, "skipped, because [tool.pipelinekit.actions] says so")
        else:
            self._perform(step, index)

    def run_post(self, post: Post) -> None:
        """What an action left to do; a failure of it fails the job."""
        index = next(self.indexes)
        name = f"Post {usual_name(post.step)}"
        uses = post.step.uses.text if post.step.uses else ""
        self._emit(StepStarted(self._request.now(), self._scope.leg.name, index, post.step.id, name, uses, post.index))
        work = self._at_work(post.step, index, name, {}, self._scope.contexts())
        work.files.make()
        self._finish(post.step, index, action.perform_post(work, post), keep=False)

    def log(self, index: int) -> StepLog:
        """The log of the leg's step with this index."""
        request = self._request
        return StepLog(
            self._scope.leg.name, index, request.masks, request.now, self._emit, self.numbers, self._place.workspace
        )

    def _skip(self, step: Step, index: int, why: str) -> None:
        self._say_skipped(step, index, why)
        self._remember(step, Outcome.SKIPPED, Outcome.SKIPPED, {})

    def _say_skipped(self, step: Step, index: int, why: str) -> None:
        uses = step.uses.text if step.uses else ""
        why = self._request.masks.hide(why)
        self._emit(StepSkipped(
            self._request.now(), self._scope.leg.name, index, step.id, self._request.masks.hide(usual_name(step)), uses,
            self._parent, why,
        ))

    def _perform(self, step: Step, index: int) -> None:
        scope, functions = self._scope, self._scope.functions()
        github = StepFiles(self._place, index).github()
        try:
            own = fill_texts(step.env, scope.contexts(None, action=step.id, **github), functions)
            contexts = scope.contexts({**scope.environment(), **own}, action=step.id, **github)
            name = fill_text(step.name, contexts, functions) if step.name else usual_name(step)
        except WorkflowInvalid as wrong:
            self._started(step, index, usual_name(step))
            self._finish(step, index, self._at_work(step, index, usual_name(step), {}, {}).fail(told(wrong)))
            return
        work = self._at_work(step, index, name, own, contexts)
        work.files.make()
        before = scope.checkpoint()
        try:
            if step.uses is None:
                ended = script.perform(work)
            else:
                ended = action.perform(work, lambda scope, limit: self.within(scope, limit, index))
            self._take(work, ended)
            work.files.clear()
        except WorkflowInvalid as wrong:
            self._started(step, index, name)
            ended = work.fail(told(wrong))
        except SurroundingsMissing as gone:
            self._finish(step, index, Ended(Outcome.FAILURE, reason=gone.message))
            raise
        ended.environment = _set(before, scope)
        self._finish(step, index, ended)

    def _started(self, step: Step, index: int, name: str) -> None:
        """A step whose work could not begin still has a beginning."""
        uses = step.uses.text if step.uses else ""
        self._emit(StepStarted(self._request.now(), self._scope.leg.name, index, step.id, name, uses, self._parent))

    def _at_work(
        self, step: Step, index: int, name: str, own: Mapping[str, str], contexts: Mapping[str, object]
    ) -> AtWork:
        files = StepFiles(self._place, index)
        return AtWork(
            step, index, self._parent, name, self._job, self._scope, self._place, files, self.log(index), own, contexts, self._emit,
            self._limit, self._artifacts, self.posts,
        )

    def _take(self, work: AtWork, ended: Ended) -> None:
        """What the step wrote to its files, even where it failed; a file that can't be read fails the step."""
        try:
            pairs, refused = refuse_node_options(read_pairs(work.files.read("env")))
            outputs = read_pairs(work.files.read("output"))
            paths = read_paths(work.files.read("path"))
        except EnvFileInvalid as wrong:
            ended.outcome, ended.reason = Outcome.FAILURE, work.fail(str(wrong)).reason
            return
        if refused:
            work.log.annotate(Severity.ERROR, refused)
        self._scope.set_environment |= pairs
        for folder in paths:
            self._scope.add_path(folder)
        ended.outputs |= {**work.log.outputs, **outputs}
        if work.log.errors and ended.outcome is Outcome.SUCCESS:
            ended.outcome, ended.reason = Outcome.FAILURE, work.fail(work.log.errors[0]).reason
        work.files.summary(self._emit, work.log, self._scope.leg.name, self._request)

    def _finish(self, step: Step, index: int, ended: Ended, *, keep: bool = True) -> None:
        hide = self._request.masks.hide
        failed = ended.outcome is Outcome.FAILURE
        conclusion = Outcome.SUCCESS if failed and self._continues(step) else ended.outcome
        outputs = {key: hide(value) for key, value in ended.outputs.items()}
        environment = {key: hide(value) for key, value in ended.environment.items()}
        self._emit(StepFinished(
            self._request.now(), self._scope.leg.name, index, ended.outcome, conclusion, ended.exit_code,
            hide(ended.reason), outputs, environment,
        ))
        self._scope.conclude(conclusion)
        if conclusion is Outcome.FAILURE and self.failed is None:
            self.failed = (self.inner.failed if self.inner else None) or Failed(step, index, self._scope)
        self.conclusion = conclusion
        if keep:
            self._remember(step, ended.outcome, conclusion, ended.outputs)

    def _continues(self, step: Step) -> bool:
        """continue-on-error, evaluated after the step; an expression that fails does not save it."""
        if step.continue_on_error is None:
            return False
        try:
            return fill_node(step.continue_on_error, self._scope.contexts(), self._scope.functions()) is True
        except WorkflowInvalid:
            return False

    def _remember(self, step: Step, outcome: Outcome, conclusion: Outcome, outputs: Mapping[str, str]) -> None:
        if step.id_given:
            values: dict[str, Value] = dict(outputs)
            self._scope.steps[step.id] = {"outputs": values, "outcome": outcome.value, "conclusion": conclusion.value}


def _set(before: Checkpoint, scope: Scope) -> dict[str, str]:
    """What a step set for those that follow; of PATH the folders that it put before the others."""
    changed = {name: value for name, value in scope.set_environment.items() if before.environment.get(name) != value}
    added = [folder for folder in reversed(scope.paths) if folder not in before.paths]
    return changed | ({"PATH": ":".join(added)} if added else {})


def usual_name(step: Step) -> str:
    """As GitHub shows a step: its name, or `Run` and what it does."""
    if step.name is not None:
        return step.name.text
    if step.uses is not None:
        return f"Run {step.uses.text}"
    lines = step.run.text.splitlines() if step.run is not None else [step.id]
    return f"Run {next((line.strip() for line in lines if line.strip()), '')}"
