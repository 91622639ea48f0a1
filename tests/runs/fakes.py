"""An executor whose places are dictionaries, and whose commands speak a language of five words.

A script's lines: `say TEXT` prints, `set NAME VALUE` writes to $NAME's file (`GITHUB_OUTPUT`, `GITHUB_ENV`), `exit N` ends,
`wait NAME` waits until the test sets that event or the command is stopped, `show NAME` prints a variable, `lose` loses the place.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelinekit.executors.base import Command, CommandResult, Lines, PlaceRequest, Usage
from pipelinekit.model.problem import SurroundingsMissing

PATIENCE_SECONDS = 5
NOTHING_TO_MOVE = 66  # a dictionary has no files of the kind that our own commands pack


@dataclass
class FakePlace:
    request: PlaceRequest
    events: Mapping[str, threading.Event]
    files: dict[str, bytes] = field(default_factory=dict)
    closed: bool = False
    kept: bool = False
    private: str = "/private"
    name: str = "fake"
    image: str = "fake:1"
    image_digest: str = "sha256:fake"
    environment: Mapping[str, str] = field(default_factory=lambda: {"PATH": "/bin"})
    workspace: str = "/workspace"
    temp: str = "/temp"
    stopped: threading.Event = field(default_factory=threading.Event)
    terminals: list[Command] = field(default_factory=list)
    on_command: Callable[[Command], None] = lambda _: None
    on_wait: Callable[[], None] = lambda: None

    @property
    def workspace_folder(self) -> Path:
        folder = self.request.folder / "workspace"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        self.stopped.clear()
        self.on_command(command)
        if command.moves:
            return CommandResult(NOTHING_TO_MOVE)
        for line in self.files[command.argv[-1]].decode().splitlines():
            word, _, rest = line.partition(" ")
            match word:
                case "say":
                    on_lines([rest])
                case "show":
                    on_lines([f"{rest}={command.environment.get(rest, '')}"])
                case "set":
                    name, _, value = rest.partition(" ")
                    self.files[command.environment[name]] += f"{value}\n".encode()
                case "exit":
                    return CommandResult(int(rest))
                case "wait":
                    self.on_wait()
                    if not self._wait(self.events[rest]):
                        return CommandResult(130, stopped=True)
                case "lose":
                    raise SurroundingsMissing("the engine stopped answering")
                case _:
                    raise AssertionError(line)
        return CommandResult(0)

    def terminal(self, command: Command, stdin: int, stdout: int) -> int:
        self.terminals.append(command)
        return 7

    def _wait(self, event: threading.Event) -> bool:
        for _ in range(PATIENCE_SECONDS * 200):
            if self.stopped.is_set():
                return False
            if event.wait(0.005):
                return True
        raise AssertionError("nobody came")

    def stop(self) -> None:
        self.stopped.set()

    def read(self, path: str) -> bytes:
        if path.startswith(f"{self.workspace}/"):
            return (self.workspace_folder / path.removeprefix(f"{self.workspace}/")).read_bytes()
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        self.files[path] = content

    def fetch(self, path: str, file: Path) -> None:
        file.write_bytes(self.read(path))

    def send(self, file: Path, path: str) -> None:
        self.write(path, file.read_bytes())

    def close(self) -> Usage:
        self.closed = True
        return Usage(0.5, 1000)

    def keep(self) -> Usage:
        self.kept = True
        return Usage(0.5, 1000)


@dataclass
class FakeExecutor:
    """on_open: called with each request, and may raise. on_command, on_wait: with each command, where one begins to wait."""

    name: str = "fake"
    events: dict[str, threading.Event] = field(default_factory=dict)
    places: list[FakePlace] = field(default_factory=list)
    image_digest: str = "sha256:fake"
    on_open: Callable[[PlaceRequest], None] = lambda _: None
    on_command: Callable[[Command], None] = lambda _: None
    on_wait: Callable[[], None] = lambda: None

    def event(self, name: str) -> threading.Event:
        return self.events.setdefault(name, threading.Event())

    def prepare(self, request: PlaceRequest, say: Callable[[str], None]) -> str:
        return "fake:1"

    def digest(self, request: PlaceRequest) -> str:
        return self.image_digest

    def warm_up(self) -> None:
        pass

    def open(self, request: PlaceRequest) -> FakePlace:
        self.on_open(request)
        place = FakePlace(request, self.events, name=f"fake-{len(self.places)}", on_command=self.on_command, on_wait=self.on_wait)
        self.places.append(place)
        return place

    def reopen(self, request: PlaceRequest, name: str) -> FakePlace:
        kept = next((place for place in self.places if place.kept and place.name == name), None)
        if kept is None:
            raise SurroundingsMissing(f"the place {name} is gone")
        kept.kept = False
        return kept

    def discard(self, name: str) -> None:
        self.places = [place for place in self.places if place.name != name]

    def close(self) -> None:
        pass

    def sweep(self, run_ids: frozenset[str]) -> int:
        return 0
