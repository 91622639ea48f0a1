"""How long does the pipeline take, did that change, and what decides it?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelinekit.analysis import critical_path, durations, windows
from pipelinekit.answers.grid import Cell, Grid, Share
from pipelinekit.answers.question import Answer, Asked, Row
from pipelinekit.charts.build_times import build_times
from pipelinekit.views import words
from pipelinekit.views.run_links import in_notebook

if TYPE_CHECKING:
    from pipelinekit.charts.picture import Picture

MOST = 10  # rows of a list of which the first ones matter
SPREAD = (">n", ">p50", ">p95", ">queue p50", "change")


def answer(asked: Asked) -> Answer:
    workflows = durations.by_workflow(asked.runs, asked.table("jobs"), asked.before).to_pylist()
    jobs = durations.by_job(asked.table("jobs"), asked.runs, asked.before).to_pylist()
    steps = durations.by_step(asked.table("steps"), asked.runs, asked.before).to_pylist()
    paths = critical_path.by_job(asked.table("jobs"), asked.runs).to_pylist()
    shares = {(row["workflow"], row["job"]): row["share"] for row in paths}
    grids = [
        Grid(("workflow", *SPREAD), [(row["workflow"], *_spread(row)) for row in workflows], title="Workflows"),
        Grid(
            ("job", *SPREAD, ">of the critical path"),
            [(row["job"], *_spread(row), _share(shares.get((row["workflow"], row["job"])), row["n"])) for row in jobs],
            title="Jobs",
        ),
        Grid(("step", "job", *SPREAD), [(row["name"], row["job"], *_spread(row)) for row in steps[:MOST]], title="Steps"),
    ]
    kinds = (("workflow", workflows), ("job", jobs), ("step", steps))
    trend = durations.by_run(asked.runs, asked.table("jobs"))
    return Answer(
        sentence(workflows, paths),
        [grid for grid in grids if grid.rows],
        {
            "rows": [{"kind": kind, **row} for kind, found in kinds for row in found],
            "critical_path": paths,
            "trend": trend.to_pylist(),
        },
        lambda: _chart(asked, workflows),
        "No run succeeded, so there is no duration to draw.",
    )


def _chart(asked: Asked, workflows: Sequence[Row]) -> Picture | None:
    """Of the workflow that runs most: two workflows on one axis would look like a change."""
    if not workflows:
        return None
    runs = windows.chosen(asked.runs, workflow=_most(workflows)["workflow"])
    return build_times(durations.by_run(runs, asked.table("jobs")), in_notebook)


def _most(workflows: Sequence[Row]) -> Row:
    return max(workflows, key=lambda row: row["n"])


def _spread(row: Row) -> tuple[Cell, ...]:
    if not row["enough"]:
        return (words.count(row["n"]), "too few", words.NOTHING, words.NOTHING, "")
    p50, p95, queued = (words.duration(row[name]) for name in ("p50_seconds", "p95_seconds", "queued_p50_seconds"))
    return (words.count(row["n"]), p50, p95, queued, _delta(row))


def _share(share: float | None, n: int) -> Cell:
    return words.NOTHING if share is None else Share(share, words.percent(share, n))


def _delta(row: Row) -> words.Delta:
    noise = 0.0 if row["beyond_noise"] else math.inf
    return words.delta(row["change_seconds"], words.duration, good="less", noise=noise)


def sentence(workflows: Sequence[Row], paths: Sequence[Row]) -> str:
    """workflows: of `durations.by_workflow`. paths: of `critical_path.by_job`."""
    if not workflows:
        return "No run succeeded here, so nothing says how long one takes."
    most = _most(workflows)
    if not most["enough"]:
        last = words.duration(most["last_seconds"])
        return f"The last successful run of {most['workflow']} took {last}; for a median there are {words.too_few(most['n'])}."
    change = f", {_delta(most).text} than before" if _delta(most).tone else ""
    decides = next((row for row in paths if row["workflow"] == most["workflow"] and row["share"]), None)
    share = f" {words.percent(decides['share'], decides['runs'])} of the critical path is `{decides['job']}`." if decides else ""
    return f"Runs of {most['workflow']} take {words.duration(most['p50_seconds'])} (p50){change}.{share}"
