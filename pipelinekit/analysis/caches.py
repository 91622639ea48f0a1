"""How often do caches hit, and how much time do they save?

A key's family is the key without its hashes and with its version numbers as `*`: `pip-Linux-3.11-9f2c...` is of `pip-Linux-*`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query, scores, shifts

if TYPE_CHECKING:
    import pyarrow as pa

LAST = 24  # lookups in the history marks
NEWEST = 100  # legs with a hit, and with a miss, that are compared in one leg: 10,000 pairs

BY_FAMILY = {
    "kind": "string",  # actions, leg, layer
    "family": "string",
    "jobs": "strings",
    "lookups": "int",
    "hits": "int",  # exact
    "partial": "int",
    "misses": "int",
    "hit_share": "float",  # hits / lookups
    "hit_share_low": "float",  # 95 % Wilson interval
    "hit_share_high": "float",
    "size_bytes": "float",  # median of what was restored or saved
    "restore_p50_seconds": "float",
    "restore_seconds": "float",  # all of them
    "save_seconds": "float",  # all of them
    "saved_per_hit_seconds": "float",  # below 0 where the cache costs more than it spares; null where too few
    "saved_per_hit_low": "float",  # 95 % interval
    "saved_per_hit_high": "float",
    "saved_seconds": "float",  # saved_per_hit x hits
    "saved_low": "float",
    "saved_high": "float",
    "enough": "bool",  # hits and misses suffice for an interval
    "marks": "string",  # last 24 lookups, newest right: p hit, k partial, m miss
    "last_miss_run_id": "string",
    "simulated": "bool",
}
BY_RUN = {
    "run_id": "string",
    "attempt": "int",
    "number": "int",
    "created_at": "time",
    "lookups": "int",
    "hits": "int",
    "partial": "int",
    "misses": "int",
    "hit_share": "float",
}



# Hashes vary with what is cached, dotted versions with the matrix; what is left names the cache.
_LOOKUPS = r"""
SELECT caches.*, runs.number, runs.created_at, coalesce(runs.simulated, false) AS simulated,
       coalesce(nullif(regexp_replace(regexp_replace(key, '[-_.:/|]*\b[0-9a-fA-F]{8,128}\b', '', 'g'),
                                      '\b\d+(\.\d+)+\b', '*', 'g'), ''), key) AS family
FROM caches JOIN runs USING (run_id, attempt)"""

_COUNTS = """
SELECT kind, family, list_sort(list(DISTINCT job)) AS jobs,
       count(*) FILTER (result <> 'saved') AS lookups,
       count(*) FILTER (result = 'hit') AS hits,
       count(*) FILTER (result = 'partial') AS partial,
       count(*) FILTER (result = 'miss') AS misses,
       median(size_bytes) AS size_bytes,
       median(seconds) FILTER (result IN ('hit', 'partial')) AS restore_p50_seconds,
       coalesce(sum(seconds) FILTER (result IN ('hit', 'partial')), 0) AS restore_seconds,
       coalesce(sum(seconds) FILTER (result = 'saved'), 0) AS save_seconds,
       sum(saved_seconds) FILTER (result = 'hit') AS recorded_seconds,
       max_by(run_id, created_at) FILTER (result = 'miss') AS last_miss_run_id,
       bool_or(simulated) AS simulated,
       right(string_agg(CASE result WHEN 'hit' THEN 'p' WHEN 'partial' THEN 'k' WHEN 'miss' THEN 'm' END, ''
                        ORDER BY created_at, number, leg), $last) AS marks
FROM lookups GROUP BY kind, family HAVING lookups > 0"""

# What a leg takes without the cache is its time on a miss, less looking up and saving; with it, its whole time on a hit,
# restoring included. Partial hits are neither one nor the other.
_LEGS = """
WITH saves AS (
    SELECT run_id, attempt, leg, kind, family, sum(seconds) AS save_seconds FROM lookups WHERE result = 'saved' GROUP BY ALL),
