"""Places in which everything really runs, and is written down for the replay executor."""

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pipelinekit.executors.base import Command, CommandResult, Executor, Lines, Place, PlaceRequest, Usage
from pipelinekit.executors.recordings import FILES, Names, Recording, Recordings, contents, identity, lay


class RecordingExecutor:
    """Another executor, whose commands are added to `recordings`. Of a command that is there already nothing is added, and what it
    leaves is made to be what it left then: so what follows it is found again when both are shown.
    """

    def __init__(self, inner: Executor, recordings: Recordings) -> None:
        self._inner, self._recordings = inner, recordings

    @property
    def name(self) -> str:
        return self._inner.name

    def prepare(self, request: PlaceRequest, say: Callable[[str], None]) -> str:
        return self._inner.prepare(request, say)

    def digest(self, request: PlaceRequest) -> str:
        return self._inner.digest(request)

    def warm_up(self) -> None:
        self._inner.warm_up()

    def open(self, request: PlaceRequest) -> Place:
        return RecordingPlace(self._inner.open(request), self._recordings)

    def reopen(self, request: PlaceRequest, name: str) -> Place:
        return RecordingPlace(self._inner.reopen(request, name), self._recordings)

    def discard(self, name: str) -> None:
        self._inner.discard(name)

    def close(self) -> None:
        self._inner.close()

    def sweep(self, run_ids: frozenset[str]) -> int:
        return self._inner.sweep(run_ids)


class RecordingPlace:
    """A place of another executor, all of whose work is that one's own."""

    def __init__(self, inner: Place, recordings: Recordings) -> None:
        self._inner, self._recordings = inner, recordings
        self._scripts: dict[str, str] = {}

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        if command.moves:
            return self._inner.perform(command, on_lines)
        key = identity(command, self, self._scripts)
        before, began = contents(self.workspace_folder), time.monotonic()
        names, said = Names(self), list[tuple[float, str]]()

        def hear(lines: list[str]) -> None:
            at = round(time.monotonic() - began, 3)
            said.extend((at, names.take(line)) for line in lines)
            on_lines(lines)

        result = self._inner.perform(command, hear)
        if result.stopped or result.timed_out:
            return result
        if (known := self._recordings.find(key)) is not None:
            lay(known, self, command)
            return CommandResult(known.exit_code)
        after = contents(self.workspace_folder)
        self._recordings.add(Recording(
            key=key,
            command=_first_line(self._scripts.get(command.argv[-1], " ".join(command.argv))),
            exit_code=result.exit_code,
            seconds=round(time.monotonic() - began, 3),
            lines=tuple(said),
            files=tuple(self._file(path, names) for path, about in after.items() if before.get(path) != about),
            removed=tuple(path for path in before if path not in after),
            given=self._given(command, names),
        ))
        return result

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        self._inner.write(path, content, mode)
        self._scripts[path] = content.decode("utf-8", "surrogateescape")

    def _file(self, path: str, names: Names) -> tuple[str, int, str]:
        file = self.workspace_folder / path
        return path, file.stat().st_mode & 0o777, names.take(file.read_bytes().decode("utf-8", "surrogateescape"))

    def _given(self, command: Command, names: Names) -> dict[str, str]:
        """What it wrote for its runner."""
        given: dict[str, str] = {}
        for variable, name in FILES.items():
            if path := command.environment.get(variable):
                with contextlib.suppress(FileNotFoundError):
                    text = self._inner.read(path).decode("utf-8", "surrogateescape")
                    given |= {name: names.take(text)} if text else {}
        return given

    # -- as the other one does it --------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def image(self) -> str:
        return self._inner.image

    @property
    def image_digest(self) -> str:
        return self._inner.image_digest

    @property
    def environment(self) -> Mapping[str, str]:
        return self._inner.environment

    @property
    def workspace(self) -> str:
        return self._inner.workspace

    @property
    def temp(self) -> str:
        return self._inner.temp

    @property
    def private(self) -> str:
        return self._inner.private

    @property
    def workspace_folder(self) -> Path:
        return self._inner.workspace_folder

    def terminal(self, command: Command, stdin: int, stdout: int) -> int:
        return self._inner.terminal(command, stdin, stdout)

    def stop(self) -> None:
        self._inner.stop()

    def read(self, path: str) -> bytes:
        return self._inner.read(path)

    def fetch(self, path: str, file: Path) -> None:
        self._inner.fetch(path, file)

    def send(self, file: Path, path: str) -> None:
        self._inner.send(file, path)

    def close(self) -> Usage:
        return self._inner.close()

    def keep(self) -> Usage:
        return self._inner.keep()


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
