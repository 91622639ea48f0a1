"""Does coverage grow? A step line of the share of lines, and one of branches where they are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelinekit.charts import axes
from pipelinekit.charts.links import Link, nowhere, of_rows
from pipelinekit.charts.picture import Picture
from pipelinekit.views.words import percent, when_short

if TYPE_CHECKING:
    import pyarrow as pa

SERIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("lines", "share", {"color": "pk:ink", "width": 2, "shape": "hv"}),
    ("branches", "branch_share", {"color": "pk:cat-1", "width": 1.5, "dash": "4px,3px", "shape": "hv"}),
)


def coverage_trend(runs: pa.Table, link: Link = nowhere) -> Picture | None:
    """runs: of one branch, oldest first: number, created_at, share, branch_share (`analysis.coverage.by_run`).

    None where no run reported coverage.
    """
    rows = [row for row in runs.to_pylist() if row["share"] is not None]
    if not rows:
        return None
    axis = axes.run_axis([row["number"] for row in rows], [row["created_at"] for row in rows])
    shown = [series for series in SERIES if any(row[series[1]] is not None for row in rows)]
    bottom, top = _range([100 * row[column] for row in rows for _, column, _ in shown if row[column] is not None])
    starts = "share of lines" if bottom == 0 else "share of lines; the axis does not start at 0"
    notes: list[Any] = [axes.above(starts)]
    for name, column, line in shown:
        if rows[-1][column] is not None:
            bold = f"<b>{name}</b>" if name == "lines" else name
            notes.append(axes.beside(axis.places[-1], 100 * rows[-1][column], bold, line["color"]))
    layout = {
        "xaxis": axis.layout,
        "yaxis": {"range": [bottom, top], "ticksuffix": " %", "nticks": 6},
        "margin": {"t": 26, "r": 72},
        "annotations": notes,
    }
    return Picture(
        label=f"coverage of {len(rows)} runs, last {percent(rows[-1]['share'])} of lines",
        data=[_line(rows, axis, *series) for series in shown],
        layout=layout,
        head=("Run", "Lines", "Branches"),
        rows=[[axes.day(row["number"], row["created_at"]), percent(row["share"]), percent(row["branch_share"])] for row in rows],
        height=240,
        narrow={"xaxis": axis.narrow, "margin": {"t": 26, "r": 64, "l": 44, "b": 28}},
        links=of_rows(rows, link),
    )


def _line(rows: list[dict[str, Any]], axis: axes.RunAxis, name: str, column: str, line: dict[str, Any]) -> dict[str, Any]:
    said = [f"run {row['number']} · {when_short(row['created_at'])} · {name} {percent(row[column])}" for row in rows]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(axis.places),
        "y": [None if row[column] is None else 100 * row[column] for row in rows],
        "customdata": said,
        "line": line,
        "marker": {"size": 4, "color": line["color"]},
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _range(values: list[float]) -> tuple[float, float]:
    """Four points at least, so that a tenth of a point does not look like a cliff."""
    low, high = min(values), max(values)
    room = max(1.0, (4 - (high - low)) / 2)
    bottom = max(0.0, low - room)
    return (0.0 if bottom < 20 else bottom), min(100.5, high + room)
