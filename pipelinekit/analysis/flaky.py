"""Which tests fail and pass on the same code, how sure is that, and what does it cost?

A test is suite, class, name and file. An attempt is one execution; its environment is its workflow and leg, its code version the
git tree. Attempts are compared within one environment and one tree only: `test (3.9)` failing and `test (3.11)` passing is no
disagreement, failing and passing on a rerun in one of them is. Skipped, xfailed, xpassed and remembered executions are no attempts.

The failure rate is that on good code: attempts in runs that `outages` leaves out do not count, nor versions that failed in each of
two or more attempts, nor parts of the history with a rate above 0.9 (`segments`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelinekit.analysis import attempts, lost_time, query, scores, segments

if TYPE_CHECKING:
    import pyarrow as pa

LAST = 60  # runs in the history marks

BY_TEST = {
    "suite": "string",
    "class_name": "string",
    "test": "string",
    "file": "string",
    "class": "string",  # broken, flaky, suspect, healthy
    "reason": "string",  # what the class rests on, see `by_test`
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
    "since_run_id": "string",  # broken: the run in which it began, its commit, and the runs since, that one included
    "since_commit": "string",
    "since_runs": "int",
    "marks": "string",  # the LAST runs, newest right: p passed, F failed, k both, s skipped, . not run; '' if it never failed
    "failed_run_id": "string",  # the two attempts that disagree, newest pair; without one the newest failure
    "failed_attempt": "int",  # attempt of the run
    "failed_leg": "string",
    "failed_execution": "int",
    "passed_run_id": "string",
    "passed_attempt": "int",
    "passed_leg": "string",
    "passed_execution": "int",
    "message": "string",  # of the failed one, or of the newest failure
    "simulated": "bool",
}


MARKED = {
    "run_id": "string",
    "attempt": "int",
    "number": "int",
    "created_at": "time",
    "outcome": "string",
    "duration_seconds": "float",
    "left_out": "bool",  # an outage: no evidence
}

_VERSIONS = """
SELECT test_id, code_id, min(run) AS run, sum(n)::BIGINT AS n, sum(x)::BIGINT AS x FROM cells
WHERE on_main OR test_id NOT IN (SELECT test_id FROM cells WHERE on_main)
GROUP BY test_id, code_id ORDER BY test_id, run"""

_FACTS = """
WITH bad AS (SELECT DISTINCT test_id, code_id FROM parts WHERE rate > 0.9),
good AS (
    SELECT test_id, sum(kept_n) AS good_n, sum(kept_x) AS good_x FROM cells ANTI JOIN bad USING (test_id, code_id)
    WHERE NOT broken GROUP BY test_id),
disagreeing AS (
    SELECT test_id, count(*) AS disagreements, list_sort(list(DISTINCT leg)) AS disagreed_in,
           max_by({'leg_id': leg_id, 'code_id': code_id}, run) AS pair
    FROM cells WHERE disagrees GROUP BY test_id),
passed AS (SELECT test_id, max(run) AS last_run FROM parts WHERE x < n GROUP BY test_id),
streaks AS (  -- the versions at the end of a history in which every attempt failed
    SELECT test_id, min(run) AS streak_run FROM parts LEFT JOIN passed USING (test_id)
    WHERE run > coalesce(last_run, 0) GROUP BY test_id),
latest AS (
    SELECT test_id, max(run) AS version_run, max_by(rate, run) AS latest_rate, max_by(first_run, run) AS part_run
    FROM parts GROUP BY test_id),
latest_cells AS (SELECT test_id, bool_or(broken) AS latest_broken FROM cells JOIN latest USING (test_id)
                 WHERE run = version_run GROUP BY test_id),
later AS (
    SELECT test_id, count(failed) AS clean FROM failing JOIN totals USING (test_id)
    WHERE kept AND run > last_failed_run GROUP BY test_id),
pairs AS (
    SELECT test_id,
           max_by({'run': run, 'leg': leg, 'execution': execution}, age) FILTER (failed) AS failed_one,
           max_by({'run': run, 'leg': leg, 'execution': execution}, age) FILTER (NOT failed) AS passed_one
    FROM (SELECT *, run::BIGINT * 1000 + execution AS age FROM failing) AS failing LEFT JOIN disagreeing USING (test_id)
    WHERE pair IS NULL AND failed OR pair.leg_id = leg_id AND pair.code_id = code_id AND kept GROUP BY test_id)
