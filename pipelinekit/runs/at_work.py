"""A step at work: all that performing it needs, put together once; and what its work came to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipelinekit.actions.base import ActionCall, Shim
from pipelinekit.executors.base import Place
from pipelinekit.model.event import Event, StepStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Severity
from pipelinekit.model.workflow import Job, Step
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.step_files import StepFiles
from pipelinekit.runs.step_log import StepLog


@dataclass(slots=True)
class Ended:
    """What a step's work came to, before continue-on-error. outputs: also what it gave through its files."""

    outcome: Outcome
    exit_code: int | None = None
    reason: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """What an action left to do at the end of the job. index: of the step that left it."""

    step: Step
    index: int
    shim: Shim
    work: Callable[[ActionCall], None]
    inputs: Mapping[str, str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AtWork:
    """own: the step's `env`, filled in. contexts: with that laid over. limit: seconds that the job has left, or None.

    artifacts: name to digest, shared by the run's legs. posts: grows as actions leave something to do.
    """

    step: Step
    index: int
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
            self.scope.request.now(), self.scope.leg.name, self.index, self.step.id, hide(self.name), uses, None, hide(command),
            shell_line, environment,
        ))

    def fail(self, reason: str, exit_code: int | None = None) -> Ended:
        """A failure that is told in the log and as an annotation."""
        self.log.say(f"Error: {reason}")
        self.log.annotate(Severity.ERROR, reason)
        return Ended(Outcome.FAILURE, exit_code, reason)
