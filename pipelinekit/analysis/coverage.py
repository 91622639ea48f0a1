"""How much of the code do the tests run, and does that grow?

Legs and flags of a run report the same files. The union of their lines can't be had from counts, so each file takes the report that
covers most of its lines: at most the union, never above it. What a remembered leg brings back is of the same code; it counts, and
`carried_forward` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

BY_RUN = {
    "run_id": "string",
    "attempt": "int",
    "number": "int",
    "workflow": "string",
    "branch": "string",
    "commit": "string",
    "subject": "string",
    "created_at": "time",
    "files": "int",
    "reports": "int",  # legs and flags that reported
    "lines_covered": "int",
    "lines": "int",
    "share": "float",  # lines_covered / lines, null where no line is executable
    "branches_covered": "int",
    "branches": "int",
    "branch_share": "float",  # null where no report measures branches
    "change": "float",  # share less that of the run before on the same workflow and branch
    "carried_forward": "bool",  # some of it comes from a remembered leg
    "simulated": "bool",
}
BY_FILE = {
    "file": "string",
    "lines_covered": "int",
    "lines": "int",
    "share": "float",
    "missing": "int",  # lines to gain
    "branches_covered": "int",
    "branches": "int",
    "before_share": "float",  # in the run before on the same workflow and branch; null where it was not measured
    "change": "float",
    "missing_change": "int",
}



_FILES = """
WITH best AS (
    SELECT coverage.*, row_number() OVER (
        PARTITION BY run_id, attempt, file ORDER BY lines_covered DESC, lines DESC, leg, flag) AS place
    FROM coverage SEMI JOIN runs USING (run_id, attempt))
SELECT run_id, attempt, file, lines_covered, lines, coalesce(branches_covered, 0) AS branches_covered,
       coalesce(branches, 0) AS branches, coalesce(remembered, '') <> '' AS carried_forward
FROM best WHERE place = 1"""

_RUNS = """
WITH measured AS (
    SELECT run_id, attempt, count(*) AS files, sum(lines_covered) AS lines_covered, sum(lines) AS lines,
           sum(branches_covered) AS branches_covered, sum(branches) AS branches, bool_or(carried_forward) AS carried_forward
    FROM files GROUP BY ALL),
reports AS (SELECT run_id, attempt, count(DISTINCT (leg, flag)) AS reports FROM coverage GROUP BY ALL),
shares AS (
    SELECT runs.*, measured.* EXCLUDE (run_id, attempt), reports, lines_covered / nullif(lines, 0) AS share,
           branches_covered / nullif(branches, 0) AS branch_share
    FROM runs JOIN measured USING (run_id, attempt) JOIN reports USING (run_id, attempt))
SELECT *, share - lag(share IGNORE NULLS) OVER (
    PARTITION BY workflow, branch ORDER BY created_at, number, run_id, attempt) AS change
FROM shares ORDER BY created_at, number, run_id, attempt"""

_CHANGE = """
WITH asked AS (SELECT *, row_number() OVER (ORDER BY created_at, number, run_id, attempt) AS place FROM trend),
newest AS (SELECT * FROM asked ORDER BY place DESC LIMIT 1),
earlier AS (
    SELECT asked.* FROM asked JOIN newest USING (workflow, branch) WHERE asked.place < newest.place
    ORDER BY asked.place DESC LIMIT 1),
now AS (SELECT * FROM files SEMI JOIN newest USING (run_id, attempt)),
before AS (SELECT * FROM files SEMI JOIN earlier USING (run_id, attempt))
SELECT now.*, now.lines_covered / nullif(now.lines, 0) AS share, now.lines - now.lines_covered AS missing,
       before.lines_covered / nullif(before.lines, 0) AS before_share, share - before_share AS change,
       missing - (before.lines - before.lines_covered) AS missing_change
FROM now LEFT JOIN before USING (file) ORDER BY missing DESC, file"""


def by_run(coverage: pa.Table, runs: pa.Table) -> pa.Table:
    """Line and branch coverage of each run that reported any (columns BY_RUN), oldest first."""
    return query.shaped(query.ask(_RUNS, files=_files(coverage, runs), coverage=coverage, runs=runs), BY_RUN)


def by_file(coverage: pa.Table, runs: pa.Table) -> pa.Table:
    """Files of the newest run with coverage, most lines to gain first (columns BY_FILE)."""
    files = _files(coverage, runs)
    return query.shaped(query.ask(_CHANGE, files=files, trend=by_run(coverage, runs)), BY_FILE)


def _files(coverage: pa.Table, runs: pa.Table) -> pa.Table:
    """Each file of each run once: the report that covers most of its lines."""
    return query.ask(_FILES, coverage=coverage, runs=runs)
