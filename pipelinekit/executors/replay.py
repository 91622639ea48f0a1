"""Places in which nothing runs: each command shows what it came to when it was recorded, and one that never was is refused.

What only moves files about for an action of ours (checkout, caches, artifacts) does so here as everywhere, so that hits, misses and
artifacts are real.
"""

import os
import posixpath
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipelinekit.executors.base import Command, CommandResult, Lines, PlaceRequest, Usage
from pipelinekit.executors.folder import FolderExecutor, FolderPlace, make_folder
from pipelinekit.executors.recordings import SUFFIX, Names, Recording, Recordings, identity, lay
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.samples.lay import FOLDER

# Where recordings are, if not those of the lessons; how many times faster than it was recorded a run is shown.
FROM, SPEED = "PIPELINEKIT_RECORDINGS", "PIPELINEKIT_REPLAY_SPEED"
SHIPPED = "lessons/*/recording" + SUFFIX
_STOPPED = 130  # as a command that was interrupted ends
_NO_PROGRAM = 127


class ReplayExecutor(FolderExecutor):
    """Opens folders in which recordings are shown. environment: that of the process, with FROM and SPEED.

    Raises WorkflowInvalid for a speed that is none, SurroundingsMissing for recordings that can't be read.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._speed = _speed(environment.get(SPEED, "1"))
        given = environment.get(FROM)
        files = sorted(Path(given).glob(f"*{SUFFIX}")) if given else sorted(FOLDER.glob(SHIPPED))
        self._recordings = Recordings.read(files)

    @property
    def name(self) -> str:
        return "replay"

    def prepare(self, request: PlaceRequest, say: Callable[[str], None]) -> str:
        say(f"{request.leg}: nothing runs, what is shown was recorded")
        return ""

    def digest(self, request: PlaceRequest) -> str:  # noqa: ARG002 - the contract has it
        return self._recordings.digest

    def warm_up(self) -> None:
        """Nothing takes long."""

    def open(self, request: PlaceRequest) -> "ReplayPlace":
        return ReplayPlace(make_folder(request), self._environment, self._recordings, request.leg, self._speed)

    def close(self) -> None:
        """Nothing is held."""

    def sweep(self, run_ids: frozenset[str]) -> int:  # noqa: ARG002 - the contract has it
        """Nothing outlives the process."""
        return 0


class ReplayPlace(FolderPlace):
    """A folder in which recordings are shown. speed: how many times faster than it was recorded."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], recordings: Recordings, leg: str, speed: float = 1.0
    ) -> None:
        super().__init__(folder, {"PATH": os.defpath, **environment})
        self._recordings, self._leg, self._speed = recordings, leg, speed
        self._scripts: dict[str, str] = {}
        self._stopped = threading.Event()
        self._shown = False

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        if command.moves:
            return self._move(command, on_lines)
        recording = self._recordings.find(identity(command, self, self._scripts))
        if recording is None:
            said = self._scripts.get(command.argv[-1], " ".join(command.argv)).strip().partition("\n")[0]
            raise SurroundingsMissing(
                f'replay has no recording of "{said}" in "{self._leg}", as it is now and with what it finds',
                "it shows what was recorded, and makes nothing up", "run it: --executor host, or --executor docker",
            )  # fmt: skip
        self._stopped.clear()
        self._shown = True
        try:
            return self._show(recording, command, on_lines)
        finally:
            self._shown = False

    def terminal(self, command: Command, stdin: int, stdout: int) -> int:  # noqa: ARG002 - the contract has it
        raise SurroundingsMissing("no terminal opens in a replay: nothing runs there")

    def stop(self) -> None:
        if self._shown:
            self._stopped.set()

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        super().write(path, content, mode)
        self._scripts[path] = content.decode("utf-8", "surrogateescape")

    def close(self) -> Usage:
        return Usage()

    def keep(self) -> Usage:
        return Usage()

    def _move(self, command: Command, on_lines: Lines) -> CommandResult:
        """Files are moved by this machine's own programs; without one, as where there is none in a container."""
        directory = posixpath.join(self.workspace, command.directory)
        environment = {**self._environment, **command.environment}
        try:
            done = subprocess.run(
                command.argv, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=command.timeout_seconds, check=False,
            )  # fmt: skip
        except FileNotFoundError:
            return CommandResult(_NO_PROGRAM)
        except subprocess.TimeoutExpired:
            return CommandResult(_STOPPED, timed_out=True)
        if said := done.stdout.decode("utf-8", "replace").splitlines():
            on_lines(said)
        return CommandResult(done.returncode if done.returncode >= 0 else 128 - done.returncode)

    def _show(self, recording: Recording, command: Command, on_lines: Lines) -> CommandResult:
        names, began = Names(self), time.monotonic()
        limit = recording.seconds if command.timeout_seconds is None else min(recording.seconds, command.timeout_seconds)
        for at, lines in _together(recording.lines):
            if at > limit:
                break
            if self._wait(began, at):
                return CommandResult(_STOPPED, stopped=True)
            on_lines([names.give(line) for line in lines])
        if self._wait(began, limit):
            return CommandResult(_STOPPED, stopped=True)
        if limit < recording.seconds:
            return CommandResult(_STOPPED, timed_out=True)
        lay(recording, self, command)
        return CommandResult(recording.exit_code)

    def _wait(self, began: float, at: float) -> bool:
        """Until the moment has come; whether it was stopped meanwhile."""
        return self._stopped.wait(max(0.0, began + at / self._speed - time.monotonic()))


def _together(lines: tuple[tuple[float, str], ...]) -> Iterator[tuple[float, list[str]]]:
    """Lines that came at once, as one."""
    batch: list[str] = []
    for at, (moment, text) in enumerate(lines):
        batch.append(text)
        if at + 1 == len(lines) or lines[at + 1][0] != moment:
            yield moment, batch
            batch = []


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise WorkflowInvalid(Problem("replay", f'{SPEED} must be a number above 0, as 1 or 20, not "{text}"'))
    return speed
