"""How long do runs, jobs and steps take, and did that change?

Only what succeeded counts: what failed or was cancelled stopped early, what was remembered did not run, and a run in which a leg
was remembered did not do all of its work.
Under FEW executions a median says nothing: it is null and `enough` is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 5

_SPREAD = {
    "n": "int",  # executions that succeeded
    "enough": "bool",  # n >= FEW
    "p50_seconds": "float",
    "p95_seconds": "float",
    "shortest_seconds": "float",
    "longest_seconds": "float",
    "last_seconds": "float",  # the newest one
    "queued_p50_seconds": "float",
    "total_seconds": "float",
    "before_n": "int",  # the same in the earlier window
    "before_p50_seconds": "float",
    "change_seconds": "float",  # p50 less before_p50
    "change": "float",  # change_seconds / before_p50
    "p_value": "float",  # two-sided Mann-Whitney, null where either side has under FEW
    "beyond_noise": "bool",  # p_value < 0.01 and at least 3 %
    "simulated": "bool",  # any of them is made up
}
BY_WORKFLOW = {"workflow": "string", **_SPREAD}
BY_JOB = {"workflow": "string", "job": "string", **_SPREAD}
BY_LEG = {"workflow": "string", "job": "string", "leg": "string", **_SPREAD}
BY_STEP = {"workflow": "string", "job": "string", "name": "string", "step_index": "int", **_SPREAD}
BY_RUN = {
    "run_id": "string",
    "attempt": "int",
    "number": "int",
    "workflow": "string",
    "branch": "string",
    "commit": "string",
    "subject": "string",
    "created_at": "time",
    "outcome": "string",
    "duration_seconds": "float",
    "queued_seconds": "float",
    "usual_seconds": "float",
    "usual_p95_seconds": "float",
    "simulated": "bool",
}

_WHOLE = """
SELECT * FROM runs ANTI JOIN (SELECT run_id, attempt FROM jobs WHERE coalesce(remembered, '') <> '') USING (run_id, attempt)"""

_WORKFLOWS = """
SELECT workflow, duration_seconds AS seconds, epoch(started_at) - epoch(created_at) AS queued, created_at AS began,
       simulated, false AS earlier
FROM runs WHERE outcome = 'success' AND duration_seconds IS NOT NULL
UNION ALL
SELECT workflow, duration_seconds, epoch(started_at) - epoch(created_at), created_at, simulated, true
FROM before WHERE outcome = 'success' AND duration_seconds IS NOT NULL"""

_LEGS = """
WITH asked AS (
    SELECT run_id, attempt, workflow, simulated, false AS earlier FROM runs
    UNION ALL SELECT run_id, attempt, workflow, simulated, true FROM before)
SELECT workflow, job, leg, duration_seconds AS seconds, queued_seconds AS queued, started_at AS began, simulated, earlier
FROM jobs JOIN asked USING (run_id, attempt)
WHERE outcome = 'success' AND duration_seconds IS NOT NULL AND coalesce(remembered, '') = ''"""

# `occurrence` keeps two steps of one name apart; a step that another one brought is part of that one's time.
_STEPS = """
WITH asked AS (
    SELECT run_id, attempt, workflow, simulated, false AS earlier FROM runs
    UNION ALL SELECT run_id, attempt, workflow, simulated, true FROM before)
SELECT workflow, job, name, row_number() OVER (PARTITION BY run_id, attempt, leg, name ORDER BY step_index) AS occurrence,
       step_index, duration_seconds AS seconds, NULL::DOUBLE AS queued, started_at AS began, simulated, earlier
FROM steps JOIN asked USING (run_id, attempt)
WHERE outcome = 'success' AND parent IS NULL AND duration_seconds IS NOT NULL"""

# What is not one of the measures is a key: one statement serves workflows, jobs, legs and steps.
_SUMMARY = """
WITH spread AS (
    SELECT COLUMNS(* EXCLUDE (seconds, queued, began, simulated, earlier, step_index)),
           max_by(step_index, began) AS step_index,
           count(*) FILTER (NOT earlier) AS n,
           count(*) FILTER (earlier) AS before_n,
           median(seconds) FILTER (NOT earlier) AS p50,
           quantile_cont(seconds, 0.95) FILTER (NOT earlier) AS p95,
           median(seconds) FILTER (earlier) AS before_p50,
           median(queued) FILTER (NOT earlier) AS queued_p50,
           min(seconds) FILTER (NOT earlier) AS shortest_seconds,
           max(seconds) FILTER (NOT earlier) AS longest_seconds,
           max_by(seconds, began) FILTER (NOT earlier) AS last_seconds,
           sum(seconds) FILTER (NOT earlier) AS total_seconds,
           list(seconds) FILTER (NOT earlier) AS now_list,
           list(seconds) FILTER (earlier) AS before_list,
           coalesce(bool_or(simulated), false) AS simulated
    FROM executions GROUP BY ALL)
SELECT *, n >= $few AS enough,
       CASE WHEN n >= $few THEN p50 END AS p50_seconds,
       CASE WHEN n >= $few THEN p95 END AS p95_seconds,
       CASE WHEN n >= $few THEN queued_p50 END AS queued_p50_seconds,
       CASE WHEN before_n >= $few THEN before_p50 END AS before_p50_seconds,
       p50_seconds - before_p50_seconds AS change_seconds,
       CASE WHEN before_p50_seconds > 0 THEN change_seconds / before_p50_seconds END AS change
