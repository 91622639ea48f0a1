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


def grid(cells: Sequence[Cell]) -> Html:
    """Columns are the axis with the most values, rows the others; what a matrix left out is an empty cell."""
    axes = list(dict.fromkeys(name for cell in cells for name in cell.matrix))
    across = max(axes, key=lambda axis: len(_values(cells, axis)), default="")
    down = [axis for axis in axes if axis != across and len(_values(cells, axis)) > 1]
    columns = _values(cells, across)
    rows: dict[tuple[str, ...], dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault(tuple(said(cell.matrix.get(axis)) for axis in down), {})[said(cell.matrix.get(across))] = cell
    corner = f"{', '.join(down)} \\ {across}" if down else across
    head = tag("tr", tag("th", corner, scope="col"), *(tag("th", column, scope="col") for column in columns))
    body = (
        tag("tr", tag("th", ", ".join(name), scope="row"), *(_cell(found.get(column)) for column in columns))
        for name, found in rows.items()
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


def _values(cells: Sequence[Cell], axis: str) -> list[str]:
    return list(dict.fromkeys(said(cell.matrix.get(axis)) for cell in cells))


def _cell(cell: Cell | None) -> Html:
    if cell is None:
        return tag("td", class_="pk-none")
    words = f"{cell.label}: {cell.state}, {cell.time}" if cell.label else f"{cell.state}, {cell.time}"
    inside = tag("a", icon(cell.state), tag("span", cell.time), href=cell.target, aria_label=words, title=words)
    return tag("td", inside, class_=f"pk-{drawing(cell.state)}")
