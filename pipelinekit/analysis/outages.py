"""Which runs failed so widely that their failures say nothing about single tests?

A partial outage makes tests look flaky: on 300 simulated commits with three outages the rule "failed and passed on one commit"
had a precision of 0.07, and of 1.00 once runs with a failing share above median + 10 scaled MAD were left out.
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
    "created_at": "time",
    "tests": "int",  # tests that ran, one per test and leg
    "failed": "int",  # of them with at least one failed attempt
    "share": "float",  # failed / tests
    "limit": "float",  # largest share that is still evidence
    "left_out": "bool",  # share > limit
}



FEW_RUNS = 10

# 1.4826 makes the median absolute deviation of a normal distribution its standard deviation. Where it is 0, or the runs are few,
# it says nothing; then 5 % of the tests, but at least five tests, above the median are too much.
_SHARES = """
WITH ran AS (
    SELECT run_id, attempt, count(*) AS tests FROM tests
    WHERE execution = 1 AND outcome IN ('passed', 'failed', 'error') AND coalesce(remembered, '') = ''
    GROUP BY ALL),
failing AS (
    SELECT run_id, attempt, count(DISTINCT (leg, suite, class_name, file, test)) AS failed FROM tests
    WHERE outcome IN ('failed', 'error') AND coalesce(remembered, '') = ''
    GROUP BY ALL),
shares AS (
    SELECT runs.run_id, runs.attempt, number, workflow, created_at, tests, coalesce(failed, 0) AS failed,
           coalesce(failed, 0) / tests AS share
    FROM runs JOIN ran USING (run_id, attempt) LEFT JOIN failing USING (run_id, attempt)),
usual AS (SELECT workflow, median(share) AS middle, mad(share) AS spread, count(*) AS n FROM shares GROUP BY workflow)
SELECT shares.*, middle + CASE WHEN spread = 0 OR n < $few THEN greatest(0.05, 5 / tests) ELSE 10 * 1.4826 * spread END AS "limit",
       share > "limit" AS left_out
FROM shares JOIN usual USING (workflow)
ORDER BY created_at, number, run_id, attempt"""


def by_run(tests: pa.Table, runs: pa.Table) -> pa.Table:
    """The failing share of each run that ran tests, and whether it is left out of the evidence (columns BY_RUN), oldest first."""
    return query.shaped(query.ask(_SHARES, {"few": FEW_RUNS}, tests=tests, runs=runs), BY_RUN)
