"""A terminal of this machine itself, with a shell in it."""

import contextlib
import os
import signal
import subprocess
import termios

from pipelinekit.executors.base import Command
from pipelinekit.executors.terminal import READ_BYTES, STARTED_IN

# The first thing that the leader of a session opens without O_NOCTTY becomes its terminal: that is where Ctrl-C comes from.
_TAKEN = f'exec <>"$1" >&0 2>&1; shift; {STARTED_IN}'
PATIENCE_SECONDS = 5.0


class PseudoTerminal:
    """command: its environment is the whole of it, its directory absolute. workspace: where the shell stays without that one."""

    def __init__(self, command: Command, workspace: str, size: tuple[int, int]) -> None:
        self.said = b""
        self._master, slave = os.openpty()
        os.set_blocking(self._master, False)
        self.resize(*size)
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _TAKEN, "sh", os.ttyname(slave), command.directory, *command.argv],
                cwd=workspace,
                env=command.environment,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=slave,
                stderr=slave,
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)

    def fileno(self) -> int:
        return self._master

    def send(self, data: bytes) -> int:
        try:
            return os.write(self._master, data)
        except BlockingIOError:
            return 0
        except OSError:  # nobody reads any more: `receive` tells
            return len(data)

    def receive(self) -> bytes | None:
        try:
            return os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return None
        except OSError:  # Linux answers EIO when all that held the other side have ended
            return b""

    def resize(self, rows: int, columns: int) -> None:
        termios.tcsetwinsize(self._master, (rows, columns))

    def end(self) -> int:
        os.close(self._master)  # which sends SIGHUP to those that are left
        try:
            code = self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            code = self._process.wait()
        return 128 - code if code < 0 else code
