"""Which jobs decide how long a run takes?

The longest chain of queue and run over the recorded needs; legs that are not on it could be slower at no cost.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

_RUN = ["run_id", "attempt"]
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

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Chain:
    """seconds: of the longest chain that ends with `leg`, its own included. before: the leg before it in that chain."""

    leg: str
    seconds: float
    before: str | None


def of_runs(jobs: pa.Table) -> pa.Table:
    """The critical path of each run, as one row per leg that ran (columns BY_LEG), in path order, then by start.

    jobs: table `jobs` of any number of runs. A job waits for the slowest leg of each job that it needs; what was
    skipped took no time, but passes the waiting on.
    """
    answer: list[dict[str, Any]] = []
    for legs in _by_run(jobs).values():
        answer += _of_run(legs)
    return query.rows(answer, BY_LEG)


def by_job(jobs: pa.Table, runs: pa.Table) -> pa.Table:
    """Each job's share of the critical paths of `runs` (columns BY_JOB), largest share first."""
    workflows = {(r["run_id"], r["attempt"]): r["workflow"] for r in runs.select([*_RUN, "workflow"]).to_pylist()}
    on_path: dict[tuple[str, str], list[float]] = defaultdict(list)
    alone: dict[tuple[str, str], list[float]] = defaultdict(list)
    for run, legs in _by_run(jobs).items():
        if run not in workflows:
            continue
        path: dict[str, float] = defaultdict(float)
        for row in _of_run(legs):
            if row["on_path"]:
                path[row["job"]] += _weight(row)
        for job, seconds in _alone(_intervals(legs, "job")).items():
            alone[workflows[run], job].append(seconds)
            if job in path:
                on_path[workflows[run], job].append(path[job])
    whole: dict[str, float] = defaultdict(float)
    for (workflow, _), seconds_of in on_path.items():
        whole[workflow] += sum(seconds_of)
    answer: list[dict[str, Any]] = [
        {
            "workflow": workflow,
            "job": job,
            "runs": len(seconds),
            "on_path": len(on_path[workflow, job]),
            "path_seconds": sum(on_path[workflow, job]),
            "share": sum(on_path[workflow, job]) / whole[workflow] if whole[workflow] else None,
            "alone_p50_seconds": median(seconds),
        }
        for (workflow, job), seconds in alone.items()
    ]
    answer.sort(key=lambda row: (row["workflow"], -row["path_seconds"], row["job"]))
    return query.rows(answer, BY_JOB)


def _by_run(jobs: pa.Table) -> dict[tuple[str, int], list[Row]]:
    legs: dict[tuple[str, int], list[Row]] = defaultdict(list)
    columns = [*_RUN, "job", "leg", "needs", "started_at", "finished_at", "queued_seconds", "duration_seconds"]
    query.require(jobs, "jobs", columns)
    for row in jobs.select(columns).to_pylist():
        legs[row["run_id"], row["attempt"]].append(row)
    return legs


def _of_run(legs: Sequence[Row]) -> list[dict[str, Any]]:
    by_name = {row["leg"]: row for row in legs}
    to, after = _chains(legs, _needed(legs)), _chains(legs, _dependents(legs))
    end = max(to.values(), key=lambda chain: chain.seconds)
    path = _backwards(to, end)
    positions = {leg: i for i, leg in enumerate((leg for leg in path if by_name[leg]["started_at"]), start=1)}
    alone = _alone(_intervals(legs, "leg"))
    answer = [
        {
            **{name: row[name] for name in (*_RUN, "job", "leg", "queued_seconds", "duration_seconds")},
            "position": positions.get(leg),
            "on_path": leg in positions,
            "share": _weight(row) / end.seconds if leg in positions and end.seconds else None,
            "alone_seconds": alone.get(leg),
            # The longest chain through the leg: the one to it and the one from it, which both hold the leg itself.
            "slack_seconds": 0.0
            if leg in positions
            else max(0.0, end.seconds - (to[leg].seconds + after[leg].seconds - _weight(row))),
        }
        for leg, row in by_name.items()
        if row["started_at"] is not None
    ]
    answer.sort(key=lambda row: (row["position"] or len(legs) + 1, by_name[row["leg"]]["started_at"], row["leg"]))
    return answer


def _weight(row: Row) -> float:
    return (row["queued_seconds"] or 0.0) + (row["duration_seconds"] or 0.0)


def _needed(legs: Iterable[Row]) -> dict[str, set[str]]:
    """For each job the jobs that it waits for."""
    return {row["job"]: set(json.loads(row["needs"] or "[]")) for row in legs}


def _dependents(legs: Iterable[Row]) -> dict[str, set[str]]:
    dependents: dict[str, set[str]] = defaultdict(set)
    for job, needs in _needed(legs).items():
        for needed in needs:
            dependents[needed].add(job)
    return dependents


def _chains(legs: Sequence[Row], ahead: Mapping[str, set[str]]) -> dict[str, _Chain]:
    """The longest chain that ends with each leg, where `ahead` names the jobs that come before a job."""
    of_job: dict[str, list[Row]] = defaultdict(list)
    for row in legs:
        of_job[row["job"]].append(row)
    chains: dict[str, _Chain] = {}

    def longest(job: str) -> _Chain:
        """The longest chain that ends with a leg of `job`."""
        for row in of_job[job]:
            if row["leg"] not in chains:
                best = max(
                    (longest(needed) for needed in sorted(ahead.get(job, ())) if of_job.get(needed)),
                    key=lambda chain: chain.seconds,
                    default=None,
                )
                seconds = _weight(row) + (best.seconds if best else 0.0)
                chains[row["leg"]] = _Chain(row["leg"], seconds, best.leg if best else None)
        return max((chains[row["leg"]] for row in of_job[job]), key=lambda chain: chain.seconds)

    for job in list(of_job):
        longest(job)
    return chains


def _backwards(chains: Mapping[str, _Chain], end: _Chain) -> list[str]:
    path: list[str] = []
    leg: str | None = end.leg
    while leg is not None:
        path.append(leg)
        leg = chains[leg].before
    return path[::-1]


def _intervals(legs: Iterable[Row], owner: str) -> list[tuple[str, float, float]]:
    return [
        (row[owner], row["started_at"].timestamp(), row["finished_at"].timestamp())
        for row in legs
        if row["started_at"] is not None and row["finished_at"] is not None
    ]


def _alone(intervals: Sequence[tuple[str, float, float]]) -> dict[str, float]:
    """Seconds in which nobody but the owner was running, for each owner: 100 ms beside 80 ms leave 20 and 0."""
    alone = {owner: 0.0 for owner, _, _ in intervals}
    starts = [(start, 1, owner) for owner, start, _ in intervals]
    edges = sorted([*starts, *((end, -1, owner) for owner, _, end in intervals)])
    running: dict[str, int] = defaultdict(int)
    since = 0.0
    for at, step, owner in edges:
        if len(running) == 1:
            alone[next(iter(running))] += at - since
        running[owner] += step
        if not running[owner]:
            del running[owner]
        since = at
    return alone
