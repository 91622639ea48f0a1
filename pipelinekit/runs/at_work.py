"""A step at work: all that performing it needs, put together once; and what its work came to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelinekit.actions.base import ActionCall, Shim
from pipelinekit.executors.base import Place
from pipelinekit.expressions.tree import fill_node
from pipelinekit.model.event import Event, StepStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Severity, WorkflowInvalid
from pipelinekit.model.workflow import Job, Step
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.step_files import StepFiles
from pipelinekit.runs.step_log import StepLog


@dataclass(slots=True)
class Ended:
    """What a step's work came to, before continue-on-error. outputs: also what it gave through its files.

    environment: what it set for the steps that follow.
    """

    outcome: Outcome
    exit_code: int | None = None
    reason: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """What an action left to do at the end of the job. index: of the step that left it. owner: the author's step it came with."""

    step: Step
    index: int
    owner: Step
    shim: Shim
    work: Callable[[ActionCall], None]
    inputs: Mapping[str, str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AtWork:
    """own: the step's `env`, filled in. contexts: with that laid over. limit: seconds that are left for it, or None.

    parent: index of the step that brings it, None for the author's own. artifacts: name to digest, shared by the run's legs.
    posts: grows as actions leave something to do.
    """

    step: Step
    index: int
    parent: int | None
    name: str
    job: Job
    scope: Scope
    place: Place
    files: StepFiles
    log: StepLog
    own: Mapping[str, str]
    contexts: Mapping[str, object]
    emit: Callable[[Event], None]
    limit: Callable[[], float | None]
    artifacts: dict[str, str]
    posts: list[Post]

    def environment(self) -> dict[str, str]:
        """What the step's command gets."""
        return self.scope.complete_environment(self.own, action=self.step.id, **self.files.github())

    def start(self, command: str = "", shell_line: str = "") -> None:
        """Tell that the step begins, masked."""
        hide = self.scope.request.masks.hide
        environment = {key: hide(value) for key, value in self.own.items()}
        uses = self.step.uses.text if self.step.uses else ""
        self.emit(StepStarted(
            self.scope.request.now(), self.scope.leg.name, self.index, self.step.id, hide(self.name), uses, self.parent,
            hide(command), shell_line, environment,
        ))

    def seconds_left(self) -> float | None:
        """The step's own `timeout-minutes`, or what is left for it. A wrong expression is told, and has no effect."""
        left = self.limit()
        if self.step.timeout_minutes is None:
            return left
        try:
            minutes = fill_node(self.step.timeout_minutes, self.contexts, self.scope.functions())
            own = float(str(minutes)) * 60
        except (WorkflowInvalid, ValueError) as wrong:
            self.log.annotate(Severity.ERROR, f"timeout-minutes can't be evaluated: {wrong}")
            return left
        return own if left is None else min(own, left)

    def warn_unexpected(self, names: Sequence[str], valid: Iterable[str]) -> None:
        """Inputs that the action does not have, in the runner's words."""
        if names:
            unexpected, inputs = "', '".join(names), "', '".join(valid)
            self.log.annotate(Severity.WARNING, f"Unexpected input(s) '{unexpected}', valid inputs are ['{inputs}']")

    def fail(self, reason: str, exit_code: int | None = None) -> Ended:
        """A failure that is told in the log and as an annotation."""
        self.log.say(f"Error: {reason}")
        self.log.annotate(Severity.ERROR, reason)
        return Ended(Outcome.FAILURE, exit_code, reason)


def told(wrong: WorkflowInvalid) -> str:
    """What is wrong, with its place, for a step that fails with it."""
    problem = wrong.problems[0]
    return f"{problem.position}: {problem.message}" if problem.position else problem.message
