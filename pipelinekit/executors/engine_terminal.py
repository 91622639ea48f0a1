"""A terminal in a container, with a shell in it, over the engine's API."""

import re
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from pipelinekit.executors.base import Command
from pipelinekit.executors.terminal import READ_BYTES, STARTED_IN

if TYPE_CHECKING:
    from docker import APIClient

# What it prints may come in one piece with the engine's answer, where the client loses it: so it waits for a word first. Then it
# tells its own number, to which signals can be sent; and waits for another word, until the terminal has its size.
_GREETED = f"read -r _; echo $$; read -r _; {STARTED_IN}"
_ECHO = re.compile(rb"(\r?\n)")  # of the word
_NUMBER = re.compile(rb"\r?\n(\d+)\r?\n")
GREETING_SECONDS = 30.0
LAST_WORDS_SECONDS = 1.0  # between the end of what a shell prints and its own
PATIENCE_SECONDS = 5.0
LOOK_SECONDS = 0.02
BRIEF_SECONDS = 0.01  # not 0: TLS has words of its own for "nothing yet" then
KILLED = 128 + 9


class Signal(Protocol):
    """As of `Attached`."""

    def __call__(self, name: str, process: int, *, alone: bool) -> None: ...


class EngineTerminal:
    """command: its environment is the whole of it, its directory absolute. workspace: where the shell stays without that one."""

    def __init__(
        self, client: "APIClient", container: str, command: Command, workspace: str, size: tuple[int, int], signal: Signal
    ) -> None:
        self._client = client
        self._signal = signal
        argv = ["sh", "-c", _GREETED, "sh", command.directory, *command.argv]
        environment = {"TERM": "xterm-256color", **command.environment}
        made = client.exec_create(container, argv, stdin=True, tty=True, environment=environment, workdir=workspace)
        self._id = str(made["Id"])
        stream: Any = client.exec_start(self._id, tty=True, socket=True)
        self._stream = stream  # owns the connection
        self._socket: socket.socket = getattr(stream, "_sock", stream)
        self._process = 0
        self.said = b""
        try:
            self._greet(size)
        except BaseException:
            self.end()
            raise

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, data: bytes) -> int:
        try:
            return self._socket.send(data)
        except TimeoutError:
            return 0
        except OSError:  # nobody reads any more: `receive` tells
            return len(data)

    def receive(self) -> bytes | None:
        try:
            return self._socket.recv(READ_BYTES)
        except TimeoutError:
            return None
        except OSError:  # the engine has gone
            return b""

    def resize(self, rows: int, columns: int) -> None:
        from docker.errors import APIError  # loaded with the client already

        with suppress(APIError):  # it has just ended
            self._client.exec_resize(self._id, height=rows, width=columns)

    def end(self) -> int:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._stream.close()
        self._socket.close()
        for name in ("", "HUP", "KILL"):
            if name and self._process:
                self._signal(name, self._process, alone=True)
            if (code := self._code(PATIENCE_SECONDS if name else LAST_WORDS_SECONDS)) is not None:
                return code
        return KILLED

    def _greet(self, size: tuple[int, int]) -> None:
        self._socket.settimeout(GREETING_SECONDS)
        number, _ = self._answer(_NUMBER)
        self._process = int(number)
        self.resize(*size)
        _, self.said = self._answer(_ECHO)
        self._socket.settimeout(BRIEF_SECONDS)

    def _answer(self, wanted: re.Pattern[bytes]) -> tuple[bytes, bytes]:
        """Say a word, and read until that comes; and what came after it. Raises ConnectionError where it does not come."""
        self._socket.sendall(b"\n")
        came = b""
        while not (found := wanted.match(came)):
            data = self._socket.recv(READ_BYTES)
            came += data
            if not data:
                raise ConnectionError(came.decode("utf-8", "replace").strip() or "no shell starts in it")
        return found[1], came[found.end() :]

    def _code(self, wait_seconds: float) -> int | None:
        """None where it still runs after so long."""
        until = time.monotonic() + wait_seconds
        while (told := self._client.exec_inspect(self._id))["Running"]:
            if time.monotonic() > until:
                return None
            time.sleep(LOOK_SECONDS)
        return int(told["ExitCode"] or 0)
