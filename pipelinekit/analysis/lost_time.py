"""How much time do flaky tests cost?

Lost is what would not have been spent had the flaky tests passed at once: the whole time of a leg that failed through nothing but
flaky tests (it has to run again), and in legs that recovered the failed executions before the rerun that passed. The run that
repeats a failed leg is the useful one and is not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.analysis.attempts import Attempts

BY_RUN = {"test_id": "int", "run": "int", "seconds": "float"}

# A leg in an outage is not the tests' fault. Several flaky tests in one leg share its time.
_LOST = """
WITH executions AS (
    SELECT run, leg, test_id, max_by(failed, execution) AS last_failed,
           coalesce(sum(duration_seconds) FILTER (failed), 0) AS failed_seconds
    FROM failing WHERE kept AND failed IS NOT NULL GROUP BY ALL),
flaky AS (SELECT test_id FROM classed WHERE class = 'flaky' OR reason = 'mended'),
failed_legs AS (
    SELECT run, leg, any_value(jobs.duration_seconds) AS seconds, count(*) AS tests
    FROM executions JOIN runs USING (run) JOIN jobs USING (run_id, attempt, leg)
    WHERE last_failed AND jobs.outcome = 'failure' AND coalesce(remembered, '') = ''
    GROUP BY ALL
    HAVING bool_and(test_id IN (SELECT test_id FROM flaky))),
parts AS (
    SELECT test_id, run, seconds / tests AS seconds FROM failed_legs JOIN executions USING (run, leg) WHERE last_failed
    UNION ALL
    SELECT test_id, run, failed_seconds FROM executions SEMI JOIN flaky USING (test_id)
    WHERE NOT last_failed AND failed_seconds > 0)
SELECT test_id, run, sum(seconds) AS seconds FROM parts WHERE seconds IS NOT NULL GROUP BY ALL ORDER BY ALL"""


def by_run(attempts: Attempts, classed: pa.Table, jobs: pa.Table | None) -> pa.Table:
    """Seconds that each flaky test cost in each run (columns BY_RUN); none where there is no table `jobs`.

    classed: test_id, class, reason of each test, as `flaky` finds them.
    """
    if jobs is None:
        return query.rows([], BY_RUN)
    answer = query.ask(_LOST, failing=attempts.failing, classed=classed, runs=attempts.runs, jobs=jobs)
    return query.shaped(answer, BY_RUN)
