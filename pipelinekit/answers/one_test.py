"""What is known about one test: how often it fails, since when, where it failed and passed on the same code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pipelinekit.analysis import flaky, query
from pipelinekit.answers.flaky import axis_top, named, rate
from pipelinekit.answers.grid import Cell, Grid, Lines, Marks, Name, State
from pipelinekit.answers.question import Asked, Row
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.views import words
from pipelinekit.views.run_links import run_ref

LAST = 60  # runs in the strip of marks
MOST = 24  # runs in the table
MESSAGE = 3  # lines of a failure's message

_RUNS = """
WITH own AS (
    SELECT run_id, attempt, leg, execution, outcome, duration_seconds FROM tests
    WHERE test = $test AND coalesce(class_name, '') = $class_name AND coalesce(file, '') = $file
      AND coalesce(remembered, '') = ''),
legs AS (
    SELECT run_id, attempt, leg, max_by(outcome, execution) AS last, bool_or(outcome IN ('failed', 'error')) AS failed,
           sum(duration_seconds) AS seconds, count(*) AS executions
    FROM own GROUP BY ALL)
SELECT runs.number, runs.run_id, runs.attempt, runs.created_at, runs.commit, max(seconds) AS seconds, sum(executions) AS executions,
       list_sort(list(leg) FILTER (legs.failed)) AS failed_in,
       CASE WHEN bool_or(last IN ('failed', 'error')) THEN 'F' WHEN bool_or(legs.failed) THEN 'k'
            WHEN bool_and(last = 'skipped') THEN 's' ELSE 'p' END AS mark
FROM legs JOIN runs USING (run_id, attempt)
GROUP BY runs.number, runs.run_id, runs.attempt, runs.created_at, runs.commit
ORDER BY runs.created_at, runs.number, runs.attempt"""

_ATTEMPTS = """
SELECT runs.number, runs.run_id, runs.attempt, runs.commit, leg, execution, tests.outcome, tests.duration_seconds, message
FROM tests JOIN runs USING (run_id, attempt)
WHERE test = $test AND coalesce(class_name, '') = $class_name AND coalesce(file, '') = $file
  AND (runs.run_id = $failed AND runs.attempt = $failed_attempt AND leg = $failed_leg
       OR runs.run_id = $passed AND runs.attempt = $passed_attempt AND leg = $passed_leg)
