"""How long do runs, jobs and steps take, and did that change?

Only what succeeded counts: what failed or was cancelled stopped early, what was remembered did not run.
Under FEW executions a median says nothing: it is null and `enough` is false.
"""

from __future__ import annotations

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


def by_workflow(runs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """p50, p95 and queue of the runs of each workflow (columns BY_WORKFLOW), longest p50 first.

    runs: table `runs`, already chosen. before: the runs of the window to compare with.
    """
    return query.rows([], BY_WORKFLOW)


def by_job(jobs: pa.Table, runs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """p50, p95 and queue of the legs of each job (columns BY_JOB), longest p50 first.

    jobs: table `jobs`, of which only the legs of `runs` and of `before` are looked at.
    """
    return query.rows([], BY_JOB)


def by_leg(jobs: pa.Table, runs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """As `by_job`, for each leg (columns BY_LEG)."""
    return query.rows([], BY_LEG)


def by_step(steps: pa.Table, runs: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """p50 and p95 of each step of each job (columns BY_STEP); a step is known by its name. Steps have no queue: null."""
    return query.rows([], BY_STEP)


def by_run(runs: pa.Table) -> pa.Table:
    """Every run with its duration and what was usual then (columns BY_RUN), oldest first.

    usual_seconds, usual_p95_seconds: median and p95 of the last 20 successful runs of the workflow, this one included;
    null under FEW. queued_seconds: started less created.
    """
    return query.rows([], BY_RUN)
