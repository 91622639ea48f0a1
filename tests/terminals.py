"""Someone who types at a terminal and reads what stands there."""

import os
import re
import select
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS, COLUMNS = 33, 101
PATIENCE_SECONDS = 60.0


class Typist:
    """A real pseudo-terminal: `slave` is what a program is given, the person sits at the other side. text: all that came."""

    def __init__(self, rows: int = ROWS, columns: int = COLUMNS) -> None:
        self._master, self.slave = os.openpty()
        self.text = ""
        self._read = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.resizes(rows, columns)

    def resizes(self, rows: int, columns: int) -> None:
        termios.tcsetwinsize(self._master, (rows, columns))

    def starts(self, command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> None:
        """The program with this as its own terminal: it gets its Ctrl-C, its hanging up and its sizes."""
        taken = 'exec <>"$1" >&0 2>&1; shift; exec "$@"'
        words = ["/bin/sh", "-c", taken, "sh", os.ttyname(self.slave), *command]
        self._process = subprocess.Popen(words, cwd=directory, env=environment, start_new_session=True)

    def exit_code(self) -> int:
        """Of the program, when it has ended."""
        assert self._process is not None
        return self._process.wait(PATIENCE_SECONDS)

    def types(self, line: str) -> None:
        self.presses(f"{line}\n")

    def presses(self, keys: str) -> None:
        data = keys.encode()
        while data:
            data = data[os.write(self._master, data) :]

    def sees(self, wanted: str | re.Pattern[str], seconds: float = PATIENCE_SECONDS, *, keep: bool = False) -> str:
        """Read until that stands there; what came since the last call, up to it. keep: it is what the next call begins with."""
        pattern = re.compile(re.escape(wanted)) if isinstance(wanted, str) else wanted
        until = time.monotonic() + seconds
        while (found := pattern.search(self.text, self._read)) is None:
            ready, _, _ = select.select([self._master], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"{wanted!r} did not come, only {self.text[self._read :]!r}"
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:  # Linux answers EIO when nobody holds the other side
                data = b""
            assert data, f"{wanted!r} did not come before the end, only {self.text[self._read :]!r}"
            self.text += data.decode("utf-8", "replace")
        end = found.start() if keep else found.end()
        seen = self.text[self._read : end]
        self._read = end
        return seen

    def hangs_up(self) -> None:
        if self._master >= 0:
            os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Hang up, and wait until nothing holds the other side any more."""
        self.hangs_up()
        os.close(self.slave)
        if self._process is not None:
            try:
                self._process.wait(PATIENCE_SECONDS)
            finally:
                self._process.kill()
