"""Tables with hairlines: text left, numbers right, and on a narrow screen two-line blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Literal

from pipelinekit.views.icons import icon
from pipelinekit.views.markup import Html, Piece, join, tag


@dataclass(frozen=True, slots=True)
class Column:
    """kind: text, number (right), name (a whole line on a narrow screen). spare: goes first where there is no room."""

    title: Piece
    kind: Literal["text", "number", "name"] = "text"
    spare: bool = False
    width: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """kind: the class that a filter asks for. state: colours the row's bars."""

    cells: tuple[Piece, ...]
    kind: str = ""
    state: str = ""
    anchor: str = ""


def table(columns: Sequence[Column], rows: Iterable[Row], *, anchor: str = "", stack: bool = True, middle: bool = False) -> Html:
    """stack: rows become blocks on a narrow screen. middle: cells are centred upright, for rows with pictures."""
    classes = " ".join(["pk-table", *(["pk-mid"] if middle else []), *(["pk-stack"] if stack else [])])
    head = tag("thead", tag("tr", *(_head(column) for column in columns)))
    body = tag("tbody", *(_row(columns, row) for row in rows))
    return tag("table", head, body, class_=classes, id=anchor or None)


def _head(column: Column) -> Html:
    title: Piece = column.title
    if column.definition:
        title = tag("abbr", title, class_="pk-def", title=column.definition)
    style = f"width:{column.width}" if column.width else None
    return tag("th", title, scope="col", class_=_classes(column, head=True) or None, style=style)


def _row(columns: Sequence[Column], row: Row) -> Html:
    cells = (tag("td", cell, class_=_classes(column) or None) for column, cell in zip(columns, row.cells, strict=True))
    state = f"pk-{row.state}" if row.state else None
    return tag("tr", *cells, data_class=row.kind or None, class_=state, id=row.anchor or None)


def _classes(column: Column, *, head: bool = False) -> str:
    names = []
    if column.kind == "number":
        names.append("pk-r" if head else "pk-r pk-num")
    if column.kind == "name" and not head:
        names.append("pk-wide")
    if column.spare:
        names.append("pk-w")
    return " ".join(names)


def two_lines(first: Piece, second: Piece) -> Html:
    """A name, and below it what it belongs to."""
    return join((first, tag("small", second) if second else None))


def facts(rows: Iterable[tuple[str, Piece]]) -> Html:
    """Names and values, one pair a row, without a head."""
    body = (tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in rows)
    return tag("table", tag("tbody", *body), class_="pk-table pk-facts")


def tools(target: str, find: str, kinds: dict[str, int]) -> Html:
    """A search field and one button a class with its count, over the table `target`; hidden without a script."""
    field = tag("input", type="search", data_filter=f"#{target}", placeholder=find, aria_label=find)
    buttons = (
        tag("button", icon(kind), f"{kind} {number}", type="button", class_="pk-btn", data_filter=f"#{target}",
            data_class=kind, aria_pressed="false")
        for kind, number in kinds.items()
        if number
    )  # fmt: skip
    says = tag("span", class_="pk-meta", data_count=f"#{target}", aria_live="polite")
    return tag("div", field, *buttons, says, class_="pk-tools")


def plain(head: Sequence[str], rows: Iterable[Sequence[str]], links: Sequence[str] = ()) -> Html:
    """A table of written values, the first column text and the rest numbers: the twin of a chart.

    links: where the first value of each row leads; none where they lead nowhere.
    """
    columns = [Column(title, "number" if at else "text") for at, title in enumerate(head)]
    targets = chain(links, repeat(""))
    shown = (Row((tag("a", row[0], href=to) if to else row[0], *row[1:])) for row, to in zip(rows, targets, strict=False))
    return table(columns, shown, stack=False)