compared AS (
    SELECT lookups.kind, family, workflow, leg, result, jobs.duration_seconds AS whole_seconds,
           jobs.duration_seconds - coalesce(seconds, 0) - coalesce(save_seconds, 0) AS work_seconds,
           row_number() OVER (
               PARTITION BY lookups.kind, family, workflow, leg, result ORDER BY lookups.created_at DESC) AS age
    FROM lookups JOIN jobs USING (run_id, attempt, leg) JOIN runs USING (run_id, attempt)
    LEFT JOIN saves USING (run_id, attempt, leg, kind, family)
    WHERE result IN ('hit', 'miss') AND jobs.outcome = 'success' AND jobs.duration_seconds IS NOT NULL
      AND coalesce(jobs.remembered, '') = '')
SELECT kind, family, workflow, leg, list(work_seconds) FILTER (result = 'miss') AS missed,
       list(whole_seconds) FILTER (result = 'hit') AS hit
FROM compared WHERE age <= $newest GROUP BY ALL ORDER BY ALL"""

_BY_RUN = """
SELECT run_id, attempt, number, created_at, count(*) AS lookups, count(*) FILTER (result = 'hit') AS hits,
       count(*) FILTER (result = 'partial') AS partial, count(*) FILTER (result = 'miss') AS misses,
       count(*) FILTER (result = 'hit') / count(*) AS hit_share
FROM lookups WHERE result <> 'saved' GROUP BY ALL ORDER BY created_at, number, run_id, attempt"""


def by_family(caches: pa.Table, jobs: pa.Table, runs: pa.Table) -> pa.Table:
    """Lookups and time saved of each family of keys (columns BY_FAMILY), most seconds saved first, unknown last.

    A hit saves what the leg takes on a miss (without looking up and saving), less what it takes on a hit (restoring included). That
    is compared within each leg, among those that succeeded, and pooled over legs (`shifts`); where a leg has several caches, each
    is credited with what they save together. Where too few can be compared, times that were recorded with the hits are summed;
    these have no interval.
    """
    found = lookups(caches, runs)
    pairs: dict[tuple[str, str], list[shifts.Stratum]] = {}
    legs = query.ask(_LEGS, {"newest": NEWEST}, lookups=found, jobs=jobs, runs=runs)
    for leg in legs.to_pylist():
        if leg["missed"] and leg["hit"]:
            pairs.setdefault((leg["kind"], leg["family"]), []).append(shifts.Stratum(leg["missed"], leg["hit"]))
    answer = []
    for row in query.ask(_COUNTS, {"last": LAST}, lookups=found).to_pylist():
        low, high = scores.wilson(row["hits"], row["lookups"]) or (None, None)
        shares = {"hit_share": row["hits"] / row["lookups"], "hit_share_low": low, "hit_share_high": high}
        saved = _saved(row["hits"], row["recorded_seconds"], pairs.get((row["kind"], row["family"]), []))
        answer.append({**row, **shares, **saved})
    answer.sort(key=lambda row: (row["saved_seconds"] is None, -(row["saved_seconds"] or 0), -row["lookups"], row["family"]))
    return query.rows(answer, BY_FAMILY)


def by_run(caches: pa.Table, runs: pa.Table) -> pa.Table:
    """Lookups of each run that looked one up (columns BY_RUN), oldest first."""
    return query.shaped(query.ask(_BY_RUN, lookups=lookups(caches, runs)), BY_RUN)


def lookups(caches: pa.Table, runs: pa.Table) -> pa.Table:
    """Table `caches` of `runs`, with the family of each key, and its run's number, created_at and simulated."""
    return query.ask(_LOOKUPS, caches=caches, runs=runs)


def _saved(hits: int, recorded_seconds: float | None, legs: list[shifts.Stratum]) -> dict[str, float | bool | None]:
    if (shift := shifts.between(legs)) is not None:
        return {
            "saved_per_hit_seconds": shift.middle,
            "saved_per_hit_low": shift.low,
            "saved_per_hit_high": shift.high,
            "saved_seconds": shift.middle * hits,
            "saved_low": shift.low * hits,
            "saved_high": shift.high * hits,
            "enough": True,
        }
    if recorded_seconds is not None and hits:
        return {"saved_per_hit_seconds": recorded_seconds / hits, "saved_seconds": recorded_seconds, "enough": True}
    return {"saved_seconds": None, "enough": False}
