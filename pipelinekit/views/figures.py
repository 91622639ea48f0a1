"""The row of figures that opens a page: each with its change, its n, its definition and its trend."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelinekit.views.bars import delta
from pipelinekit.views.markup import Html, Piece, join, tag
from pipelinekit.views.words import Delta


@dataclass(frozen=True, slots=True)
class Figure:
    """definition: how it is counted. value: written; unit: small, after it. note: `n = 144 runs`. picture: a spark."""

    label: str
    definition: str
    value: str
    unit: str = ""
    change: Delta = field(default=Delta(""))
    note: Piece = None
    picture: Piece = None


def figures(row: Sequence[Figure], more: str = "") -> Html:
    """The row between two hairlines, and how these are counted. more: added to that line, as `Lines: 8 weeks`."""
    shown = tag("dl", *(_figure(one) for one in row), class_="pk-figs")
    counted = tag("dl", *(join((tag("dt", one.label), tag("dd", one.definition))) for one in row))
    title = "How these are counted" + (f". {more}" if more else "")
    return join((shown, tag("details", tag("summary", title), counted, class_="pk-twin pk-defs")))


def _figure(one: Figure) -> Html:
    unit = tag("small", one.unit) if one.unit else None
    words = " " in one.value  # "too few (n = 3)" stands smaller than a number, whose spaces do not break
    return tag(
        "div",
        tag("dt", tag("abbr", one.label, class_="pk-def", title=one.definition)),
        tag(
            "dd",
            tag("span", one.value, unit, class_="pk-big pk-words" if words else "pk-big"),
            delta(one.change),
            tag("span", one.note, class_="pk-note") if one.note else None,
            one.picture,
        ),
        class_="pk-fig",
    )
