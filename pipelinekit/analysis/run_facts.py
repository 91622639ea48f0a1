"""One row of facts per run, of which the health page's figures are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import attempts, caches, coverage, flaky, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

BY_RUN = {
    "run_id": "string",
    "attempt": "int",
    "number": "int",
    "workflow": "string",
    "commit": "string",
    "subject": "string",
    "created_at": "time",
    "on_main": "bool",
    "outcome": "string",
    "succeeded": "bool",  # null where it neither succeeded nor failed
    "run_seconds": "float",  # of a run that succeeded, and of which no leg was remembered
    "recovery_seconds": "float",  # of a run that made its workflow green again: from the end of the first red run to its own
    "red_runs": "int",  # how many red runs it put an end to
    "lost_seconds": "float",  # to flaky tests; null where it ran no tests
    "lookups": "int",  # of caches
    "saved_seconds": "float",  # by caches; null where no saving is known
    "saved_low": "float",
    "saved_high": "float",
    "lines_covered": "int",
    "lines": "int",
}

# Recovery is counted per workflow on the main branch; a cancelled run neither breaks nor mends.
_FACTS = """
WITH main AS (
    SELECT run_id, attempt, workflow, finished_at, outcome,
           sum(CAST(outcome = 'success' AS INT)) OVER (PARTITION BY workflow ORDER BY created_at, number, run_id, attempt
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS greens
    FROM runs WHERE branch = $main AND outcome IN ('success', 'failure')),
streaks AS (
    SELECT workflow, coalesce(greens, 0) AS greens, min(finished_at) FILTER (outcome = 'failure') AS red_since,
           count(*) FILTER (outcome = 'failure') AS red_runs
    FROM main GROUP BY ALL),
recovered AS (
    SELECT run_id, attempt, epoch(finished_at) - epoch(red_since) AS recovery_seconds, red_runs
    FROM main JOIN streaks ON main.workflow = streaks.workflow AND coalesce(main.greens, 0) = streaks.greens
    WHERE outcome = 'success' AND red_runs > 0),
tested AS (SELECT DISTINCT run_id, attempt FROM tests),
spared AS (SELECT DISTINCT run_id, attempt FROM jobs WHERE coalesce(remembered, '') <> ''),
saved AS (
    SELECT run_id, attempt, count(*) FILTER (result <> 'saved') AS lookups,
           sum(saved_per_hit_seconds) FILTER (result = 'hit') AS saved_seconds,
           sum(saved_per_hit_low) FILTER (result = 'hit') AS saved_low,
           sum(saved_per_hit_high) FILTER (result = 'hit') AS saved_high
    FROM lookups LEFT JOIN families USING (kind, family) GROUP BY ALL)
SELECT runs.*, branch = $main AS on_main,
       CASE outcome WHEN 'success' THEN true WHEN 'failure' THEN false END AS succeeded,
       CASE WHEN outcome = 'success' AND spared.run_id IS NULL THEN duration_seconds END AS run_seconds, recovery_seconds, red_runs,
       CASE WHEN tested.run_id IS NOT NULL THEN coalesce(lost.seconds, 0) END AS lost_seconds,
       coalesce(lookups, 0) AS lookups, saved_seconds, saved_low, saved_high, lines_covered, lines
FROM runs LEFT JOIN recovered USING (run_id, attempt) LEFT JOIN tested USING (run_id, attempt)
LEFT JOIN spared USING (run_id, attempt)
LEFT JOIN lost USING (run_id, attempt) LEFT JOIN saved USING (run_id, attempt)
LEFT JOIN (SELECT run_id, attempt, lines_covered, lines FROM covered) USING (run_id, attempt)
ORDER BY created_at, number, run_id, attempt"""


def by_run(tables: Mapping[str, pa.Table], found: flaky.Found) -> pa.Table:
    """The facts of each run (columns BY_RUN), oldest first. tables: `runs`, `jobs`, `tests`, `coverage`, `caches`."""
    runs = tables["runs"]
    answer = query.ask(
        _FACTS,
        {"main": attempts.main_branch(runs)},
        runs=runs,
        jobs=tables["jobs"],
        tests=tables["tests"],
        lost=found.lost_by_run,
        lookups=caches.lookups(tables["caches"], runs),
        families=caches.by_family(tables["caches"], tables["jobs"], runs),
        covered=coverage.by_run(tables["coverage"], runs),
    )
    return query.shaped(answer, BY_RUN)
