"""Rows of written values as a table in a cell, and the sentence that stands there where there are none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pipelinekit.answers.grid import Cell, Grid, Share, lines, runs_of, text
from pipelinekit.notebook.grids import drawn
from pipelinekit.notebook.sheet import cell
from pipelinekit.views.markup import tag
from pipelinekit.views.run_links import MIME, RunRef, told

_NUMBERS = "0123456789–\u2212.<"


@dataclass(frozen=True, slots=True)
class Table:
    """otherwise: what is said of no rows."""

    grid: Grid
    otherwise: str = "Nothing to show."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self), MIME: told(runs_of([self.grid]))}

    def _repr_html_(self) -> str:
        return cell(drawn(self.grid)) if self.grid.rows else cell(tag("p", self.otherwise))

    def __repr__(self) -> str:
        return lines(self.grid) if self.grid.rows else self.otherwise


def table(rows: Iterable[Mapping[str, object]], otherwise: str = "Nothing to show.") -> Table:
    """`table({"step": row["name"], "p50": duration(row["p50_seconds"])} for row in steps)`; None is written as nothing.

    All rows have the same keys, which are the head. Columns in which every value begins as a number does stand right.
    """
    written = [{name: _cell(value) for name, value in row.items()} for row in rows]
    head = tuple(f">{name}" if all(_is_number(row[name]) for row in written) else name for name in (written[0] if written else ()))
    return Table(Grid(head, [tuple(row.values()) for row in written]), otherwise)


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    return value if isinstance(value, get_args(Cell)) else str(value)


def _is_number(value: Cell) -> bool:
    return isinstance(value, RunRef | Share) or (isinstance(value, str) and text(value)[:1] in _NUMBERS)
