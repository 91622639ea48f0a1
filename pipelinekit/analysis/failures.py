"""What broke a leg: the lines of its log that say why, and whether its failing tests are known to be flaky."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import flaky, query

if TYPE_CHECKING:
    import pyarrow as pa

DECIDING = {
    "run_id": "string",
    "attempt": "int",
    "job": "string",
    "leg": "string",
    "step_index": "int",
    "number": "int",  # line number in the leg
    "text": "string",
}
FAILED_TESTS = {
    "run_id": "string",
    "attempt": "int",
    "job": "string",
    "leg": "string",
    "suite": "string",
    "class_name": "string",
    "test": "string",
    "file": "string",
    "executions": "int",
    "message": "string",
    "class": "string",  # of flaky.by_test; null where unknown
    "disagreements": "int",
    "failed_runs": "int",
    "runs": "int",
}



# The more a line says, the lower its rank: what a test found, what a tool reports, what broke off, and last the mere exit code.
_DECIDING = r"""
WITH RECURSIVE forgiven AS (  -- and what is part of it
    SELECT run_id, attempt, leg, step_index FROM steps WHERE outcome = 'failure' AND conclusion = 'success'
    UNION
    SELECT steps.run_id, steps.attempt, steps.leg, steps.step_index FROM steps JOIN forgiven
    ON steps.run_id = forgiven.run_id AND steps.attempt = forgiven.attempt AND steps.leg = forgiven.leg
        AND steps.parent = forgiven.step_index),
failed AS (
    SELECT DISTINCT run_id, attempt, leg, step_index FROM steps
    ANTI JOIN forgiven USING (run_id, attempt, leg, step_index) WHERE outcome = 'failure'),
plain AS (
    SELECT logs.* EXCLUDE (text), rtrim(regexp_replace(text, '\x1b\[[0-9;]*[A-Za-z]', '', 'g')) AS text
    FROM logs SEMI JOIN failed USING (run_id, attempt, leg, step_index)),
ranked AS (
    SELECT *, CASE
        WHEN regexp_matches(text, '^E\s{2,}\S') THEN 1
        WHEN regexp_matches(text, '^(FAILED|ERROR) \S+') THEN 2
        WHEN regexp_matches(text, '^\S+:\d+(:\d+)?: .*(error|[A-Z]+\d+)') THEN 2
        WHEN regexp_matches(text, '^\s*([\w.]+(Error|Exception|Failure)\b|##\[error\]|::error|error( |:|\[)|fatal:|panic:)', 'i')
            THEN 3
        WHEN regexp_matches(text, '(command not found|No such file or directory|Permission denied|AssertionError)', 'i') THEN 4
        WHEN regexp_matches(text, '(exit(ed with)? (code|status) [1-9]|Found \d+ errors?)', 'i') THEN 5
        END AS rank
    FROM plain),
chosen AS (
    SELECT *, row_number() OVER (PARTITION BY run_id, attempt, leg, step_index ORDER BY rank, number) AS place
    FROM ranked WHERE rank IS NOT NULL),
quiet AS (  -- nothing known was said: the last lines are all there is
    SELECT *, row_number() OVER (PARTITION BY run_id, attempt, leg, step_index ORDER BY number DESC) AS place
    FROM ranked ANTI JOIN chosen USING (run_id, attempt, leg, step_index) WHERE text <> '' AND stream = 'output')
SELECT * FROM (FROM chosen WHERE place <= $most UNION ALL BY NAME FROM quiet WHERE place <= 2)
ORDER BY run_id, attempt, leg, step_index, number"""

_FAILED = """
WITH ended AS (
    SELECT run_id, attempt, job, leg, suite, class_name, test, file, max(execution) AS executions,
           max_by(outcome, execution) AS outcome, max_by(message, execution) AS message
    FROM tests GROUP BY ALL)
SELECT ended.*, known.class, known.disagreements, known.failed_runs, known.runs
FROM ended LEFT JOIN known ON coalesce(ended.suite, '') = known.suite AND coalesce(ended.class_name, '') = known.class_name
    AND ended.test = known.test AND coalesce(ended.file, '') = known.file
WHERE outcome IN ('failed', 'error') ORDER BY run_id, attempt, leg, ended.file, ended.class_name, ended.test"""


def deciding_lines(logs: pa.Table, steps: pa.Table, limit: int = 5) -> pa.Table:
    """At most `limit` lines of each failed step that say why it failed (columns DECIDING), in the order of the log.

    logs, steps: the tables of these names, of one run or of several. Where no line is known to say why, the last two.
    """
    return query.shaped(query.ask(_DECIDING, {"most": limit}, logs=logs, steps=steps), DECIDING)


def failed_tests(tests: pa.Table, known: pa.Table | None = None) -> pa.Table:
    """Tests whose last execution failed, with what is known about them (columns FAILED_TESTS).

    tests: rows of one run or of several. known: the answer of `flaky.by_test`.
    """
    nothing = query.rows([], flaky.BY_TEST)
    return query.shaped(query.ask(_FAILED, tests=tests, known=nothing if known is None else known), FAILED_TESTS)