SELECT named.*, totals.* EXCLUDE (test_id), episodes, marks, failed_one, passed_one,
       coalesce(disagreements, 0) AS disagreements, coalesce(disagreed_in, []) AS disagreed_in,
       CASE WHEN failures = 0 THEN kept_attempts ELSE coalesce(good_n, 0) END AS good_n, coalesce(good_x, 0) AS good_x,
       CASE WHEN failures = 0 THEN kept_attempts ELSE coalesce(clean, 0) END AS clean,
       coalesce(latest_rate, 0) > 0.9 AS latest_fails, coalesce(latest_broken, false) AS latest_broken,
       coalesce(streak_run, part_run) AS since_run
FROM named JOIN totals USING (test_id) LEFT JOIN good USING (test_id) LEFT JOIN disagreeing USING (test_id)
LEFT JOIN streaks USING (test_id) LEFT JOIN latest USING (test_id) LEFT JOIN latest_cells USING (test_id)
LEFT JOIN later USING (test_id)
LEFT JOIN pairs USING (test_id) LEFT JOIN episodes USING (test_id) LEFT JOIN marks USING (test_id)
ORDER BY test_id"""

_CLASSES = """
SELECT *, CASE
    WHEN latest_fails OR latest_broken AND disagreements = 0 THEN 'always_fails'
    WHEN clean >= clean_needed THEN 'mended'
    WHEN disagreements > 0 THEN 'disagreed'
    WHEN episodes >= 2 AND above_1_permille > 0.95 THEN 'episodes'
    WHEN good_x > 0 THEN 'failed_once_or_so'
    WHEN failures > 0 THEN 'explained'
    ELSE 'never_failed' END AS reason,
  CASE reason WHEN 'always_fails' THEN 'broken' WHEN 'disagreed' THEN 'flaky' WHEN 'episodes' THEN 'flaky'
              WHEN 'failed_once_or_so' THEN 'suspect' ELSE 'healthy' END AS class
FROM scored"""

_ANSWER = """
WITH seen AS (SELECT run, run_id, attempt, commit, created_at, simulated FROM runs)
SELECT classed.* EXCLUDE (marks, episodes), coalesce(marks, '') AS marks, coalesce(episodes, 0) AS episodes,
       CASE WHEN $costed THEN coalesce(lost.seconds, 0) END AS lost_seconds,
       first.created_at AS first_seen_at, last_failed.created_at AS last_failed_at, coalesce(first.simulated, false) AS simulated,
       since.run_id AS since_run_id, since.commit AS since_commit,
       CASE WHEN since.run IS NOT NULL THEN (SELECT count(*) FROM runs AS later WHERE later.tested AND later.run >= since.run) END
           AS since_runs,
       f.run_id AS failed_run_id, f.attempt AS failed_attempt,
       failed_one.leg AS failed_leg, failed_one.execution AS failed_execution,
       p.run_id AS passed_run_id, p.attempt AS passed_attempt,
       passed_one.leg AS passed_leg, passed_one.execution AS passed_execution
FROM classed LEFT JOIN (SELECT test_id, sum(seconds) AS seconds FROM lost GROUP BY test_id) AS lost USING (test_id)
LEFT JOIN seen AS first ON first.run = first_run LEFT JOIN seen AS last_failed ON last_failed.run = last_failed_run
LEFT JOIN seen AS since ON class = 'broken' AND since.run = since_run
LEFT JOIN seen AS f ON f.run = failed_one.run LEFT JOIN seen AS p ON p.run = passed_one.run"""

_MESSAGES = """
SELECT answer.*, tests.message FROM answer LEFT JOIN tests
  ON tests.run_id = failed_run_id AND tests.attempt = failed_attempt
 AND tests.leg = failed_leg AND tests.execution = failed_execution
 AND coalesce(tests.suite, '') = answer.suite AND coalesce(tests.class_name, '') = answer.class_name AND tests.test = answer.test
 AND coalesce(tests.file, '') = answer.file
ORDER BY list_position(['broken', 'flaky', 'suspect', 'healthy'], class), lost_seconds DESC NULLS LAST, failures DESC,
         answer.file, answer.class_name, answer.test, answer.suite"""

_MARKED = "SELECT * FROM (SELECT * FROM runs WHERE tested ORDER BY run DESC LIMIT $last) ORDER BY run"

_LOST_BY_RUN = """
SELECT run_id, attempt, sum(seconds) AS seconds FROM lost JOIN runs USING (run) GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True, slots=True)
class Found:
    """by_test: columns BY_TEST. marked_runs: the run behind each letter of `marks` (columns MARKED), oldest first.

    lost_by_run: run_id, attempt, seconds that flaky tests cost in it, for runs in which they did.
    """

    by_test: pa.Table
    marked_runs: pa.Table
    lost_by_run: pa.Table


