"""Places on this machine itself: a folder and a shell, with a Python environment of their own, and nothing that isolates them."""

import contextlib
import os
import platform
import posixpath
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipelinekit.executors import interpreters, terminal
from pipelinekit.executors.base import Command, CommandResult, Lines, PlaceRequest, Usage
from pipelinekit.executors.folder import FolderExecutor, FolderPlace, make_folder
from pipelinekit.executors.pseudo_terminal import PseudoTerminal
from pipelinekit.executors.shell import Patience, PlaceGone, Shell
from pipelinekit.model.problem import SurroundingsMissing

RECEIVE_BYTES = 1 << 18
CLOSE_SECONDS = 5.0
TRACKING = "RUNNER_TRACKING_ID"  # GitHub's name for it; a step that wants a child to outlive the job sets it to nothing
# A Python environment that this process stands in is not the steps' one.
OURS = ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")


class HostExecutor(FolderExecutor):
    """Opens folders on this machine. environment: that of the process, which commands find there too."""

    def __init__(self, environment: Mapping[str, str], patience: Patience | None = None) -> None:
        self._environment = {name: value for name, value in environment.items() if name not in OURS}
        self._patience = patience or Patience()
        self._found: dict[str, Path] = {}

    @property
    def name(self) -> str:
        return "host"

    def prepare(self, request: PlaceRequest, say: Callable[[str], None]) -> str:
        if request.image:
            say(f'{request.leg}: runs on this machine itself, not in "{request.image}"')
        if request.node:
            interpreters.check_node(request.node, self._environment)
        if request.python not in self._found:
            self._found[request.python] = interpreters.python(request.python, self._environment)
        return ""

    def digest(self, request: PlaceRequest) -> str:
        self.prepare(request, lambda _: None)
        return " ".join((str(self._found[request.python]), platform.platform(), self._environment.get("PATH", os.defpath)))

    def warm_up(self) -> None:
        """Nothing takes long."""

    def close(self) -> None:
        """Nothing is held."""

    def open(self, request: PlaceRequest) -> "HostPlace":
        self.prepare(request, lambda _: None)
        folder = make_folder(request)
        programs = interpreters.environment_of(self._found[request.python], folder / "python")
        path = f"{programs}:{self._environment.get('PATH', os.defpath)}"
        mark = _mark(request.run_id) + os.urandom(4).hex()
        own = {"PATH": path, "VIRTUAL_ENV": str(programs.parent), TRACKING: mark}
        return HostPlace(folder, {**self._environment, **own, **request.environment}, self._patience)

    def sweep(self, run_ids: frozenset[str]) -> int:
        """A shell ends with the process that feeds it; what its commands left running is ended here. Counts runs."""
        return sum(_end_marked(_mark(run_id)) > 0 for run_id in run_ids)


class HostPlace(FolderPlace):
    """A folder, and a shell that starts in it."""

    def __init__(self, folder: Path, environment: Mapping[str, str], patience: Patience) -> None:
        super().__init__(folder, environment)
        self._closed = False
        self._transport = _Local(folder)
        self._shell = Shell(self._transport, patience)
        try:
            self._shell.start()
        except PlaceGone as gone:
            self.close()
            raise SurroundingsMissing(f"no shell starts on this machine ({gone})") from gone

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        environment = {**self._environment, **command.environment}
        directory = posixpath.join(self.workspace, command.directory)
        try:
            return self._shell.perform(command.argv, environment, directory, on_lines, command.timeout_seconds)
        except PlaceGone as gone:
            raise SurroundingsMissing(f"lost the shell in {self._folder} in mid-run ({gone})") from gone

    def terminal(self, command: Command, stdin: int, stdout: int) -> int:
        terminal.check(stdin, stdout)
        environment = {**self._environment, **command.environment}
        opened = Command(command.argv, environment, posixpath.join(self.workspace, command.directory))
        return terminal.join(PseudoTerminal(opened, self.workspace, terminal.size(stdout)), stdin, stdout)

    def stop(self) -> None:
        self._shell.stop()

    def close(self) -> Usage:
        if self._closed:
            return Usage()
        self._closed = True
        _end_marked(self._environment[TRACKING])
        return self._transport.close()

    def keep(self) -> Usage:
        return self.close()


_HEARING_SHELL = "import os, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv('/bin/sh', ['/bin/sh'])"


class _Local:
    """Transport to a shell of this machine, through its pipes."""

    def __init__(self, folder: Path) -> None:
        # A Jupyter kernel ignores SIGINT between cells, and so would all that it starts: no command could be stopped politely.
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        self._process = subprocess.Popen(
            [sys.executable, "-ISc", _HEARING_SHELL] if ignored else ["/bin/sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            bufsize=0,
            start_new_session=True,  # the terminal's Ctrl-C is for us, who stop it politely
        )
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)

    def send(self, data: bytes) -> None:
        try:
            while data:
                data = data[self._stdin.write(data) or 0 :]
        except OSError as broken:
            raise PlaceGone("its shell has ended") from broken

    def receive(self, wait_seconds: float) -> bytes | None:
        return self._stdout.read(RECEIVE_BYTES) if self._selector.select(wait_seconds) else None

    def signal(self, name: str, process: int, *, alone: bool) -> None:
        number = signal.Signals[f"SIG{name}"]
        with contextlib.suppress(ProcessLookupError, PermissionError):  # ended, or another user's
            try:
                os.killpg(process, number)
            except ProcessLookupError:  # a machine without `setsid`, or not there yet
                if alone:
                    os.kill(process, number)

    def check(self) -> None:
        if self._process.poll() is not None:
            raise PlaceGone("its shell has ended")

    def close(self) -> Usage:
        """End the shell; what it and its commands have used."""
        self._selector.close()
        self._stdin.close()
        self._stdout.close()
        if self._process.returncode is not None:
            return Usage()
        timer = threading.Timer(CLOSE_SECONDS, self._process.kill)
        timer.start()
        _, status, used = os.wait4(self._process.pid, 0)
        timer.cancel()
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def _mark(run_id: str) -> str:
    return f"pipelinekit-{run_id}-"


def _end_marked(mark: str) -> int:
    """Kill every process whose tracking mark begins so, as GitHub's runner does with orphans; how many there were.

    Reads /proc; where there is none, nothing is found.
    """
    ended = 0
    own = os.getpid()
    while found := [process for process in _marked(mark) if process != own]:
        for process in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        ended += len(found)
    return ended


def _marked(mark: str) -> Iterator[int]:
    begin = f"{TRACKING}={mark}".encode()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            entries = environ.read_bytes().split(b"\0")
        except OSError:  # ended meanwhile, or another user's
            continue
        if any(entry.startswith(begin) for entry in entries):
            yield int(environ.parent.name)
