"""Did the duration of runs change, and since when? A dot a run, the median of each stretch as a step line, the queue below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelinekit.charts import axes
from pipelinekit.charts.changes import change_marks
from pipelinekit.charts.links import Link, nowhere, of_rows
from pipelinekit.charts.picture import Picture
from pipelinekit.views.words import duration, when_short

if TYPE_CHECKING:
    import pyarrow as pa


def build_times(runs: pa.Table, changes: pa.Table | None = None, link: Link = nowhere) -> Picture | None:
    """runs, changes: of one workflow, oldest first, as `analysis.stretches.of_runs` gives them.

    Of runs number, created_at, outcome, duration_seconds, queued_seconds, usual_p95_seconds and stretch_seconds are needed. Only
    what succeeded is drawn; None where nothing did. link: where a run leads.
    """
    rows = [row for row in runs.to_pylist() if row["outcome"] == "success" and row["duration_seconds"] is not None]
    if not rows:
        return None
    axis = axes.run_axis([row["number"] for row in rows], [row["created_at"] for row in rows])
    unit = axes.time_unit(max(row["duration_seconds"] for row in rows))
    queued = any((row["queued_seconds"] or 0) >= 0.5 for row in rows)
    data = [_dots(rows, axis, unit), *_lines(rows, axis, unit)]
    shapes, said = change_marks(changes, rows, axis) if changes is not None else ([], [])
    what = {**axes.above("run time without queue, successful runs"), "narrow": "run time"}
    notes = [what, *_names(rows, axis, unit), *said]
    x = {**axis.layout, "anchor": "y2" if queued else "y"}
    layout: dict[str, Any] = {
        "xaxis": x,
        "yaxis": {"ticksuffix": unit.suffix, "nticks": 6},
        "margin": {"t": 26, "r": 40},
        "shapes": shapes,
    }
    if queued:
        data.append(_queue(rows, axis, unit))
        notes.append(axes.above("queue", 0.225))
        layout["yaxis"]["domain"] = [0.34, 1]
        layout["yaxis2"] = {"domain": [0, 0.2], "ticksuffix": unit.suffix, "nticks": 3, "rangemode": "tozero"}
    layout["annotations"] = notes
    return Picture(
        label=f"duration of {len(rows)} successful run{'s' * (len(rows) != 1)}",
        data=data,
        layout=layout,
        head=("Run", "Took", "p50 of the stretch", "usual p95", "Queued"),
        rows=[_written(row) for row in rows],
        height=380 if queued else 300,
        narrow={"xaxis": {**axis.narrow, "anchor": x["anchor"]}, "margin": {"t": 26, "r": 34, "l": 44, "b": 28}},
        links=of_rows(rows, link),
    )


def _dots(rows: list[dict[str, Any]], axis: axes.RunAxis, unit: axes.TimeUnit) -> dict[str, Any]:
    said = [f"run {row['number']} · {when_short(row['created_at'])} · {duration(row['duration_seconds'])}" for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "one run",
        "x": list(axis.places),
        "y": [row["duration_seconds"] / unit.divisor for row in rows],
        "customdata": said,
        "marker": {"size": 4 if len(rows) > 60 else 6, "color": "pk:quiet", "opacity": 0.8},
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _lines(rows: list[dict[str, Any]], axis: axes.RunAxis, unit: axes.TimeUnit) -> list[dict[str, Any]]:
    styles = (
        ("p95", "usual_p95_seconds", {"color": "pk:cat-1", "width": 1.5, "dash": "4px,3px"}),
        ("p50", "stretch_seconds", {"color": "pk:ink", "width": 2.5, "shape": "hv"}),
    )
    return [
        {
            "type": "scatter", "mode": "lines", "name": name, "x": list(axis.places),
            "y": [None if row[column] is None else row[column] / unit.divisor for row in rows],
            "customdata": [duration(row[column]) for row in rows], "line": line,
            "hovertemplate": f"{name} %{{customdata}}<extra></extra>",
        }
        for name, column, line in styles
        if _is_line(rows, column)
    ]  # fmt: skip


def _is_line(rows: list[dict[str, Any]], column: str) -> bool:
    """Whether there are two points to draw it through."""
    return sum(row[column] is not None for row in rows) > 1


def _names(rows: list[dict[str, Any]], axis: axes.RunAxis, unit: axes.TimeUnit) -> list[Any]:
    last, at = rows[-1], axis.places[-1]
    if not _is_line(rows, "stretch_seconds"):
        return []
    names = []
    p50, p95 = last["stretch_seconds"], last["usual_p95_seconds"]
    if p50 is not None:
        names.append(axes.beside(at, p50 / unit.divisor, "<b>p50</b>", "pk:ink"))
    tallest = max(row["duration_seconds"] for row in rows)
    if p95 is not None and p95 - (p50 or 0.0) > 0.09 * tallest:  # nearer, the two names would lie on each other
        names.append(axes.beside(at, p95 / unit.divisor, "p95", "pk:cat-1"))
    return names


def _queue(rows: list[dict[str, Any]], axis: axes.RunAxis, unit: axes.TimeUnit) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "queue",
        "x": list(axis.places),
        "y": [(row["queued_seconds"] or 0) / unit.divisor for row in rows],
        "yaxis": "y2",
        "customdata": [duration(row["queued_seconds"]) for row in rows],
        "line": {"color": "pk:cat-3", "width": 1.5},
        "fill": "tozeroy",
        "fillcolor": "pk:sunken",
        "hovertemplate": "queued %{customdata}<extra></extra>",
    }


def _written(row: dict[str, Any]) -> list[str]:
    times = ("duration_seconds", "stretch_seconds", "usual_p95_seconds", "queued_seconds")
    return [axes.day(row["number"], row["created_at"]), *(duration(row[column]) for column in times)]
