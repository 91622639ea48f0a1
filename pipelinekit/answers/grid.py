"""A table of written values. A cell is text everywhere, and where there is room to draw it says what its picture needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelinekit.views.run_links import RunRef
from pipelinekit.views.words import Delta

MARKS = {"p": ".", "F": "F", "k": "k", "s": "-", ".": " ", "m": "m"}  # a letter of `views.marks` -> how a terminal shows it


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the code, and what it belongs to."""

    text: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.of}::{self.text}" if self.of else self.text


@dataclass(frozen=True, slots=True)
class State:
    """A state by its word."""

    word: str

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class Marks:
    """A history, one letter a run, oldest first: see `views.marks`. what: of what each mark is."""

    history: str
    what: str = "runs"

    def __str__(self) -> str:
        return "".join(MARKS[mark] for mark in self.history)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, on an axis from bottom to top that the whole column shares. text: as written."""

    low: float
    middle: float
    high: float
    top: float
    text: str
    bottom: float = 0.0

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Share:
    """A part of 0-1 of a whole. text: as written."""

    share: float
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Lines:
    """Several lines, as of a message. A terminal shows the first, or where `between` is given all of them in one."""

    lines: tuple[str, ...]
    between: str = ""

    def __str__(self) -> str:
        return self.between.join(self.lines) if self.between else next(iter(self.lines), "")


Cell = str | RunRef | Name | State | Marks | Estimate | Share | Lines | Delta


@dataclass(frozen=True, slots=True)
class Grid:
    """head: names of the columns; one that begins with `>` stands right. title: above, note: below it.

    key: what the letters of its marks mean, for a terminal; drawn: the same of the marks as they are drawn.
    """

    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    title: str = ""
    key: str = ""
    drawn: str = ""


def text(cell: Cell) -> str:
    """The cell as written, in one line: a test's name may have several."""
    return " ".join((cell.text if isinstance(cell, Delta) else str(cell)).splitlines())


def lines(grid: Grid) -> str:
    """The grid for a terminal: words stand left and numbers right below their heads, the note last."""
    right = frozenset(at for at, name in enumerate(grid.head) if name.startswith(">"))
    written = [tuple(name.removeprefix(">") for name in grid.head), *(tuple(map(text, row)) for row in grid.rows)]
    aligned = ("  ".join(line).rstrip() for line in columns(written, right))
    return "\n".join([*aligned, *filter(None, (grid.key, grid.note))])


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[list[str]]:
    """The cells, each as wide as its column. right: numbers of the columns that stand on the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [cell.rjust(width) if at in right else cell.ljust(width) for at, (cell, width) in enumerate(zip(row, widths, strict=True))]
        for row in rows
    ]


def runs_of(grids: Iterable[Grid]) -> list[RunRef]:
    """The runs that the cells name, each once, in their order."""
    return list(dict.fromkeys(cell for grid in grids for row in grid.rows for cell in row if isinstance(cell, RunRef)))
