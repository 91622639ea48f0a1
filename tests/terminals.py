"""Someone who types at a terminal and reads what stands there."""

import os
import select
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS, COLUMNS = 33, 101


class Typist:
    """A real pseudo-terminal: `slave` is what a program is given, the person sits at the other side. text: all that came."""

    def __init__(self, rows: int = ROWS, columns: int = COLUMNS) -> None:
        self._master, self.slave = os.openpty()
        self.text = ""
        self._read = 0
        self.resizes(rows, columns)

    def resizes(self, rows: int, columns: int) -> None:
        termios.tcsetwinsize(self._master, (rows, columns))

    def starts(self, command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """The program with this as its own terminal: it gets its Ctrl-C, its hanging up and its sizes."""
        taken = 'exec <>"$1" >&0 2>&1; shift; exec "$@"'
        return subprocess.Popen(
            ["/bin/sh", "-c", taken, "sh", os.ttyname(self.slave), *command], cwd=directory, env=environment, start_new_session=True
        )

    def types(self, line: str) -> None:
        self.presses(f"{line}\n")

    def presses(self, keys: str) -> None:
        data = keys.encode()
        while data:
            data = data[os.write(self._master, data) :]

    def sees(self, wanted: str, seconds: float = 30.0) -> str:
        """Read until that stands there; what came since the last call, up to it."""
        until = time.monotonic() + seconds
        while (at := self.text.find(wanted, self._read)) < 0:
            ready, _, _ = select.select([self._master], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"{wanted!r} did not come, only {self.text[self._read :]!r}"
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:  # Linux answers EIO when nobody holds the other side
                data = b""
            assert data, f"{wanted!r} did not come before the end, only {self.text[self._read :]!r}"
            self.text += data.decode("utf-8", "replace")
        seen = self.text[self._read : at + len(wanted)]
        self._read = at + len(wanted)
        return seen

    def hangs_up(self) -> None:
        if self._master >= 0:
            os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Hang up, when nothing holds the other side any more."""
        self.hangs_up()
        os.close(self.slave)
