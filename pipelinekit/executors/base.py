"""The contract between what runs and where it runs: an Executor opens a Place for a leg, commands happen in the Place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Lines = Callable[[list[str]], None]  # called with whole lines, without their ends, as they come


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """What a leg asks for.

    labels: its `runs-on`. image: its `container:`, '' where it has none. python, node: the versions that its setup actions
    ask for, as written ('3.11', '>=3.9', '20'), '' where there are none. folder: on this machine, the leg's own; the executor
    makes `workspace` and `temp` in it. runners: `[tool.pipelinekit.runners]`, label to image. engine_socket: whether commands
    may use the container engine themselves. keep: whether the place may be kept when the leg stops.
    """

    run_id: str
    leg: str
    repository: str
    folder: Path
    labels: tuple[str, ...] = ()
    image: str = ""
    python: str = ""
    node: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    runners: Mapping[str, str] = field(default_factory=dict)
    engine_socket: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """argv: as the place sees it, found on the environment's PATH. environment: laid over the place's own.

    directory: as the place sees it; relative to the workspace, or absolute. timeout_seconds: None for no limit.
    moves: it is ours, and only moves files of the place about: nothing that an author wrote.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str = ""
    timeout_seconds: float | None = None
    moves: bool = False


@dataclass(frozen=True, slots=True)
class CommandResult:
    """exit_code: 128 + n where signal n ended it. stopped: `stop()` ended it. timed_out: its time was up."""

    exit_code: int
    stopped: bool = False
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """What a place used while it was open; None where it can't be told."""

    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None


class Place(Protocol):
    """Where the commands of one leg happen, one after another. All paths are as commands in it see them."""

    @property
    def name(self) -> str:
        """The container's id, or the folder on the host."""

    @property
    def image(self) -> str: ...

    @property
    def image_digest(self) -> str: ...

    @property
    def environment(self) -> Mapping[str, str]:
        """What a command finds there before anything is laid over it, PATH among it."""

    @property
    def workspace(self) -> str: ...

    @property
    def temp(self) -> str: ...

    @property
    def private(self) -> str:
        """A folder outside the workspace that only the leg's own user reads, and that goes with the place."""

    @property
    def workspace_folder(self) -> Path:
        """The workspace as this machine sees it: hashFiles and reports are read there."""

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        """Run the command to its end. stdin is empty; output and error come in one stream, in order.

        Raises SurroundingsMissing when the place itself is gone (the engine stopped answering, the container was removed).
        """

    def terminal(self, command: Command, stdin: int, stdout: int) -> int:
        """Run the command in a terminal, joined to the person's one (file descriptors), to its end; its exit code.

        No `timeout_seconds`, and `stop` does not end it: a person does. Raises SurroundingsMissing where the two are no terminal,
        and when the place itself is gone.
        """

    def stop(self) -> None:
        """From another thread: end the running command and its children (SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL)."""

    def read(self, path: str) -> bytes:
        """Raises FileNotFoundError."""

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Make the file, and the folders above it."""

    def fetch(self, path: str, file: Path) -> None:
        """Copy a file out of the place. Raises FileNotFoundError."""

    def send(self, file: Path, path: str) -> None:
        """Copy a file into the place, and make the folders above it."""

    def close(self) -> Usage:
        """End what still runs in it, and remove it (`Executor.close` waits for that). The second call does nothing."""

    def keep(self) -> Usage:
        """End what still runs in it, and leave it as it stands, for `Executor.reopen`. Only where the request said so."""


class Executor(Protocol):
    """Opens places. `prepare` may take long (pull, build) and says so line by line; `open` is quick."""

    @property
    def name(self) -> str: ...

    def prepare(self, request: PlaceRequest, say: Callable[[str], None]) -> str:
        """Make sure that the image is there, and name it ('' on the host). Raises SurroundingsMissing with what is to be had."""

    def digest(self, request: PlaceRequest) -> str:
        """What its place would be made of: the image's digest, or what this machine is. Quick. Raises SurroundingsMissing."""

    def warm_up(self) -> None:
        """A place is about to be opened: what that needs is loaded meanwhile. Returns at once; never necessary."""

    def open(self, request: PlaceRequest) -> Place:
        """Raises SurroundingsMissing."""

    def reopen(self, request: PlaceRequest, name: str) -> Place:
        """A place that was kept, with all that happened in it. Raises SurroundingsMissing where it is gone."""

    def discard(self, name: str) -> None:
        """Remove a place that was kept; one that is gone is no error."""

    def close(self) -> None:
        """Wait until all that was closed is gone, and let go of the engine."""

    def sweep(self, run_ids: frozenset[str]) -> int:
        """Remove what dead runs left behind; how many places that were."""
