"""Every attempt of a test as one narrow row of numbers, and what is asked of them: per test, per code version, per run.

Tests that never failed are the many, and are only counted; all other questions see the rows of tests that failed at least once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelinekit.analysis import outages, query

if TYPE_CHECKING:
    import pyarrow as pa

MAIN = ("main", "master", "trunk")

# `code` is what makes two attempts comparable: the tree; without one the commit of a clean work tree; else only the run itself.
_RUNS = """
SELECT run_id, attempt, number, workflow, commit, simulated, created_at, outcome, duration_seconds,
       coalesce(left_out, false) AS left_out, left_out IS NOT NULL AS tested, branch = $main AS on_main,
       CASE WHEN coalesce(tree, '') <> '' THEN tree
            WHEN coalesce(commit, '') <> '' AND NOT coalesce(dirty, false) THEN commit
            ELSE run_id END AS code,
       (row_number() OVER (ORDER BY created_at, number, run_id, attempt))::INT AS run
FROM runs LEFT JOIN (SELECT run_id, attempt, left_out FROM outages) USING (run_id, attempt)
ORDER BY run"""

_MAIN_BRANCH = """
SELECT branch FROM runs GROUP BY branch
ORDER BY coalesce(list_position($names, branch), 99), count(*) DESC, branch LIMIT 1"""

_TESTS = """
SELECT coalesce(suite, '') AS suite, coalesce(class_name, '') AS class_name, test, coalesce(file, '') AS file,
       (row_number() OVER ())::INT AS test_id
FROM tests SEMI JOIN runs USING (run_id, attempt)
WHERE coalesce(remembered, '') = '' GROUP BY ALL"""

_LEGS = """
SELECT workflow, leg, (row_number() OVER ())::INT AS leg_id FROM tests JOIN runs USING (run_id, attempt) GROUP BY ALL"""

# kept: whether it is evidence. Neither a skip nor an expected failure says anything about the code: failed is null.
# Numbers only, as narrow as they can be: this is the one table that has a row per attempt.
_ROWS = """
WITH codes AS (SELECT code, (row_number() OVER ())::INT AS code_id FROM runs GROUP BY code),
asked AS (SELECT * FROM runs JOIN codes USING (code))
SELECT test_id, leg_id, run, code_id, on_main, execution::SMALLINT AS execution,
       tests.duration_seconds, NOT left_out AS kept,
       CASE WHEN tests.outcome IN ('failed', 'error') THEN true WHEN tests.outcome = 'passed' THEN false END AS failed
FROM tests JOIN asked USING (run_id, attempt)
JOIN named ON coalesce(tests.suite, '') = named.suite AND coalesce(tests.class_name, '') = named.class_name
          AND tests.test = named.test AND coalesce(tests.file, '') = named.file
JOIN legs ON tests.leg = legs.leg AND asked.workflow = legs.workflow
WHERE coalesce(remembered, '') = ''"""

_TOTALS = """
SELECT test_id, count(failed) AS attempts, count(*) FILTER (failed) AS failures,
       count(*) FILTER (kept AND failed IS NOT NULL) AS kept_attempts,
       count(DISTINCT run) FILTER (failed IS NOT NULL) AS runs, count(DISTINCT run) FILTER (failed) AS failed_runs,
       count(DISTINCT code_id) FILTER (failed IS NOT NULL) AS versions,
       list_sort(list(DISTINCT leg)) AS legs, min(run) AS first_run, max(run) FILTER (failed) AS last_failed_run