def by_test(tests: pa.Table, runs: pa.Table, jobs: pa.Table | None = None) -> pa.Table:
    """Every test with its class, failure rate with interval, evidence and cost (columns BY_TEST).

    Order: class (broken, flaky, suspect, healthy), then seconds lost, then failures, then name. tests, runs, jobs: the tables of
    these names; only rows of `runs` are looked at.

    broken: `always_fails` (the latest part of its history has a rate above 0.9, or the newest version on the main branch failed
    in each of two or more attempts). flaky: `disagreed` (both outcomes in one environment and tree), or `episodes` (turned red at
    least twice on the main branch, and P(rate > 0.001) > 0.95). suspect: `failed_once_or_so`, weaker evidence. healthy: `mended`
    (was flaky or suspect, and has passed `clean_needed` times since), `explained` (all failures lie in outages or broken
    versions), `never_failed`. Source: classes and thresholds as in LUCI and BuildPulse (tree rule), interval and prior in `scores`.
    """
    return find(tests, runs, jobs).by_test


def find(tests: pa.Table, runs: pa.Table, jobs: pa.Table | None = None) -> Found:
    """As `by_test`, with what the flaky ones cost in each run."""
    found = attempts.of(tests, runs)
    of_cells = attempts.cells(found)
    facts = query.ask(
        _FACTS,
        named=found.tests,
        totals=found.totals,
        failing=found.failing,
        cells=of_cells,
        parts=_parts(query.ask(_VERSIONS, cells=of_cells)),
        episodes=attempts.episodes(found, of_cells),
        marks=attempts.marks(found, LAST),
    )
    classed = query.ask(_CLASSES, scored=_scored(facts))
    lost = lost_time.by_run(found, classed, jobs)
    answer = query.ask(_ANSWER, {"costed": jobs is not None}, classed=classed, lost=lost, runs=found.runs)
    return Found(
        query.shaped(query.ask(_MESSAGES, answer=answer, tests=tests), BY_TEST),
        query.shaped(query.ask(_MARKED, {"last": LAST}, runs=found.runs), MARKED),
        query.ask(_LOST_BY_RUN, lost=lost, runs=found.runs),
    )


def _parts(versions: pa.Table) -> pa.Table:
    """Each version of each test with the failure rate of the part of the history that it lies in, and the part's first run."""
    import numpy as np
    import pyarrow as pa

    test_ids, run, n, x = (versions.column(name).to_numpy() for name in ("test_id", "run", "n", "x"))
    rate, first_run = np.zeros(len(run)), np.zeros(len(run), dtype=np.int64)
    edges = [0, *(np.flatnonzero(np.diff(test_ids)) + 1), len(run)] if len(run) else [0]
    for first, last in pairwise(edges):
        cuts = [first + start for start in segments.starts(x[first:last], n[first:last])]
        for begin, end in zip(cuts, [*cuts[1:], last], strict=True):
            rate[begin:end] = x[begin:end].sum() / n[begin:end].sum()
            first_run[begin:end] = run[begin]
    return versions.append_column("rate", pa.array(rate)).append_column("first_run", pa.array(first_run))


def _scored(facts: pa.Table) -> pa.Table:
    """The facts with prior, posterior and the clean attempts that mending takes; the prior is that of the test's suite."""
    import numpy as np
    import pyarrow as pa

    suites, x, n, clean = (facts.column(name).to_numpy(zero_copy_only=False) for name in ("suite", "good_x", "good_n", "clean"))
    x, n, clean = x.astype(float), n.astype(float), clean.astype(float)
    a, b, fitted = np.zeros(len(n)), np.zeros(len(n)), np.zeros(len(n), dtype=bool)
    for suite in sorted(set(suites)):
        of_suite = suites == suite
        prior = scores.fit(x[of_suite], n[of_suite])
        a[of_suite], b[of_suite], fitted[of_suite] = prior.a, prior.b, prior.fitted
    low, high = scores.interval(a + x, b + n - x)
    # How often it failed until it last did: counting the clean attempts in would move the goal with every pass.
    failing_rate = (a + x) / (a + b + np.maximum(n - clean, x))
    needed = [scores.clean_needed(rate) if failures else None for rate, failures in zip(failing_rate, x, strict=True)]
    columns = {
        "prior_a": a,
        "prior_b": b,
        "prior": np.where(fitted, "fitted", "fallback").astype(object),
        "rate": (a + x) / (a + b + n),
        "rate_low": low,
        "rate_high": high,
        "above_1_percent": scores.above(a + x, b + n - x, 0.01),
        "above_1_permille": scores.above(a + x, b + n - x, 0.001),
        "clean_needed": pa.array(needed, pa.int64()),
    }
    for name, column in columns.items():
        facts = facts.append_column(name, pa.array(column))
    return facts
