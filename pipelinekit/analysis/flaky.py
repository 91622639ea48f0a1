"""Which tests fail and pass on the same code, how sure is that, and what does it cost?

A test is suite, class, name and file. An attempt is one execution; its environment is its workflow and leg, its code version the git
tree. Attempts are compared within one environment and one tree only: `test (3.9)` failing and `test (3.11)` passing is no disagreement.
Skipped, xfailed and remembered executions are no attempts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

BY_TEST = {
    "suite": "string",
    "class_name": "string",
    "test": "string",
    "file": "string",
    "class": "string",  # broken, flaky, suspect, healthy
    "reason": "string",  # disagreed, episodes, once_failed, always_fails, mended, none: what the class rests on
    "legs": "strings",  # where it ran
    "disagreed_in": "strings",  # legs in which it disagreed
    "runs": "int",
    "failed_runs": "int",  # runs with at least one failed attempt
    "attempts": "int",
    "failures": "int",
    "versions": "int",  # trees
    "disagreements": "int",  # pairs of tree and environment with both outcomes
    "episodes": "int",  # maximal rows of failing versions on the main branch
    "rate": "float",  # posterior mean of the failure rate on code that is good
    "rate_low": "float",  # 95 % highest-density interval
    "rate_high": "float",
    "above_1_percent": "float",  # P(rate > 1 %)
    "prior_a": "float",
    "prior_b": "float",
    "prior": "string",  # fitted, fallback
    "clean": "int",  # attempts since the last failure
    "clean_needed": "int",  # attempts without failure to call it fixed; null where it never failed
    "lost_seconds": "float",  # null where no table `jobs` was given
    "first_seen_at": "time",
    "last_failed_at": "time",
    "marks": "string",  # last 24 runs, newest right: p passed, F failed, k both, s skipped, . not run
    "failed_run_id": "string",  # the two attempts that disagree, newest pair
    "failed_leg": "string",
    "failed_execution": "int",
    "passed_run_id": "string",
    "passed_leg": "string",
    "passed_execution": "int",
    "message": "string",  # of the failed one, or of the newest failure
    "simulated": "bool",
}


def by_test(tests: pa.Table, runs: pa.Table, jobs: pa.Table | None = None) -> pa.Table:
    """Every test with its class, failure rate with interval, evidence and cost (columns BY_TEST).

    Order: class (broken, flaky, suspect, healthy), then seconds lost, then failures, then name. tests, runs, jobs: the tables of
    these names; only rows of `runs` are looked at. Runs that `outages.by_run` leaves out are no evidence, but stay in the marks.
    """
    return query.rows([], BY_TEST)
