"""The legs of a matrix job as a grid: axis by axis, each cell an icon and a duration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelinekit.model.node import Value
from pipelinekit.views.icons import drawing, icon
from pipelinekit.views.markup import Html, tag


@dataclass(frozen=True, slots=True)
class Cell:
    """One leg. time: written. target: where its log is."""

    state: str
    time: str
    matrix: Mapping[str, Value] = field(default_factory=dict)
    label: str = ""
    target: str = "#log"


@dataclass(frozen=True, slots=True)
class Axes:
    """How legs lie in a grid. rows: a name, and for each column the place of its leg among those given; None: left out."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


def axes(points: Sequence[Mapping[str, Value]]) -> Axes:
    """Columns are the axis with the most values, rows the others; what a matrix left out is an empty cell."""
    names = list(dict.fromkeys(name for point in points for name in point))
    across = max(names, key=lambda axis: len(_values(points, axis)), default="")
    down = [axis for axis in names if axis != across and len(_values(points, axis)) > 1]
    columns = _values(points, across)
    rows: dict[tuple[str, ...], dict[str, int]] = {}
    for at, point in enumerate(points):
        rows.setdefault(tuple(said(point.get(axis)) for axis in down), {})[said(point.get(across))] = at
    corner = f"{', '.join(down)} \\ {across}" if down else across
    found = ((", ".join(name), tuple(row.get(column) for column in columns)) for name, row in rows.items())
    return Axes(corner, tuple(columns), tuple(found))


def grid(cells: Sequence[Cell]) -> Html:
    """The legs as a table: see `axes`."""
    lie = axes([cell.matrix for cell in cells])
    head = tag("tr", tag("th", lie.corner, scope="col"), *(tag("th", column, scope="col") for column in lie.columns))
    body = (
        tag("tr", tag("th", name, scope="row"), *(_cell(None if at is None else cells[at]) for at in row)) for name, row in lie.rows
    )
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body), class_="pk-matrix"), class_="pk-scroll")


def said(value: Value) -> str:
    """A value of a matrix as the author wrote it: 3.11, true; objects as their values."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            return ", ".join(said(inner) for inner in value.values())
        case list():
            return ", ".join(said(inner) for inner in value)
        case _:
            return str(value)


def _values(points: Sequence[Mapping[str, Value]], axis: str) -> list[str]:
    return list(dict.fromkeys(said(point.get(axis)) for point in points))


def _cell(cell: Cell | None) -> Html:
    if cell is None:
        return tag("td", class_="pk-none")
    words = f"{cell.label}: {cell.state}, {cell.time}" if cell.label else f"{cell.state}, {cell.time}"
    inside = tag("a", icon(cell.state), tag("span", cell.time), href=cell.target, aria_label=words, title=words)
    return tag("td", inside, class_=f"pk-{drawing(cell.state)}")
