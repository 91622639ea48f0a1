"""A person's terminal joined to a shell in a place: keys go in raw, what it prints comes out, its size follows."""

import contextlib
import os
import selectors
import signal
import termios
import threading
import tty
from collections.abc import Iterator
from typing import Protocol

from pipelinekit.model.problem import SurroundingsMissing

# No rc files, which could change the environment that is to be looked at; and no history file, which would be the person's own.
INTERACTIVE = ("sh", "-c", "if command -v bash >/dev/null; then exec env HISTFILE= bash --noprofile --norc; else exec sh; fi")
# A directory that is not there is told by `cd` itself, and the shell stays where it was started.
STARTED_IN = 'cd "$1"; shift; exec "$@"'
READ_BYTES = 1 << 16


class FarEnd(Protocol):
    """A terminal in a place, with a shell in it. Nothing here waits, but for `end`. said: what it has printed already."""

    @property
    def said(self) -> bytes: ...

    def fileno(self) -> int: ...

    def send(self, data: bytes) -> int:
        """How many bytes were taken."""

    def receive(self) -> bytes | None:
        """What it printed; None for nothing yet, b'' when the shell has ended."""

    def resize(self, rows: int, columns: int) -> None: ...

    def end(self) -> int:
        """Hang up, where the shell still runs; its exit code, 128 + n where signal n ended it."""


def check(stdin: int, stdout: int) -> None:
    """Raises SurroundingsMissing where the two are no terminal."""
    if not (os.isatty(stdin) and os.isatty(stdout)):
        raise SurroundingsMissing("a shell for a person needs a terminal, and here is none")


def size(stdout: int) -> tuple[int, int]:
    """Rows and columns. A shell has them from its start: one that is told later draws its prompt twice."""
    columns, rows = os.get_terminal_size(stdout)
    return rows, columns


def join(far: FarEnd, stdin: int, stdout: int) -> int:
    """Hold the two together until the shell ends or the person's terminal is gone; the exit code.

    The terminal is left as it was found. Its size is followed where this is the main thread, which is the one that signals reach.
    """
    try:
        with _raw(stdin), _resized() as resized, selectors.DefaultSelector() as selector:
            _write(stdout, far.said)
            _pump(far, stdin, stdout, resized, selector)
    finally:
        code = far.end()
    return code


def _pump(far: FarEnd, stdin: int, stdout: int, resized: int, selector: selectors.BaseSelector) -> None:
    selector.register(stdin, selectors.EVENT_READ)
    selector.register(resized, selectors.EVENT_READ)
    selector.register(far, selectors.EVENT_READ)
    keys = b""  # typed, and not taken yet: a shell that prints much may take its time
    while True:
        selector.modify(far, selectors.EVENT_READ | (selectors.EVENT_WRITE if keys else 0))
        for key, ready in selector.select():
            if key.fd == resized:
                os.read(resized, READ_BYTES)
                far.resize(*size(stdout))
            elif key.fd == stdin:
                typed = _read(stdin)
                if not typed:
                    return
                keys += typed
            elif ready & selectors.EVENT_READ:
                printed = far.receive()
                if printed == b"":
                    return
                _write(stdout, printed or b"")
        if keys:
            keys = keys[far.send(keys) :]


def _read(file: int) -> bytes:
    """b'' also where the terminal has hung up."""
    try:
        return os.read(file, READ_BYTES)
    except OSError:
        return b""


def _write(file: int, data: bytes) -> None:
    with contextlib.suppress(OSError):  # it has hung up: reading it tells
        while data:
            data = data[os.write(file, data) :]


@contextlib.contextmanager
def _raw(file: int) -> Iterator[None]:
    """Every key goes to the shell, Ctrl-C among them. What was typed ahead stays."""
    before = termios.tcgetattr(file)
    try:
        tty.setraw(file, termios.TCSADRAIN)
        yield
    finally:
        with contextlib.suppress(termios.error):  # it has hung up
            termios.tcsetattr(file, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _resized() -> Iterator[int]:
    """A file that can be read when the size of the terminal has changed."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)

    def tell(*_: object) -> None:
        with contextlib.suppress(BlockingIOError):  # it is full of such news
            os.write(writer, b"!")

    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGWINCH, tell) if main else None
    try:
        yield reader
    finally:
        if main:
            signal.signal(signal.SIGWINCH, before)
        os.close(reader)
        os.close(writer)