FROM attempts JOIN legs USING (leg_id) GROUP BY test_id"""

_FAILING = """
SELECT * FROM attempts SEMI JOIN (SELECT test_id FROM totals WHERE failures > 0) USING (test_id) JOIN legs USING (leg_id)"""


@dataclass(frozen=True, slots=True)
class Attempts:
    """runs: table `runs` with run (1 = oldest), code, on_main, tested, left_out. tests: suite, class_name, test, file, test_id.

    totals: one row per test. failing: all attempts of the tests that failed at least once: test_id, leg_id (one per workflow and
    leg), workflow, leg, run, code_id, on_main, execution, duration_seconds, kept, failed (null: skipped or expected).
    """

    runs: pa.Table
    tests: pa.Table
    totals: pa.Table
    failing: pa.Table


def of(tests: pa.Table, runs: pa.Table) -> Attempts:
    """The attempts of `tests` in `runs`, the tables of these names."""
    query.require(tests, "tests", ("run_id", "attempt", "leg", "suite", "class_name", "test", "file", "outcome", "remembered"))
    query.require(runs, "runs", ("run_id", "attempt", "workflow", "branch", "tree", "commit", "dirty", "created_at"))
    asked = query.ask(_RUNS, {"main": main_branch(runs)}, runs=runs, outages=outages.by_run(tests, runs))
    named = query.ask(_TESTS, tests=tests, runs=asked)
    legs = query.ask(_LEGS, tests=tests, runs=asked)
    narrow = query.ask(_ROWS, tests=tests, runs=asked, named=named, legs=legs)
    totals = query.ask(_TOTALS, attempts=narrow, legs=legs)
    failing = query.ask(_FAILING, attempts=narrow, totals=totals, legs=legs)
    return Attempts(asked, named, totals, failing)


def main_branch(runs: pa.Table) -> str:
    """The branch whose history counts: one of MAIN, else the one with most runs; '' where there is no run."""
    found = query.ask(_MAIN_BRANCH, {"names": list(MAIN)}, runs=runs).column("branch").to_pylist()
    return found[0] or "" if found else ""


# A leg and a version in which every one of two or more attempts failed, or a version in which that is so over all legs, is
# code that is broken: it says nothing about how often the test fails on good code.
_CELLS = """
WITH cells AS (
    SELECT test_id, workflow, leg, leg_id, code_id, min(run) AS run, bool_or(on_main) AS on_main,
           count(failed) AS n, count(*) FILTER (failed) AS x,
           count(failed) FILTER (kept) AS kept_n, count(*) FILTER (failed AND kept) AS kept_x
    FROM failing GROUP BY ALL)
SELECT *, kept_x > 0 AND kept_x < kept_n AS disagrees,
       (kept_x >= 2 AND kept_x = kept_n)
       OR (sum(kept_x) OVER version >= 2 AND sum(kept_x) OVER version = sum(kept_n) OVER version) AS broken
FROM cells WHERE n > 0
WINDOW version AS (PARTITION BY test_id, workflow, code_id)
ORDER BY test_id, run, leg"""


def cells(attempts: Attempts) -> pa.Table:
    """The attempts of tests that failed at least once, per test, environment and code version, oldest version first.

    Columns test_id, workflow, leg, leg_id, code_id, run (the first of the version), on_main, n, x (attempts, failures), kept_n,
    kept_x (those that are evidence), disagrees (both outcomes among the kept), broken (only failures, and more than one).
    """
    return query.ask(_CELLS, failing=attempts.failing)


# A version failed where the last execution of one of its runs did. Episodes are maximal rows of failed versions.
_EPISODES = """
WITH finals AS (
    SELECT test_id, code_id, leg_id, run, max_by(failed, execution) AS failed FROM failing
    WHERE kept AND on_main AND failed IS NOT NULL GROUP BY ALL),
versions AS (
    SELECT test_id, code_id, min(run) AS run, bool_or(finals.failed) AS failed FROM finals
    ANTI JOIN (SELECT * FROM cells WHERE broken) AS b USING (test_id, code_id, leg_id)
    GROUP BY ALL)
SELECT test_id, count(*) AS episodes FROM (
    SELECT test_id, failed AND NOT coalesce(lag(failed) OVER (PARTITION BY test_id ORDER BY run), false) AS begins FROM versions)
WHERE begins GROUP BY test_id"""


def episodes(attempts: Attempts, of_cells: pa.Table) -> pa.Table:
    """How often each test turned red on the main branch (test_id, episodes); versions that are broken are passed over."""
    return query.ask(_EPISODES, failing=attempts.failing, cells=of_cells)


_MARKS = """
WITH latest AS (SELECT run FROM runs WHERE tested ORDER BY run DESC LIMIT $last),
legs AS (
    SELECT test_id, run, leg_id, bool_or(failed) AS any_failed, max_by(failed, execution) AS last_failed
    FROM failing SEMI JOIN latest USING (run) GROUP BY ALL),
marked AS (
    SELECT test_id, run, CASE WHEN bool_or(last_failed) THEN 'F' WHEN bool_or(any_failed) THEN 'k'
                              WHEN bool_and(last_failed IS NULL) THEN 's' ELSE 'p' END AS mark
    FROM legs GROUP BY ALL)
SELECT test_id, string_agg(coalesce(mark, '.'), '' ORDER BY run) AS marks
FROM (SELECT DISTINCT test_id FROM failing) CROSS JOIN latest LEFT JOIN marked USING (test_id, run) GROUP BY test_id"""


def marks(attempts: Attempts, last: int) -> pa.Table:
    """One letter for each of the `last` runs that ran tests, newest right (test_id, marks), per test that failed at least once.

    p passed, F failed in the end in some leg, k failed and then passed, s skipped, . did not run.
    """
    return query.ask(_MARKS, {"last": last}, failing=attempts.failing, runs=attempts.runs)
