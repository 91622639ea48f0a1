"""The log of a run attempt out of its journal, any stretch of any leg of it, while the run lives; the rest is not read.

Where the batches of lines stand is noted as the journal grows; only batches that are asked for are decoded.
"""

import json
import re
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.model.event import LinesLogged
from pipelinekit.records.event_lines import LineUnreadable, decode

# The head of an encoded LinesLogged, whose fields stand in their order: see `event_lines.encode`.
_HEAD = re.compile(rb'\{"type":"LinesLogged","at":[^,]+,"leg":("(?:[^"\\]|\\.)*"),"step":(-?\d+),"first":(\d+),')


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """number: in the leg, from 1. at: seconds since 1970."""

    number: int
    step: int
    at: float
    text: str
    stream: str
    group: str


@dataclass(frozen=True, slots=True)
class _Batch:
    offset: int
    step: int
    first: int


class JournalLog:
    """path: the journal, which may not be there yet. May be asked from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._batches: dict[str, list[_Batch]] = {}
        self._lock = threading.Lock()

    def read(
        self, leg: str, steps: Collection[int] | None = None, first: int = 1, last: int | None = None
    ) -> Iterator[LoggedLine]:
        """The lines from `first` to `last`, both included, in order. steps: only theirs; None: of all."""
        batches = self._known(leg)
        for at, batch in enumerate(batches, start=1):
            if last is not None and batch.first > last:
                return
            passed = at < len(batches) and batches[at].first <= first
            if not passed and (steps is None or batch.step in steps):
                yield from (line for line in self._lines(batch) if line.number >= first and (last is None or line.number <= last))

    def before(self, leg: str, steps: Collection[int] | None, most: int, number: int | None = None) -> list[LoggedLine]:
        """At most so many lines, in order: those before line `number`, or the last ones where it is None."""
        found: list[LoggedLine] = []
        for batch in reversed(self._known(leg)):
            if len(found) >= most:
                break
            if (steps is None or batch.step in steps) and (number is None or batch.first < number):
                found = [line for line in self._lines(batch) if number is None or line.number < number] + found
        return found[-most:]

    def _lines(self, batch: _Batch) -> list[LoggedLine]:
        with self._path.open("rb") as journal:
            journal.seek(batch.offset)
            try:
                event = decode(journal.readline())
            except LineUnreadable:
                return []
        if not isinstance(event, LinesLogged):
            return []
        return [
            LoggedLine(number, event.step, at, text, event.stream, event.group)
            for number, (at, text) in enumerate(event.lines, event.first)
        ]

    def _known(self, leg: str) -> list[_Batch]:
        with self._lock:
            self._read_on()
            return list(self._batches.get(leg, ()))

    def _read_on(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as journal:
            journal.seek(self._offset)
            for line in journal:
                if not line.endswith(b"\n"):  # it is being written: the next time
                    return
                if (head := _HEAD.match(line)) is not None:
                    name, step, first = head.groups()
                    self._batches.setdefault(json.loads(name), []).append(_Batch(self._offset, int(step), int(first)))
                self._offset += len(line)