ORDER BY runs.created_at, runs.number, runs.attempt, leg, execution"""


@dataclass(frozen=True, slots=True)
class History:
    """test: its row of `analysis.flaky.by_test`. runs: those in which it ran, oldest first, with mark, seconds and failed_in.

    attempts: the two that disagree, else the newest failure; empty where it never failed.
    """

    test: Row
    runs: Sequence[Row]
    attempts: Sequence[Row]

    @property
    def marks(self) -> str:
        """One letter a run, newest right: see `views.marks`."""
        return "".join(row["mark"] for row in self.runs[-LAST:])


def history(asked: Asked, name: str) -> History:
    """The test of this name: alone as `test_total[5]`, or after its file or class as `tests/test_cart.py::test_total[5]`.

    Raises WorkflowInvalid, which lists names that come near, where no test or several are called so.
    """
    tests = asked.table("tests")
    row = _meant(flaky.by_test(tests, asked.runs, asked.table("jobs")).to_pylist(), name)
    which = {"test": row["test"], "class_name": row["class_name"], "file": row["file"]}
    runs = query.ask(_RUNS, which, tests=tests, runs=asked.runs).to_pylist()
    sides = {
        f"{side}{end}": row[f"{side}_{column}"]
        for side in ("failed", "passed")
        for end, column in (("", "run_id"), ("_attempt", "attempt"), ("_leg", "leg"))
    }
    return History(row, runs, query.ask(_ATTEMPTS, which | sides, tests=tests, runs=asked.runs).to_pylist())


def _meant(tests: Sequence[Row], name: str) -> Row:
    def full(row: Row) -> set[str]:
        return {row["test"], *(f"{row[of]}::{row['test']}" for of in ("file", "class_name", "suite"))}

    found = [row for row in tests if name in full(row)]
    if len(found) == 1:
        return found[0]
    what = f'several tests are called "{name}"' if found else f'no test is called "{name}"'
    near = [str(named(row)) for row in found] or get_close_matches(name, [row["test"] for row in tests], 5, 0.4)
    raise WorkflowInvalid(Problem("test", what, hint=f"names here: {', '.join(near)}" if near else "no test was reported"))


def sentence(found: History) -> str:
    """When it fails, since when, and the proof."""
    test = found.test
    name = f"`{test['test']}`"
    failed = f"{name} failed in {words.of(test['failed_runs'], test['runs'])} runs"
    cost = f"; it cost {words.minutes(test['lost_seconds'])}" if test["lost_seconds"] else ""
    if test["reason"] == "always_fails":
        since = next((row for row in found.runs if row["run_id"] == test["since_run_id"]), None)
        begun = f" since run {run_ref(since)}, `{words.commit(since['commit'] or '')}`" if since else ""
        return f"{name} has failed in every run{begun}. It is broken, not flaky."
    disagreed, red, passed = (words.plural(test[column] or 0, "time") for column in ("disagreements", "episodes", "clean"))
    return {
        "disagreed": f"{failed}, and {disagreed} it failed and passed on the same code{cost}. It is flaky.",
        "episodes": f"{failed} and turned red {red} without a cause{cost}. It is flaky.",
        "failed_once_or_so": f"{failed}. That is too little to tell a flaky test from one that its code broke.",
        "mended": f"{failed}, and has passed {passed} since. It counts as mended.",
        "explained": f"{failed}, each time while its code was broken or much failed at once. It is healthy.",
        "never_failed": f"{name} never failed in {words.plural(test['runs'], 'run')}.",
    }[test["reason"]]


def grids(found: History) -> list[Grid]:
    """The figures, the attempts that disagree, and the runs, newest first."""
    test = found.test
    top = axis_top([test])
    figures: list[tuple[Cell, ...]] = [
        ("class", State(test["class"])),
        ("fails per attempt on good code, 95 %", rate(test, top)),
        ("attempts", words.count(test["attempts"])),
        ("failures", words.count(test["failures"])),
        ("times with both outcomes, of one version in one leg", words.count(test["disagreements"])),
        ("lost", words.minutes(test["lost_seconds"]) if test["lost_seconds"] else words.NOTHING),
        *([("clean attempts since, of those that it takes", words.of(test["clean"], test["clean_needed"]))]
          if test["clean_needed"] is not None else []),
        (f"last {len(found.marks)} runs", Marks(found.marks)),
    ]  # fmt: skip
    shown = [Grid(("of the test", ""), figures, title=str(named(test)))]
    if found.attempts:
        title = "Both outcomes on one version of the code" if test["passed_run_id"] else "The newest failure"
        head = (">run", "commit", "leg", ">execution", "outcome", ">took", "message")
        shown.append(Grid(head, [_attempt(row) for row in found.attempts], title=title))
    runs = [_run(row) for row in reversed(found.runs[-MOST:])]
    title = f"The {words.plural(len(runs), 'latest run', 'latest runs')} with it"
    return [*shown, Grid((">run", "when", "commit", "outcome", "failed in", ">took"), runs, title=title)]


OUTCOMES = {"F": "failure", "k": "flaky", "s": "skipped", "p": "success"}


def _attempt(row: Row) -> tuple[Cell, ...]:
    message = Lines(tuple((row["message"] or "").splitlines()[:MESSAGE]))
    outcome = {"passed": "success", "failed": "failure"}.get(row["outcome"], str(row["outcome"]))
    took, commit = words.duration(row["duration_seconds"]), Name(words.commit(row["commit"] or ""))
    return (run_ref(row), commit, row["leg"], str(row["execution"]), State(outcome), took, message)


def _run(row: Row) -> tuple[Cell, ...]:
    commit, failed = Name(words.commit(row["commit"] or "")), words.listed(row["failed_in"] or []) or words.NOTHING
    when = words.when_short(row["created_at"])
    return (run_ref(row), when, commit, State(OUTCOMES[row["mark"]]), failed, words.duration(row["seconds"]))
