"""The contract of a shim: what it is given, and what it gives back. A shim serves its action at any ref or commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.keys import CacheKeys
from pipelinekit.executors.base import Command, CommandResult, Place
from pipelinekit.model.event import Event
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome
from pipelinekit.workspaces.snapshot import Snapshot

_ANSWER_SECONDS = 120.0


class ActionFailed(Exception):
    """The action did its work and it failed: the step is a failure, and the message an error annotation."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said. exit_code: 127 where there is no such program."""

    exit_code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass(frozen=True, slots=True)
class ActionCall:
    """One step that uses an action.

    inputs: by lower-case name, as text, with the action's defaults filled in. github: the context. environment: the
    step's, complete. run: performs a command in the place with the step's environment, its lines go to the step's log.
    say: a line of the log; workflow commands in it are obeyed (`::warning::...`). artifacts: name to digest of what
    this run has uploaded so far, shared by its legs. job_outcome: so far.
    """

    leg: str
    step: int
    uses: str
    inputs: Mapping[str, str]
    github: Mapping[str, Value]
    environment: Mapping[str, str]
    place: Place
    snapshot: Snapshot
    blobs: BlobStore
    caches: CacheKeys
    artifacts: dict[str, str]
    job_outcome: Outcome
    now: Callable[[], float]
    say: Callable[[str], None]
    emit: Callable[[Event], None]
    run: Callable[[Command], CommandResult]

    @property
    def home(self) -> str:
        """What `~` stands for in the place."""
        return self.environment.get("HOME") or self.place.environment.get("HOME") or "/root"

    def ask(self, *argv: str, directory: str = "", moves: bool = False) -> Answer:
        """Perform a short command without a word in the log. moves: it only moves files about, or asks for them."""
        lines: list[str] = []
        result = self.place.perform(Command(argv, self.environment, directory, _ANSWER_SECONDS, moves), lines.extend)
        return Answer(result.exit_code, tuple(lines))


@dataclass(frozen=True, slots=True)
class ActionResult:
    """environment, path: for the steps that follow. post: called at the end of the job, last step first, even after a failure."""

    outputs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    post: Callable[[ActionCall], None] | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """An input of an action: its default, and whether it must be given."""

    default: str = ""
    required: bool = False


class Shim(Protocol):
    """What stands in for an action, by its name without the ref (`actions/checkout`)."""

    @property
    def inputs(self) -> Mapping[str, Input]: ...

    def main(self, call: ActionCall) -> ActionResult:
        """Raises ActionFailed."""
