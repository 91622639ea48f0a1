"""How lessons look: in a cell as HTML that needs nothing beside it, in a terminal as text; every state is a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.lessons.base import Check, Found, LessonRow
from pipelinekit.lessons.place import Where
from pipelinekit.lessons.progress import Progress
from pipelinekit.lessons.solution import Step
from pipelinekit.model.shown import Bundle
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.summary import inline
from pipelinekit.views.words import NOTHING, number, of, plural, sentence

_PASSED, _OPEN = "✓", "○"
# A theme's own colours everywhere: what stands out does so by a line and by weight.
_FRAME = "border-left:3px solid;padding:2px 0 2px 12px;margin:6px 0;max-width:90ch;line-height:1.5"
_CELL = "text-align:left;padding:3px 16px 3px 0;vertical-align:top"
_PRE = "font-size:12px;line-height:1.45;margin:4px 0;white-space:pre-wrap"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found; true where it passed. level: of its hints, from 0. stale: no run has come since it was asked last.

    helped: the solution had been shown before it passed. passed, whole: checks of the lesson.
    """

    check: Check
    found: Found
    level: int
    stale: bool
    helped: bool
    passed: int
    whole: int

    def __bool__(self) -> bool:
        return self.found.passed

    @property
    def hints(self) -> tuple[str, ...]:
        """Those given so far."""
        return () if self.found.passed else self.check.hints.get(self.found.kind, ())[: self.level + 1]

    @property
    def _head(self) -> str:
        word = "passed" if self.found.passed else "not yet"
        return f"{word}: {self.check.asks}"

    @property
    def _rest(self) -> str:
        if self.found.passed:
            helped = ", with the solution's help" if self.helped else ""
            return f"{of(self.passed, self.whole)} checks of this lesson passed{helped}."
        more = len(self.check.hints.get(self.found.kind, ())) > self.level + 1
        words = ["No run has been recorded since you last asked."] if self.stale else []
        return " ".join(words + ([f'One more hint: `lesson.hint("{self.check.name}")`'] if more else []))

    def __repr__(self) -> str:
        hints = (f"  hint {at}: {hint}" for at, hint in enumerate(self.hints, 1))
        head = f"{_mark(self.found.passed)} {self._head}"
        lines = (head, f"  {self.found.says}", *hints, f"  {self._rest}")
        return "\n".join(line for line in lines if line.strip())

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        hints = tag("ol", *(tag("li", inline(hint)) for hint in self.hints), style="margin:4px 0") if self.hints else None
        html = tag(
            "div",
            tag("b", f"{_mark(self.found.passed)} ", inline(sentence(self._head))),
            tag("div", inline(self.found.says)),
            hints,
            tag("div", inline(self._rest), style="opacity:.75") if self._rest else None,
            style=_FRAME,
        )
        return {"text/plain": repr(self), "text/html": html}


@dataclass(frozen=True, slots=True)
class Card:
    """A lesson: what it asks, where it stands, what is passed."""

    row: LessonRow
    folder: Path
    where: Where
    progress: Progress

    @property
    def _facts(self) -> tuple[tuple[str, str], ...]:
        return (
            ("time", f"about {self.row.minutes} minutes"),
            ("folder", f"`{self.folder}`"),
            ("runs on", f"{self.where.executor}: {self.where.why}"),
            *((("solution", "was shown"),) if self.progress.solution_at else ()),
        )

    def __repr__(self) -> str:
        facts = (f"  {name}: {what}" for name, what in self._facts)
        checks = (f"  {_mark(bool(self.progress.of(c.name).passed_at))} {c.name}: {_asks(c)}" for c in self.row.checks)
        return "\n".join((f"{self.row.title}. {self.row.asks}", *facts, *checks))

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        facts = (_line(name, inline(what)) for name, what in self._facts)
        checks = (_line(_state(self.progress, c), tag("code", c.name), inline(_asks(c))) for c in self.row.checks)
        html = tag(
            "div", tag("b", self.row.title), tag("div", self.row.asks), tag("table", tag("tbody", *facts), style="margin:6px 0"),
            tag("table", tag("tbody", *checks), style="margin:6px 0"), style=_FRAME,
        )  # fmt: skip
        return {"text/plain": repr(self), "text/html": html}


