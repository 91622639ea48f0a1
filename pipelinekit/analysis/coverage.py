"""How much of the code do the tests run, and does that grow?

Legs and flags of a run report the same files. The union of their lines can't be had from counts, so each file takes the report that
covers most of its lines: a floor of the union, never above it.
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


def by_run(coverage: pa.Table, runs: pa.Table) -> pa.Table:
    """Line and branch coverage of each run that reported any (columns BY_RUN), oldest first."""
    return query.rows([], BY_RUN)


def by_file(coverage: pa.Table, runs: pa.Table) -> pa.Table:
    """Files of the newest run with coverage, most lines to gain first (columns BY_FILE)."""
    return query.rows([], BY_FILE)
