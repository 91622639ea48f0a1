"""What a run does, written down as it goes: one file a run attempt, one line an event, only ever appended to.

The first line says which format it has. The process in which the run lives holds a lock on the file, and loses it
however it ends: a run whose journal nobody holds is dead.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from pipelinekit.model.event import Event, Noted
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.event_lines import LineUnreadable, decode, encode

FORMAT = 1
SUFFIX = ".jsonl"


class Journal:
    """A journal that is being written. Make one with `create` or `claim`; it holds the lock until `close`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._size = os.fstat(descriptor).st_size

    @classmethod
    def create(cls, store: Path, run_id: str, attempt: int) -> Self:
        """A new journal in the store's folder, locked from the moment on when others can see it.

        Raises FileExistsError where the attempt has one already, SurroundingsMissing where the disk is full.
        """
        path = journal_path(store, run_id, attempt)
        header = {"format": FORMAT, "run_id": run_id, "attempt": attempt}
        newborn = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            journal = cls(path, os.open(newborn, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC, 0o644))
        except OSError as problem:
            raise _unwritable(path, problem) from problem
        try:
            fcntl.flock(journal._descriptor, fcntl.LOCK_EX)
            journal._write(json.dumps(header).encode() + b"\n")
            os.link(newborn, path)  # unlike a rename it never replaces a journal that is there
        except BaseException:
            journal.close()
            raise
        finally:
            newborn.unlink()
        return journal

    @classmethod
    def claim(cls, path: Path) -> Self | None:
        """The journal of a dead run, to go on with it; None where the run lives, or another process was quicker."""
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        journal = cls(path, descriptor)
        if journal._size and os.pread(descriptor, 1, journal._size - 1) != b"\n":
            journal._write(b"\n")  # the torn line stays, as an unreadable one of its own
        return journal

    def append(self, event: Event) -> None:
        """Hand one event to the operating system: it outlives this process from here on.

        Raises SurroundingsMissing when the disk is full; what had been recorded before stays, whole.
        """
        self._write(encode(event))

    def _write(self, line: bytes) -> None:
        try:
            written = 0
            while written < len(line):
                written += os.write(self._descriptor, line[written:])
        except OSError as problem:
            os.ftruncate(self._descriptor, self._size)  # half a line is worse than none
            raise _unwritable(self.path, problem) from problem
        self._size += len(line)

    def close(self) -> None:
        """Let go of the lock; the second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(path: Path) -> Iterator[Event]:
    """The events of a journal, in order. Lines that can't be read are left out, and a last `Noted` says how many.

    Reading needs no lock; the journal of a run that lives may end in half a line, which is then left for later.
    Raises SurroundingsMissing for a journal of a newer format, FileNotFoundError where there is none.
    """
    unreadable, at = 0, 0.0
    with path.open("rb") as lines:
        _check_header(path, lines.readline())
        for line in lines:
            try:
                event = decode(line)
            except LineUnreadable:
                unreadable += bool(line.strip()) and (line.endswith(b"\n") or not is_alive(path))
                continue
            at = event.at
            yield event
    if unreadable:
        what = "1 line of its journal" if unreadable == 1 else f"{unreadable} lines of its journal"
        yield Noted(at, f"{what} could not be read and is missing here: {path.name}")


def is_alive(path: Path) -> bool:
    """Whether a process holds the journal, and so the run lives."""
    with path.open("rb") as journal:
        try:
            # Shared and let go at once: who claims a dead run's journal in this moment does so at the next command.
            fcntl.flock(journal, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def journal_path(store: Path, run_id: str, attempt: int) -> Path:
    """Where the journal of a run attempt lies in the store's folder."""
    return store / "journals" / f"{run_id}-{attempt}{SUFFIX}"


def _check_header(path: Path, line: bytes) -> None:
    try:
        written = json.loads(line)["format"]
    except (ValueError, KeyError, TypeError):
        return  # a first line that is damaged: what follows is tried, and left out where it can't be read
    if written > FORMAT:
        raise SurroundingsMissing(
            f"cannot read the journal {path}: it has format {written}, this pipelinekit reads up to {FORMAT}",
            "a newer pipelinekit wrote it; use that one, or a store of its own (--store DIR)",
        )


def _unwritable(path: Path, problem: OSError) -> SurroundingsMissing:
    return SurroundingsMissing(
        f"cannot write the journal {path} ({problem.strerror})",
        "what had been recorded before is kept",
        "make room on the disk, or name another store: --store DIR",
    )