@dataclass(frozen=True, slots=True)
class Solution:
    """laid: up to which step its files were laid over the lesson's; 0 for none."""

    title: str
    steps: tuple[Step, ...]
    laid: int

    @property
    def _rest(self) -> str:
        if self.laid:
            return f"Laid over the lesson's files: {plural(self.laid, 'step')}. Your progress says that the solution was shown."
        return "`lesson.solution(1)` lays the first step's files. Your progress says that the solution was shown."

    def __repr__(self) -> str:
        parts = [f"{self.title}: a solution in {number(len(self.steps))} {'step' if len(self.steps) == 1 else 'steps'}"]
        for step in self.steps:
            parts += [f"{step.number}. {step.says}", *(f"   {line}" for line in step.changes), f"   {step.run}"]
        return "\n".join((*parts, self._rest))

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        steps = (
            tag("li", inline(step.says), tag("pre", "\n".join(step.changes), style=_PRE), tag("pre", step.run, style=_PRE))
            for step in self.steps
        )
        html = tag(
            "div", tag("b", f"{self.title}: a solution"), tag("ol", *steps), tag("div", inline(self._rest), style="opacity:.75"),
            style=_FRAME,
        )  # fmt: skip
        return {"text/plain": repr(self), "text/html": html}


@dataclass(frozen=True, slots=True)
class Listed:
    """One lesson of the list. progress: None where it was not begun here. notebook: where its file is."""

    row: LessonRow
    progress: Progress | None
    notebook: Path

    @property
    def passed(self) -> bool:
        """Whether every check has."""
        return self.progress is not None and self.progress.passed(self.row.needed) == len(self.row.needed)

    @property
    def state(self) -> str:
        """In words: not begun, 1 of 3, passed."""
        if self.progress is None:
            return "not begun"
        state = "passed" if self.passed else of(self.progress.passed(self.row.needed), len(self.row.needed))
        return f"{state}, solution shown" if self.progress.solution_at else state


@dataclass(frozen=True, slots=True)
class Listing:
    """The lessons and how far one is with each; folder: where their progress was looked for."""

    lessons: Sequence[Listed]
    folder: Path

    def __repr__(self) -> str:
        head = ("lesson", "progress", "minutes", "notebook", "title")
        rows = [
            head,
            *((one.row.name, one.state, str(one.row.minutes), self._where(one), one.row.title) for one in self.lessons),
        ]
        widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
        return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)

    def _where(self, one: Listed) -> str:
        """Its file below the folder; `–` where it has not been brought here yet."""
        return one.notebook.relative_to(self.folder).as_posix() if one.notebook.is_relative_to(self.folder) else NOTHING

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        head = tag("tr", *(tag("th", name, style=_CELL, scope="col") for name in ("Lesson", "Progress", "Minutes", "Notebook")))
        rows = (_line(_two(one.row), one.state, str(one.row.minutes), tag("code", self._where(one))) for one in self.lessons)
        return {"text/plain": repr(self), "text/html": tag("table", tag("thead", head), tag("tbody", *rows))}


def _two(row: LessonRow) -> Html:
    return join((tag("b", row.title), tag("br"), row.asks))


def _line(*cells: Piece) -> Html:
    return tag("tr", *(tag("td", cell, style=_CELL) for cell in cells))


def _asks(check: Check) -> str:
    return f"if there is time: {check.asks}" if check.extra else check.asks


def _state(progress: Progress, check: Check) -> Html:
    about = progress.of(check.name)
    word = "passed" if about.passed_at else "not yet"
    return fill("{} {}", _mark(bool(about.passed_at)), word + (", with the solution" if about.helped else ""))


def _mark(passed: bool) -> str:
    return _PASSED if passed else _OPEN
