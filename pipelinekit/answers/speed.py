"""How long does the pipeline take, did that change, and what decides it?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelinekit.analysis import attempts, critical_path, durations, query, stretches, windows
from pipelinekit.answers.grid import Cell, Grid, Share
from pipelinekit.answers.question import Answer, Asked, Row
from pipelinekit.charts.build_times import build_times
from pipelinekit.views import words
from pipelinekit.views.run_links import in_notebook

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.charts.picture import Picture

MOST = 10  # rows of a list of which the first ones matter
SPREAD = (">n", ">p50", ">p95", ">queue p50", "change")


def answer(asked: Asked) -> Answer:
    """Workflows, jobs and slow steps; `data` has them as `rows`, by `kind`, with `critical_path`, `trend` and `changes`."""
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
    changes = _stretches(asked, _most(workflows)["workflow"])[1].to_pylist() if workflows else []
    return Answer(
        sentence(workflows, paths, newest_change(changes, asked.window)),
        [grid for grid in grids if grid.rows],
        {
            "rows": [{"kind": kind, **row} for kind, found in kinds for row in found],
            "critical_path": paths,
            "trend": trend.to_pylist(),
            "changes": changes,
        },
        empty="No run succeeded.",
        draw=lambda: _chart(asked, workflows),
        otherwise="No run succeeded, so there is no duration to draw.",
    )


def _chart(asked: Asked, workflows: Sequence[Row]) -> Picture | None:
    """Of the workflow that runs most: two workflows on one axis would look like a change."""
    if not workflows:
        return None
    runs, changes = _stretches(asked, _most(workflows)["workflow"])
    recent = query.ask("SELECT * FROM runs WHERE created_at > $since", {"since": asked.window.begins_at}, runs=runs)
    return build_times(recent, changes, in_notebook)


def _stretches(asked: Asked, workflow: str) -> tuple[pa.Table, pa.Table]:
    """Of both windows, as a change takes runs on either side, and of one branch, as others run other code."""
    import pyarrow as pa  # 0.1 s that only an answer needs

    both = windows.chosen(pa.concat_tables([asked.before, asked.runs]), workflow)
    own = windows.chosen(both, branch=attempts.main_branch(both))
    return stretches.of_runs(durations.by_run(own, asked.table("jobs")))


def newest_change(changes: Sequence[Row], window: windows.Window | None) -> Row | None:
    """The last change for good within the window; changes: of `analysis.stretches`, oldest first."""
    inside = [row for row in changes if window is not None and window.begins_at < row["at"] <= window.ends_at]
    return inside[-1] if inside else None


def since(change: Row) -> str:
    """take 26 % longer since 13 Nov: 4m 55s → 6m 12s, between `a41f9c2` and `7be0d13`; confirmed after 22 runs."""
    how = "longer" if change["change"] > 0 else "less time"
    size = words.percent(abs(change["change"]), 1)
    times = f"{words.duration(change['before_seconds'])} → {words.duration(change['after_seconds'])}"
    if change["gradual"]:
        return f"take ever {'longer' if change['change'] > 0 else 'less time'}, little by little: at the latest {times}."
    ends = [words.commit(change[name] or "") for name in ("before_commit", "commit")]
    between = f", between `{ends[0]}` and `{ends[1]}`" if all(ends) and ends[0] != ends[1] else ""
    confirmed = f"confirmed by {words.plural(change['runs_after'], 'run')}"
    return f"take {size} {how} since {words.day_short(change['at'])}: {times}{between}; {confirmed}."


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


def sentence(workflows: Sequence[Row], paths: Sequence[Row], changed: Row | None = None) -> str:
    """workflows: of `durations.by_workflow`. paths: of `critical_path.by_job`. changed: the newest change for good, of the workflow
    that runs most.
    """
    if not workflows:
        return "No run succeeded here, so nothing says how long one takes."
    most = _most(workflows)
    if not most["enough"]:
        last = words.duration(most["last_seconds"])
        return f"The last successful run of {most['workflow']} took {last}; for a median there are {words.too_few(most['n'])}."
    change = f", {_delta(most).text} than before" if _delta(most).tone else ""
    decides = next((row for row in paths if row["workflow"] == most["workflow"] and row["share"]), None)
    share = f" {words.percent(decides['share'], decides['runs'])} of the critical path is `{decides['job']}`." if decides else ""
    if changed is not None:
        return f"Runs of {most['workflow']} {since(changed)}{share}"
    return f"Runs of {most['workflow']} take {words.duration(most['p50_seconds'])} (p50){change}.{share}"
