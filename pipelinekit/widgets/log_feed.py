"""The log of a run for those who look at it: what they watch as it comes, and any other stretch out of the journal."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from pipelinekit.model.event import LinesLogged
from pipelinekit.model.outcome import State
from pipelinekit.model.run_state import LegState
from pipelinekit.records.journal import journal_path
from pipelinekit.records.journal_log import JournalLog, LoggedLine
from pipelinekit.run_views.live_run import Json
from pipelinekit.run_views.log_lines import LogLines
from pipelinekit.views.ansi import plain
from pipelinekit.views.log import Line
from pipelinekit.widgets.held import Held

SHOWN = 1000  # lines that a view gets when it opens a step
AROUND = 500  # lines before and after one that is gone to
MOST_WAITING = 5000  # lines of a step on their way to a view, which shows no more
MOST_FOUND = 500
PART = 10_000  # lines of the whole log in one message


@dataclass(slots=True)
class Watch:
    """What views watch: a leg's step with those that it brought. last: the number of the last line that was sent."""

    leg: str
    step: int | None
    steps: frozenset[int]
    lines: LogLines = field(default_factory=LogLines)
    waiting: deque[tuple[int, Line]] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    last: int = 0


class LogFeed:
    """deciding: numbers of the lines of a leg that decided. `hear` may be called from any thread, all else from one."""

    def __init__(self, run: Held, send: Callable[[Json], None], deciding: Callable[[str], Collection[int]]) -> None:
        self._run, self._send, self._deciding = run, send, deciding
        self._journals: dict[int, JournalLog] = {}
        self._watched: dict[tuple[str, int | None], Watch] = {}
        self._lock = threading.Lock()

    @property
    def journal(self) -> JournalLog:
        """Of the attempt that goes on."""
        attempt = self._run.attempt
        if attempt not in self._journals:
            self._journals[attempt] = JournalLog(journal_path(self._run.store.path, self._run.run_id, attempt))
        return self._journals[attempt]

    def hear(self, event: LinesLogged) -> None:
        """Keep the lines for those who watch them."""
        with self._lock:
            watched = [watch for watch in self._watched.values() if watch.leg == event.leg and event.step in watch.steps]
            begun = self._begun(event.leg) if watched else None
            for watch in watched:
                left_out = max(0, len(event.lines) - MOST_WAITING)
                watch.waiting.extend(
                    (event.step, _line(LoggedLine(number, event.step, at, text, event.stream, event.group), begun))
                    for number, (at, text) in enumerate(event.lines[left_out:], event.first + left_out)
                )

    def flush(self) -> None:
        """Send what waits."""
        for watch in tuple(self._watched.values()):
            with self._lock:
                found = [pair for pair in watch.waiting if pair[1].number > watch.last]
                watch.waiting.clear()
            if found:
                watch.last = found[-1][1].number
                self._send({"op": "lines", "leg": watch.leg, "step": watch.step, "lines": self._colour(watch, found)})

    def keep(self, wanted: Collection[tuple[str, int | None]]) -> None:
        """Forget what nobody watches any more."""
        with self._lock:
            self._watched = {key: watch for key, watch in self._watched.items() if key in wanted}

    def refresh(self) -> None:
        """Steps that are watched may have brought others."""
        for watch in self._watched.values():
            watch.steps = self.within(watch.leg, watch.step)

    def watch(self, view: str, leg: str, step: int | None) -> None:
        """From here on the lines of this step, after the last ones that it has."""
        watch = Watch(leg, step, self.within(leg, step))
        with self._lock:  # before the journal is read: what comes meanwhile waits, and is sent once
            self._watched[leg, step] = watch
        found = self._pairs(leg, self.journal.before(leg, watch.steps, SHOWN))
        if found:
            watch.last = found[-1][1].number
        self._show(view, watch, self._colour(watch, found))

    def before(self, view: str, leg: str, step: int | None, number: int) -> None:
        """The lines before the first one that a view has."""
        watch = Watch(leg, step, self.within(leg, step))
        found = self.journal.before(leg, watch.steps, SHOWN, number)
        found += self.journal.read(leg, watch.steps, number, number + AROUND)
        self._show(view, watch, self._colour(watch, self._pairs(leg, found)), number)

    def at(self, view: str, leg: str, number: int) -> None:
        """The lines around one of the leg."""
        line = next(self.journal.read(leg, None, number, number), None)
        if line is not None:
            watch = Watch(leg, line.step, frozenset({line.step}))
            found = self.journal.read(leg, watch.steps, max(1, number - AROUND), number + AROUND)
            self._show(view, watch, self._colour(watch, self._pairs(leg, found)), number)

    def find(self, view: str, leg: str, text: str) -> None:
        """All lines of the leg that have the text in them, upper and lower case alike; the first ones of them are shown."""
        low, total, first = text.lower(), 0, []
        for line in self.journal.read(leg):
            if low in (plain(line.text) if "\x1b" in line.text or "\r" in line.text else line.text).lower():
                total += 1
                if total <= MOST_FOUND:
                    first.append(line)
        lines = LogLines().add(self._pairs(leg, first))
        self._send({"op": "found", "view": view, "leg": leg, "text": text, "total": total, "lines": lines})

    def whole(self, view: str, leg: str) -> None:
        """The whole log as text, in parts."""
        name = "".join(c if c.isalnum() or c in "-._" else "-" for c in f"run-{self._run.number}-{leg}.log")
        lines = self._text(leg)
        while part := "".join(islice(lines, PART)):
            self._send({"op": "whole", "view": view, "name": name, "text": part, "done": False})
        self._send({"op": "whole", "view": view, "name": name, "text": "", "done": True})

    def tail(self, leg: str, step: int | None, most: int) -> list[Json]:
        """The last lines of a step, for where no kernel answers."""
        found = self._pairs(leg, self.journal.before(leg, self.within(leg, step), most))
        return LogLines().add(found, self._deciding(leg))

    def within(self, leg: str, step: int | None) -> frozenset[int]:
        """The step and all that it brought."""
        found = {step} if step is not None else set()
        for each in sorted(self._leg(leg).steps, key=lambda one: one.index):
            if each.parent in found:
                found.add(each.index)
        return frozenset(found)

    # -- inside

    def _leg(self, name: str) -> LegState:
        return next((leg for leg in self._run.state.legs if leg.leg == name), _NO_LEG)

    def _begun(self, leg: str) -> float | None:
        return self._leg(leg).started_at

    def _pairs(self, leg: str, found: Iterable[LoggedLine]) -> list[tuple[int, Line]]:
        return pairs(found, self._begun(leg))

    def _colour(self, watch: Watch, found: list[tuple[int, Line]]) -> list[Json]:
        return watch.lines.add(found, self._deciding(watch.leg))

    def _show(self, view: str, watch: Watch, lines: list[Json], at: int | None = None) -> None:
        """at: the line to go to. The view is told whether there are more lines before these."""
        more = bool(lines) and bool(self.journal.before(watch.leg, watch.steps, 1, lines[0][0]))
        message = {"op": "log", "view": view, "leg": watch.leg, "step": watch.step, "lines": lines, "more": more}
        self._send(message if at is None else {**message, "at": at})

    def _text(self, leg: str) -> Iterator[str]:
        names, current = {step.index: step.name for step in self._leg(leg).steps}, None
        begun = self._begun(leg)
        for line in self.journal.read(leg):
            if line.step != current:
                yield f"== {names.get(line.step, 'Set up job')}\n"
                current = line.step
            clock = "" if begun is None else f"+{max(0.0, line.at - begun):.1f}s"
            yield f"{clock:>9} {plain(line.text)}\n"


_NO_LEG = LegState("", "", State.QUEUED)


def pairs(found: Iterable[LoggedLine], begun: float | None) -> list[tuple[int, Line]]:
    """Each line with its step. begun: when its leg did, from which its time counts."""
    return [(line.step, _line(line, begun)) for line in found]


def _line(line: LoggedLine, begun: float | None) -> Line:
    seconds = None if begun is None else max(0.0, line.at - begun)
    return Line(line.number, line.text, seconds, line.group, line.stream == "runner")
