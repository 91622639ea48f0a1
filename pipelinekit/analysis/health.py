"""Is it better or worse than before, what changed, and what to do first?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query
from pipelinekit.analysis.windows import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

FIGURES = {
    "figure": "string",  # success_rate, run_time, lost_to_flaky, recovery, cache, coverage
    "unit": "string",  # share, seconds
    "value": "float",  # null where nothing or too few was measured
    "low": "float",  # 95 % interval, where there is one
    "high": "float",
    "n": "int",
    "n_of": "string",  # runs, failures, lookups, lines: what n counts
    "enough": "bool",
    "before": "float",  # in the equal window before
    "before_n": "int",
    "change": "float",  # value less before
    "verdict": "string",  # better, worse, noise, unknown
    "spark": "floats",  # oldest first; null where nothing was measured
    "spark_of": "string",  # weeks (8 of them), runs (the last 12)
}
CHANGES = {
    "kind": "string",  # broken, mended, flaky, slower, faster, coverage_down, coverage_up, cache_costs, outage
    "icon": "string",  # failure, fixed, flaky, worse, better, suspect
    "at": "time",
    "subject": "string",  # the test, job, file or cache
    "run_id": "string",
    "commit": "string",
    "facts": "string",  # JSON object, its keys fixed per kind (see `changes`)
}
DO_FIRST = {
    "kind": "string",  # broken_test, flaky_test, cache_costs, cache_misses, slower_job
    "subject": "string",
    "seconds": "float",  # what it costs in the window
    "facts": "string",  # JSON object
}


def figures(tables: Mapping[str, pa.Table], window: Window) -> pa.Table:
    """The six figures of the health page with their change (columns FIGURES), in their fixed order.

    tables: `runs` (already chosen by workflow and branch, with those of the window before), `jobs`, `tests`, `coverage`, `caches`.
    """
    return query.rows([], FIGURES)


def changes(tables: Mapping[str, pa.Table], window: Window) -> pa.Table:
    """What changed in the window (columns CHANGES), newest and worst first. Empty where nothing did."""
    return query.rows([], CHANGES)


def do_first(tables: Mapping[str, pa.Table], window: Window) -> pa.Table:
    """What to mend first (columns DO_FIRST), dearest first."""
    return query.rows([], DO_FIRST)
