"""Where a duration changed for good: a dotted line upright at the first run after it, the newest with its numbers above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelinekit.charts import axes
from pipelinekit.views.markup import escape
from pipelinekit.views.words import MINUS, commit, day_short, duration, percent

if TYPE_CHECKING:
    import pyarrow as pa

COLOURS = {"slower": "pk:failure", "faster": "pk:success"}
Row = Mapping[str, Any]


def change_marks(changes: pa.Table, rows: Sequence[Row], axis: axes.RunAxis) -> tuple[list[Row], list[Row]]:
    """Shapes and annotations. changes: of `analysis.stretches`. rows: the runs that the axis places, in its order.

    A change that is part of a slope has no line: there is no run in which it happened.
    """
    places = {(row["run_id"], row["attempt"]): place for row, place in zip(rows, axis.places, strict=True)}
    shown = [row for row in changes.to_pylist() if (row["run_id"], row["attempt"]) in places and not row["gradual"]]
    lines = [_line(places[row["run_id"], row["attempt"]], COLOURS[row["kind"]]) for row in shown]
    labels = [_short(row, places[row["run_id"], row["attempt"]]) for row in shown[:-1]]
    return lines, [*labels, *([_whole(shown[-1])] if shown else [])]


def share(change: float) -> str:
    """+26 %."""
    return f"{'+' if change > 0 else MINUS}{percent(abs(change), 1)}"


def _line(place: str | int, colour: str) -> Row:
    return {
        "type": "line", "x0": place, "x1": place, "yref": "y domain", "y0": 0, "y1": 1,
        "line": {"color": colour, "width": 1.5, "dash": "1px,3px"},
    }  # fmt: skip


def _short(row: Row, place: str | int) -> Row:
    at = {"x": place, "xshift": 4, "y": 1, "yref": "y domain", "yanchor": "top"}
    return {**axes.NOTE, **at, "text": share(row["change"]), "font": {"color": COLOURS[row["kind"]]}}


def _whole(row: Row) -> Row:
    """Date and numbers at the right end above the plot, so that they lie on nothing."""
    times = f"{duration(row['before_seconds'])} → {duration(row['after_seconds'])}"
    begins = f"<b>{day_short(row['at'])}: {share(row['change'])}</b>"
    ends = [commit(row[name] or "") for name in ("before_commit", "commit")]
    between = f", between {ends[0]} and {ends[1]}" if all(ends) and ends[0] != ends[1] else ""
    return {
        **axes.above(f"{begins}, {times}{escape(between)}"), "x": 1, "xanchor": "right", "align": "right",
        "font": {"color": COLOURS[row["kind"]]}, "narrow": begins,
    }  # fmt: skip
