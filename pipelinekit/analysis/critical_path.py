"""Which jobs decide how long a run takes?

The longest chain of queue and run over the recorded needs; legs that are not on it could be slower at no cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

BY_LEG = {
    "run_id": "string",
    "attempt": "int",
    "job": "string",
    "leg": "string",
    "position": "int",  # 1 = first on the path; null off it
    "on_path": "bool",
    "queued_seconds": "float",
    "duration_seconds": "float",
    "share": "float",  # (queued + duration) / length of the path; null off it
    "alone_seconds": "float",  # while no other leg of the run ran
    "slack_seconds": "float",  # how much longer it could take at no cost: 0 on the path
}
BY_JOB = {
    "workflow": "string",
    "job": "string",
    "runs": "int",  # in which it ran
    "on_path": "int",  # in which it decided
    "path_seconds": "float",  # its seconds on the path, all runs together
    "share": "float",  # path_seconds / those of all jobs of the workflow
    "alone_p50_seconds": "float",  # per run, while no other job ran
}


def of_runs(jobs: pa.Table) -> pa.Table:
    """The critical path of each run, as one row per leg that ran (columns BY_LEG), in path order, then by start.

    jobs: table `jobs` of any number of runs. A job waits for the slowest leg of each job that it needs.
    """
    return query.rows([], BY_LEG)


def by_job(jobs: pa.Table, runs: pa.Table) -> pa.Table:
    """Each job's share of the critical paths of `runs` (columns BY_JOB), largest share first."""
    return query.rows([], BY_JOB)
