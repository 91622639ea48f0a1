"""Tables and text that bring their few styles along, in their elements: for notebooks, also saved and untrusted, and code hosts.

No colour but that of the page around, so that they read on light and on dark. What takes styles out too leaves plain tables.
"""

from collections.abc import Collection, Iterable, Sequence

from pipelinekit.views import small_pictures
from pipelinekit.views.markup import Html, Piece, tag
from pipelinekit.views.tokens import colours

_TABLE = "border-collapse:collapse;margin:4px 0 12px;font-size:13px;line-height:1.4"
_RULE = f"1px solid {colours('light')['line-strong']}"  # of enough contrast on light and on dark
_HEAD = f"padding:4px 16px 5px 0;border-bottom:{_RULE};font-weight:600;vertical-align:bottom;text-align:"
_CELL = f"padding:5px 16px 5px 0;border-bottom:{_RULE};font-weight:400;vertical-align:top;text-align:"
_ROW = "background:none"  # JupyterLab has stripes
_TEXT = "margin:4px 0 8px;font-size:14px;line-height:1.5"
_CODE = "margin:4px 0 8px;font-size:12px;line-height:1.5;white-space:pre-wrap"


def table(head: Sequence[str], rows: Iterable[Sequence[Piece]], numbers: Collection[int] = ()) -> Html:
    """The first cell of each row names it. numbers: columns, from 0, that stand right."""
    sides = ["right" if at in numbers else "left" for at in range(len(head))]
    top = tag("tr", *(tag("th", name, scope="col", style=_HEAD + side) for name, side in zip(head, sides, strict=True)), style=_ROW)
    body = (tag("tr", *_cells(row, sides), style=_ROW) for row in rows)
    return tag("table", tag("thead", top), tag("tbody", *body), style=_TABLE)


def facts(rows: Iterable[tuple[str, Piece]]) -> Html:
    """Names and values, one pair a row, without a head."""
    body = (tag("tr", *_cells(row, ("left", "left")), style=_ROW) for row in rows)
    return tag("table", tag("tbody", *body), style=_TABLE)


def _cells(row: Sequence[Piece], sides: Sequence[str]) -> Iterable[Html]:
    name, *rest = zip(row, sides, strict=True)
    yield tag("th", name[0], scope="row", style=_CELL + name[1])
    for cell, side in rest:
        yield tag("td", cell, style=_CELL + side)


def state(word: str, icon: str = "") -> Html:
    """Icon and word, on one line. icon: whose drawing is taken, where the word has none of its own."""
    drawing = tag("span", small_pictures.icon(icon or word), style="display:inline-block;vertical-align:-3px;line-height:0")
    return tag("span", drawing, f" {word}", style="white-space:nowrap")


def text(*pieces: Piece) -> Html:
    """A paragraph."""
    return tag("p", *pieces, style=_TEXT)


def code(content: str) -> Html:
    """Text as it was typed, or printed."""
    return tag("pre", content, style=_CODE)
