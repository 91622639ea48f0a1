"""Answers in a cell: the sentence as the report's verdict, grids as its tables, marks and icons as images."""

import re
from collections.abc import Iterable

from pipelinekit.answers.grid import Cell, Estimate, Grid, Lines, Marks, Name, Share, State, text
from pipelinekit.views import bars, small_pictures
from pipelinekit.views.markup import Html, Piece, join, tag
from pipelinekit.views.run_links import RunRef
from pipelinekit.views.sentences import found, verdict
from pipelinekit.views.tables import Column, Row, table, two_lines
from pipelinekit.views.words import NOTHING, Delta, sentence

SHORT = 12
_END = re.compile(r"(?<=[.:])\s+(?=\S)")  # of the sentence that holds the finding


def said(answer: str) -> Html:
    """The sentence, its first part in bold; `names` as code."""
    finding, *rest = _END.split(answer, maxsplit=1)
    return verdict(found(finding), found(rest[0]) if rest else None)


def drawn(grid: Grid) -> Html:
    """Title, table and notes. A column in which nothing stands is left out."""
    kept = [at for at in range(len(grid.head)) if not grid.rows or any(text(row[at]) not in ("", NOTHING) for row in grid.rows)]
    columns = [Column(_title(grid.head[at]), "number" if grid.head[at].startswith(">") else "text") for at in kept]
    rows = (Row(tuple(piece(row[at]) for at in kept)) for row in grid.rows)
    notes = (tag("p", said, class_="pk-meta") for said in (grid.drawn, grid.note) if said)
    title = tag("h4", grid.title) if grid.title else None
    return join((title, table(columns, rows, stack=False, middle=True), *notes))


def _title(name: str) -> str:
    """With a capital, where it is a word."""
    plain = name.removeprefix(">")
    return plain if plain[:2] in ("p5", "p9", "n") else sentence(plain)


def piece(cell: Cell) -> Piece:  # noqa: PLR0911 - one drawing a kind of cell
    """What stands in the cell; its text is in it, for where pictures are taken out."""
    match cell:
        case RunRef():
            return run_link(cell)
        case Name():
            # A commit or another short name would break in two before a longer one does.
            name = tag("span", cell.text, class_="pk-id pk-num" if len(cell.text) <= SHORT else "pk-id")
            return two_lines(name, cell.of) if cell.of else name
        case State():
            return small_pictures.state(cell.word)
        case Marks():
            history = cell.history if cell.what == "runs" else cell.history.replace("k", "m")  # a partial hit is no flaky test
            return small_pictures.strip(history, 6, 18, what=cell.what) if history else None
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


def together(answer: str, grids: Iterable[Grid], about: str = "") -> Html:
    """A whole answer: the sentence, the evidence, and what it is about."""
    return join((said(answer), evidence(grids, about)))


def evidence(grids: Iterable[Grid], about: str = "") -> Html:
    """The evidence without the sentence."""
    return join((*map(drawn, grids), tag("p", about, class_="pk-meta") if about else None))
