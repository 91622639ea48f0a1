"""The runs of a workflow in stretches between which their duration changed for good, and these changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import durations, query
from pipelinekit.analysis.change_points import ChangePoint, change_points

if TYPE_CHECKING:
    import pyarrow as pa

BY_RUN = {
    **durations.BY_RUN,
    "stretch_seconds": "float",  # median of the successful runs of its stretch; null where these are under FEW
}
CHANGES = {
    "workflow": "string",
    "kind": "string",  # slower, faster
    "gradual": "bool",  # part of a slope rather than a step
    "at": "time",  # of the first run after it
    "run_id": "string",  # the first run after it
    "attempt": "int",
    "number": "int",
    "commit": "string",
    "before_run_id": "string",  # the last run before it
    "before_attempt": "int",
    "before_number": "int",
    "before_commit": "string",
    "before_seconds": "float",  # medians of the stretches
    "after_seconds": "float",
    "change": "float",  # of before_seconds, 0.25 = a quarter longer
    "p_value": "float",
    "runs_after": "int",  # that confirm it
}

Row = dict[str, Any]


def of_runs(trend: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The runs with the median of their stretch (columns BY_RUN), and the changes between these (columns CHANGES), oldest first.

    trend: the answer of `durations.by_run`. A workflow is looked at for itself; only runs that succeeded are measured, and a run
    that did not has the median of the stretch that it lies in.
    """
    rows = trend.to_pylist()
    changes: list[Row] = []
    for workflow in dict.fromkeys(row["workflow"] for row in rows):
        own = [row for row in rows if row["workflow"] == workflow]
        whole = [row for row in own if row["outcome"] == "success" and row["duration_seconds"] is not None]
        points = change_points([row["duration_seconds"] for row in whole])
        changes += [_change(point, whole, end) for point, end in zip(points, _ends(points, whole), strict=True)]
        _mark(own, whole, points)
    changes.sort(key=lambda row: (row["at"], row["workflow"]))
    return query.rows(rows, BY_RUN), query.rows(changes, CHANGES)


def _ends(points: Sequence[ChangePoint], whole: Sequence[Row]) -> list[int]:
    return [*(point.at for point in points[1:]), len(whole)] if points else []


def _change(point: ChangePoint, whole: Sequence[Row], end: int) -> Row:
    before, after = whole[point.at - 1], whole[point.at]
    return {
        **{name: after[name] for name in ("workflow", "run_id", "attempt", "number", "commit")},
        **{f"before_{name}": before[name] for name in ("run_id", "attempt", "number", "commit")},
        "kind": "slower" if point.change > 0 else "faster",
        "gradual": point.gradual,
        "at": after["created_at"],
        "before_seconds": point.before,
        "after_seconds": point.after,
        "change": point.change,
        "p_value": point.p_value,
        "runs_after": end - point.at,
    }


def _mark(own: Sequence[Row], whole: Sequence[Row], points: Sequence[ChangePoint]) -> None:
    """Put the median of its stretch into each row."""
    import numpy as np

    edges = [0, *(point.at for point in points), len(whole)]
    medians = [
        float(np.median([row["duration_seconds"] for row in whole[first:last]])) if last - first >= durations.FEW else None
        for first, last in pairwise(edges)
    ]
    stretch, begins = 0, [(row["run_id"], row["attempt"]) for row in (whole[at] for at in edges[1:-1])]
    for row in own:
        stretch += (row["run_id"], row["attempt"]) in begins
        row["stretch_seconds"] = medians[stretch]