FROM spread WHERE n > 0"""

# The median of the last 20 successes; a run that did not succeed has that of the successes before it.
_TREND = """
WITH successes AS (
    SELECT run_id, attempt,
           median(duration_seconds) OVER latest AS p50, quantile_cont(duration_seconds, 0.95) OVER latest AS p95,
           count(*) OVER latest AS n
    FROM runs WHERE outcome = 'success' AND duration_seconds IS NOT NULL
    WINDOW latest AS (PARTITION BY workflow ORDER BY created_at, number, run_id, attempt
                      ROWS BETWEEN 19 PRECEDING AND CURRENT ROW))
SELECT runs.*, epoch(started_at) - epoch(created_at) AS queued_seconds,
       last_value(CASE WHEN n >= $few THEN p50 END IGNORE NULLS) OVER so_far AS usual_seconds,
       last_value(CASE WHEN n >= $few THEN p95 END IGNORE NULLS) OVER so_far AS usual_p95_seconds
FROM runs LEFT JOIN successes USING (run_id, attempt)
WINDOW so_far AS (PARTITION BY workflow ORDER BY created_at, number, run_id, attempt)
ORDER BY created_at, number, run_id, attempt"""


def by_workflow(runs: pa.Table, jobs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """p50, p95 and queue of the runs of each workflow (columns BY_WORKFLOW), longest p50 first.

    runs: table `runs`, already chosen. jobs: table `jobs`, which says what was remembered. before: the runs of the window to
    compare with.
    """
    whole, whole_before = (query.ask(_WHOLE, runs=chosen, jobs=jobs) for chosen in (runs, _or_none(before, runs)))
    return _spread(query.ask(_WORKFLOWS, runs=whole, before=whole_before), BY_WORKFLOW)


def by_job(jobs: pa.Table, runs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """p50, p95 and queue of the legs of each job (columns BY_JOB), longest p50 first.

    jobs: table `jobs`, of which only the legs of `runs` and of `before` are looked at.
    """
    legs = query.ask(_LEGS, jobs=jobs, runs=runs, before=_or_none(before, runs))
    return _spread(legs.drop_columns(["leg"]), BY_JOB)


def by_leg(jobs: pa.Table, runs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """As `by_job`, for each leg (columns BY_LEG)."""
    return _spread(query.ask(_LEGS, jobs=jobs, runs=runs, before=_or_none(before, runs)), BY_LEG)


def by_step(steps: pa.Table, runs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """p50 and p95 of each step of each job (columns BY_STEP); a step is known by its name. Its queue is null: it has none."""
    return _spread(query.ask(_STEPS, steps=steps, runs=runs, before=_or_none(before, runs)), BY_STEP)


def by_run(runs: pa.Table, jobs: pa.Table) -> pa.Table:
    """Every run that did all of its work, with its duration and what was usual then (columns BY_RUN), oldest first.

    usual_seconds, usual_p95_seconds: median and p95 of the last 20 successful runs of the workflow, this one included;
    null under FEW. queued_seconds: started less created.
    """
    return query.shaped(query.ask(_TREND, {"few": FEW}, runs=query.ask(_WHOLE, runs=runs, jobs=jobs)), BY_RUN)


def _or_none(before: pa.Table | None, runs: pa.Table) -> pa.Table:
    return runs.slice(0, 0) if before is None else before


def _spread(executions: pa.Table, columns: query.Columns) -> pa.Table:
    import pyarrow as pa

    if "step_index" not in executions.column_names:
        executions = executions.append_column("step_index", pa.nulls(len(executions), pa.int64()))
    summary = query.ask(_SUMMARY, {"few": FEW}, executions=executions)
    p_values = [
        p_value(now or [], earlier or [])
        for now, earlier in zip(
            summary.column("now_list").to_pylist(), summary.column("before_list").to_pylist(), strict=True
        )
    ]
    beyond = [
        p is not None and change is not None and p < 0.01 and abs(change) >= 0.03
        for p, change in zip(p_values, summary.column("change").to_pylist(), strict=True)
    ]
    summary = summary.append_column("p_value", pa.array(p_values, pa.float64()))
    answer = query.shaped(summary.append_column("beyond_noise", pa.array(beyond, pa.bool_())), columns)
    names = [(name, "ascending") for name, kind in columns.items() if kind == "string"]
    return answer.sort_by([("p50_seconds", "descending"), ("total_seconds", "descending"), *names])


def p_value(now: Sequence[float], before: Sequence[float]) -> float | None:
    """How likely times at least as different are if nothing changed: two-sided Mann-Whitney U test; None under FEW.

    Source: Mann & Whitney, Ann. Math. Statist. 18 (1947), 50-60.
    """
    if min(len(now), len(before)) < FEW:
        return None
    from scipy.stats import mannwhitneyu  # 300 ms, which only a comparison needs

    return float(mannwhitneyu(now, before, alternative="two-sided").pvalue)
