"""Intervals on one axis: a bar from low to high, a tick at the estimate, a name at the left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelinekit.charts import axes
from pipelinekit.charts.picture import Picture
from pipelinekit.views.markup import escape

NAME = 34  # characters of a name that fit beside the plot


@dataclass(frozen=True, slots=True)
class Interval:
    """text: the numbers as written."""

    name: str
    low: float
    middle: float
    high: float
    text: str


def intervals(rows: Sequence[Interval], *, what: str, suffix: str, head: tuple[str, str]) -> Picture | None:
    """The first row on top. what: stands above the plot. suffix: unit on the axis. None without rows."""
    if not rows:
        return None
    places = list(range(len(rows), 0, -1))
    bar = {
        "type": "scatter", "mode": "markers", "x": [row.middle for row in rows], "y": places,
        "error_x": {
            "type": "data", "symmetric": False, "array": [row.high - row.middle for row in rows],
            "arrayminus": [row.middle - row.low for row in rows], "color": "pk:band", "thickness": 7, "width": 0,
        },
        "marker": {"color": "pk:ink", "size": 14, "symbol": "line-ns", "line": {"width": 2, "color": "pk:ink"}},
        "customdata": [escape(f"{row.name} · {row.text}") for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    lowest = min(row.low for row in rows)
    layout: dict[str, Any] = {
        "xaxis": {
            "ticksuffix": suffix, "rangemode": "tozero", "zeroline": lowest < 0, "zerolinecolor": "pk:line-strong",
        },
        "yaxis": {
            "tickmode": "array", "tickvals": places, "ticktext": [escape(_short(row.name)) for row in rows],
            "range": [0.4, len(rows) + 0.6], "rangemode": "normal",
        },
        "annotations": [{**axes.above(what), "narrow": what.split(",", 1)[0]}],
        "margin": {"t": 26, "r": 16},
    }  # fmt: skip
    return Picture(what, [bar], layout, head, [[row.name, row.text] for row in rows], height=70 + 28 * len(rows))


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME // 2]}…{name[1 - NAME // 2 :]}"
