"""What broke a leg: the lines of its log that say why, and whether its failing tests are known to be flaky."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query

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


def deciding_lines(logs: pa.Table, steps: pa.Table, limit: int = 5) -> pa.Table:
    """At most `limit` lines of each failed step that say why it failed (columns DECIDING), in the order of the log.

    logs, steps: the tables of these names, of one run or of several.
    """
    return query.rows([], DECIDING)


def failed_tests(tests: pa.Table, known: pa.Table | None = None) -> pa.Table:
    """Tests whose last execution failed, with what is known about them (columns FAILED_TESTS).

    tests: rows of one run or of several. known: the answer of `flaky.by_test`.
    """
    return query.rows([], FAILED_TESTS)
