"""Answers in a cell: the sentence as the report's verdict, grids as its tables, marks and icons as images."""

import re
from collections.abc import Iterable

from pipelinekit.answers.grid import Cell, Estimate, Grid, Lines, Marks, Name, Share, State
from pipelinekit.views import bars, small_pictures
from pipelinekit.views.markup import Html, Piece, join, tag
from pipelinekit.views.run_links import RunRef
from pipelinekit.views.sentences import found, verdict
from pipelinekit.views.tables import Column, Row, table, two_lines
from pipelinekit.views.words import Delta

_END = re.compile(r"(?<=[.:])\s+(?=\S)")  # of the sentence that holds the finding


def said(sentence: str) -> Html:
    """The sentence, its first part in bold; `names` as code."""
    finding, *rest = _END.split(sentence, maxsplit=1)
    return verdict(found(finding), found(rest[0]) if rest else None)


def drawn(grid: Grid) -> Html:
    """Title, table and note."""
    columns = [Column(name.removeprefix(">"), "number" if name.startswith(">") else "text") for name in grid.head]
    rows = (Row(tuple(piece(cell) for cell in row)) for row in grid.rows)
    return join((
        tag("h4", grid.title) if grid.title else None,
        table(columns, rows, stack=False, middle=True),
        tag("p", grid.note, class_="pk-meta") if grid.note else None,
    ))  # fmt: skip


def piece(cell: Cell) -> Piece:  # noqa: PLR0911 - one drawing a kind of cell
    """What stands in the cell; its text is in it, for where pictures are taken out."""
    match cell:
        case RunRef():
            return run_link(cell)
        case Name():
            name = tag("span", cell.text, class_="pk-id")
            return two_lines(name, cell.of) if cell.of else name
        case State():
            return small_pictures.state(cell.word)
        case Marks():
            return small_pictures.strip(cell.history, 6, 18, what=cell.what) if cell.history else None
        case Estimate():
            bar = bars.interval(cell.low, cell.middle, cell.high, bottom=cell.bottom, top=cell.top, text=cell.text)
            return join((cell.text, bar))
        case Share():
            return bars.bar(cell.share, cell.text)
        case Lines():
            return join((tag("span", line) for line in cell.lines), Html("<br>"))
        case Delta():
            return bars.delta(cell)
        case str():
            return cell


def run_link(run: RunRef) -> Html:
    """The run by its number; the link leads to where the notebook shows it."""
    return tag("a", str(run), href=f"#{run.anchor}")


def together(sentence: str, grids: Iterable[Grid], about: str = "") -> Html:
    """A whole answer: the sentence, the evidence, and what it is about."""
    return join((said(sentence), *map(drawn, grids), tag("p", about, class_="pk-meta") if about else None))
