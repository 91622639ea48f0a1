"""One long-lived `sh` in a place, to which commands are fed: a step costs two milliseconds, where an exec takes a hundred.

Every command is a process of its own, in a session and process group of its own, with an empty stdin and exactly the
environment that was asked for. Its two streams come as one, in order. Where a command begins and ends is told by marks that
carry a random token, new for each command, so that nothing that a step prints can be taken for one.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pipelinekit.executors.base import CommandResult, Lines

LINE_LIMIT = 1 << 20  # bytes of one line that are kept


class PlaceGone(Exception):
    """The shell has ended, or nobody answers any more: its place is lost."""


class Transport(Protocol):
    """How bytes reach the shell, and come back from it."""

    def send(self, data: bytes) -> None:
        """Raises PlaceGone."""

    def receive(self, wait_seconds: float) -> bytes | None:
        """What has come; None when nothing came in time, b'' when nothing will come any more. Raises PlaceGone."""

    def signal(self, name: str, process: int, *, alone: bool) -> None:
        """Send INT, TERM or KILL to a process group of the place; where there is none of that number, and `alone`, to the
        process itself. One that has ended is not an error.
        """

    def check(self) -> None:
        """Raises PlaceGone when nobody answers any more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait: for a command to end after SIGINT and after SIGTERM (as GitHub's runner does, then SIGKILL); for a place
    that says nothing, before it is asked whether it is still there; for an engine to answer.
    """

    interrupt_seconds: float = 7.5
    terminate_seconds: float = 2.5
    silence_seconds: float = 10.0
    answer_seconds: int = 30  # the engine's own removal of a container may take ten


class Shell:
    """The shell of one place. One command at a time; `stop` may come from another thread."""

    def __init__(self, transport: Transport, patience: Patience) -> None:
        self._transport = transport
        self._patience = patience
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._rest = b""
        self._programs: tuple[str, str] = ("", "env")

    def start(self) -> dict[str, str]:
        """Make the shell ready; the environment that it was started with (empty where there is no /proc). Raises PlaceGone."""
        token = os.urandom(16).hex()
        self._transport.send(
            f"exec 2>/dev/null; trap : INT; cat /proc/$$/environ; printf '\\n%s\\n%s\\n%s end 0\\n'"
            f' "$(command -v setsid)" "$(command -v env)" {token}\n'.encode()
        )
        end = f"{token} end 0\n".encode()
        answer = b""
        while end not in answer:
            answer += self._receive()
        text = answer.removesuffix(end).decode("utf-8", "surrogateescape")
        entries, setsid, env, _ = text.rsplit("\n", 3)
        self._programs = (setsid, env or "env")
        return dict(entry.split("=", 1) for entry in entries.split("\0") if "=" in entry)

    @property
    def busy(self) -> bool:
        return self._running is not None

    def perform(
        self,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        directory: str,
        on_lines: Lines,
        timeout_seconds: float | None = None,
    ) -> CommandResult:
        """Run one command to its end. environment: the whole of it. directory: absolute. Raises PlaceGone."""
        running = _Running(os.urandom(16).hex())
        with self._lock:
            self._running = running
        output = _Output(running, self._rest, on_lines)
        try:
            self._transport.send(self._text(running.token, argv, environment, directory))
            ends_at = None if timeout_seconds is None else time.monotonic() + timeout_seconds
            while running.exit_code is None:
                data = self._receive(ends_at)
                if data:
                    output.feed(data)
                else:
                    ends_at = None
                    running.timed_out = not running.ending
                    self._end(running)
            self._rest = output.rest
        finally:
            with self._lock:
                self._running = None
            running.ended.set()
            if running.stopper is not None:
                running.stopper.join()
        return CommandResult(running.exit_code, running.stopped, running.timed_out)

    def stop(self) -> None:
        """End the running command and its group, politely first. Returns at once; `perform` returns when it has ended."""
        with self._lock:
            running = self._running
        if running is not None and not running.stopped:
            running.stopped = True
            self._end(running)

    def _receive(self, ends_at: float | None = None) -> bytes:
        """What comes next; b'' when the time is up before something does."""
        silence = self._patience.silence_seconds
        while True:
            left = silence if ends_at is None else min(silence, ends_at - time.monotonic())
            if left <= 0:
                return b""
            data = self._transport.receive(left)
            if data:
                return data
            if data is not None:
                raise PlaceGone("its shell has ended")
            if left == silence:
                self._transport.check()

    def _text(self, token: str, argv: tuple[str, ...], environment: Mapping[str, str], directory: str) -> bytes:
        setsid, env = self._programs
        settings = (f"{name}={value.split(chr(0))[0]}" for name, value in environment.items())  # as C would cut it
        words = " ".join(quoted(word) for word in (*filter(None, (setsid,)), env, "-i", *settings, *argv))
        where = quoted(directory)
        refusal = quoted(f"cannot start in {directory}: there is no such folder")
        return (
            f"(read -r p _ 2>/dev/null </proc/self/stat || p=$(exec sh -c 'echo $PPID')\n"
            f"echo {token} pid $p; cd {where} 2>/dev/null || {{ echo {refusal}; exit 1; }}\n"
            f"exec {words}) </dev/null 2>&1; echo {token} end $?\n"
        ).encode("utf-8", "surrogateescape")

    def _end(self, running: "_Running") -> None:
        with self._lock:
            if running.ending:
                return
            running.ending = True
            running.stopper = threading.Thread(target=self._signal, args=(running,), name="pipelinekit-stop", daemon=True)
            running.stopper.start()

    def _signal(self, running: "_Running") -> None:
        running.started.wait(self._patience.silence_seconds)
        if running.process is None:
            return
        for name, wait_seconds in (("INT", self._patience.interrupt_seconds), ("TERM", self._patience.terminate_seconds)):
            self._transport.signal(name, running.process, alone=True)
            if running.ended.wait(wait_seconds):
                break
        self._transport.signal("KILL", running.process, alone=not running.ended.is_set())  # its children, where it ended itself


class _Running:
    """One command, as the thread that performs it and those that stop it see it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.process: int | None = None
        self.exit_code: int | None = None
        self.started = threading.Event()
        self.ended = threading.Event()
        self.ending = False
        self.stopper: threading.Thread | None = None
        self.stopped = False
        self.timed_out = False


class _Output:
    """Bytes in, whole lines out, and the marks taken out of them."""

    def __init__(self, running: _Running, rest: bytes, on_lines: Callable[[list[str]], None]) -> None:
        self.rest = rest
        self._running = running
        self._token = running.token.encode()
        self._on_lines = on_lines

    def feed(self, data: bytes) -> None:
        self.rest += data
        while (at := self.rest.find(self._token)) >= 0:
            self._say(self.rest[:at].removesuffix(b"\n"), at > 0)
            end = self.rest.find(b"\n", at)
            if end < 0:
                self.rest = self.rest[at:]
                return
            _, kind, number = self.rest[at:end].split(b" ")
            self.rest = self.rest[end + 1 :]
            if kind == b"pid":
                self._running.process = int(number or 0) or None
                self._running.started.set()
            else:
                self._running.exit_code = int(number)
                return
        cut = self.rest.rfind(b"\n")
        self._say(self.rest[: max(cut, 0)], cut >= 0)
        self.rest = self.rest[cut + 1 :]
        if len(self.rest) > LINE_LIMIT + 64:  # the middle of an endless line goes; its last bytes may be half a mark
            self.rest = self.rest[: LINE_LIMIT + 1] + self.rest[-63:]

    def _say(self, whole: bytes, something: bool) -> None:
        if something:
            text = whole.decode("utf-8", "replace")
            if "\r" in text:  # as GitHub's runner reads: a carriage return alone ends a line too
                text = text.replace("\r\n", "\n").removesuffix("\r").replace("\r", "\n")
            self._on_lines([_shortened(line) for line in text.split("\n")] if len(text) > LINE_LIMIT else text.split("\n"))


def _shortened(line: str) -> str:
    return line if len(line) <= LINE_LIMIT else f"{line[:LINE_LIMIT]} … (the line goes on)"


def quoted(word: str) -> str:
    """The word as `sh` reads it back, whatever is in it."""
    return "'" + word.replace("'", "'\\''") + "'"
