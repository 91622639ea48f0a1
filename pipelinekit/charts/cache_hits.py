"""Do caches hit? Lookups of each run as bars: hits, partial hits, misses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelinekit.charts import axes
from pipelinekit.charts.links import Link, nowhere, of_rows
from pipelinekit.charts.picture import Picture
from pipelinekit.views.words import percent, when_short

if TYPE_CHECKING:
    import pyarrow as pa

PARTS = (("exact hits", "hits", "pk:band"), ("partial hits", "partial", "pk:cat-3"), ("misses", "misses", "pk:cat-2"))


def cache_hits(runs: pa.Table, link: Link = nowhere) -> Picture | None:
    """runs: oldest first: number, created_at, lookups, hits, partial, misses, hit_share (`analysis.caches.by_run`)."""
    rows = runs.to_pylist()
    if not rows:
        return None
    axis = axes.run_axis([row["number"] for row in rows], [row["created_at"] for row in rows])
    shown = [part for part in PARTS if any(row[part[1]] for row in rows)]
    names = " · ".join(f'<span style="color:{colour}">■</span> {name}' for name, _, colour in shown)
    layout = {
        "barmode": "stack",
        "bargap": 0.6,
        "xaxis": axis.layout,
        "yaxis": {"nticks": 5, "tickformat": "d"},
        "margin": {"t": 26, "r": 16},
        "annotations": [axes.above(f"lookups per run: {names}")],
    }
    head = ("Run", "Lookups", "Exact hits", "Partial hits", "Misses", "Hit rate")
    return Picture(
        label=f"cache lookups of {len(rows)} runs",
        data=[_bars(rows, axis, *part) for part in shown],
        layout=layout,
        head=head,
        rows=[
            [
                axes.day(row["number"], row["created_at"]),
                *(str(row[column]) for column in ("lookups", "hits", "partial", "misses")),
                percent(row["hit_share"], row["lookups"]),
            ]
            for row in rows
        ],
        height=220,
        narrow={"xaxis": axis.narrow, "margin": {"t": 26, "r": 8, "l": 36, "b": 28}},
        links=of_rows(rows, link),
    )


def _bars(rows: list[dict[str, Any]], axis: axes.RunAxis, name: str, column: str, colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": list(axis.places),
        "y": [row[column] for row in rows],
        "customdata": [
            f"run {row['number']} · {when_short(row['created_at'])} · {row[column]} of {row['lookups']} {name}" for row in rows
        ],
        "marker": {"color": colour, "line": {"width": 0}},
        "hovertemplate": "%{customdata}<extra></extra>",
    }
