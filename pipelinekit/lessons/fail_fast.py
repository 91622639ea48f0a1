"""Checks of the lesson about failing fast: how long a run takes to its first failure, and that nothing was left out for it."""

from datetime import timedelta

from pipelinekit.lessons.base import Check, Found, no_run, not_yet, passed
from pipelinekit.lessons.seen import Seen, SeenRun, case
from pipelinekit.records.store import Row
from pipelinekit.views.words import duration, listed

SUITES = ("lint", "tests_integration", "tests_unit")
SHARE = 0.5  # of the first run's time to a failure


def first_failure(seen: Seen) -> Found:
    """The newest run that failed tells so in at most half the time that the first one took, or after half the work: a machine that
    is busy with something else is not the learner's to mend.
    """
    failed = [(run, found) for run in seen.runs if (found := run.until_failure()) is not None]
    told = next(((run, found) for run, found in failed if run.failed_tests), None)
    if told is None:
        return not_yet("no-run", "No check has found anything yet: nothing was to be waited for.") if seen.runs else no_run()
    first, (usual_seconds, usual_step) = told
    run, (seconds, step) = failed[-1]
    if not {case(test) for test in run.failed_tests} & {case(test) for test in first.failed_tests}:
        said = f'In run {run.number} "{step["name"]}" failed, and nobody found what was wrong in run {first.number}'
        return not_yet("another-failure", f"{said}: {first.failed_tests[0]['message']}.")
    if run is first:
        before = _before(run, step["step_index"], step["leg"])
        said = f'In run {run.number} "{step["name"]}" failed after {duration(seconds)}; before it ran {before}.'
        return not_yet("first-run", said)
    work, usual_work = _work(run, step), _work(first, usual_step)
    if seconds > SHARE * usual_seconds and work > SHARE * usual_work:
        before = _before(run, step["step_index"], step["leg"])
        said = f'In run {run.number} "{step["name"]}" failed after {duration(seconds)}, in run {first.number} after '
        return not_yet("late", f"{said}{duration(usual_seconds)}. Before it ran {before}.")
    if seconds > SHARE * usual_seconds:
        return passed(
            f'In run {run.number} "{step["name"]}" failed after {duration(work)} of work; in run {first.number} it took '
            f"{duration(usual_work)}. This machine was busy: the whole took {duration(seconds)}."
        )
    return passed(
        f'In run {run.number} "{step["name"]}" failed after {duration(seconds)}; in run {first.number} it took '
        f"{duration(usual_seconds)}. The feedback comes {duration(usual_seconds - seconds)} earlier."
    )


def nothing_lost(seen: Seen) -> Found:
    """A run after the first failure was made quick, in which all three checks ran and passed."""
    whole = [run for run in seen.runs if run.succeeded and not run.failed_tests and not _lost(seen, run)]
    if whole:
        run = whole[-1]
        return passed(f"Run {run.number} succeeded with everything in it: {len(run.tests)} checks of {listed(SUITES)}.")
    green = [run for run in seen.runs if run.succeeded]
    if green:
        run = green[-1]
        if run.failed_tests:
            test = run.failed_tests[0]
            said = f"Run {run.number} succeeded, and `{test['class_name']}` of `{test['test']}` failed in it: {test['message']}."
            return not_yet("silenced", said)
        lost = listed([f"`{name}`" for name in _lost(seen, run)])
        return not_yet("lost", f"Run {run.number} succeeded, and {lost} did not run in it.")
    if seen.newest is None:
        return no_run()
    run = seen.newest
    failed = next(iter(run.failed_tests), None)
    why = f": `{failed['class_name']}` of `{failed['test']}`, {failed['message']}" if failed else "."
    return not_yet("red", f"Run {run.number} ended in {run.row['outcome']}{why}")


def _lost(seen: Seen, run: SeenRun) -> list[str]:
    """Suites of which nothing ran, and tests of an earlier run that did not run in this one."""
    there = {test["suite"] for test in run.tests}
    earlier = (test for other in seen.runs if other.number < run.number for test in other.tests)
    known = {case(test) for test in earlier if test["suite"] in there and test["suite"] != "lint"}
    return [name for name in SUITES if name not in there] + [name for _, _, name in sorted(known - run.passed_tests)]


def _work(run: SeenRun, failed: Row) -> float:
    """Seconds of the steps that were through before the one that failed began, its own job's and others', added up."""
    through = (s for s in run.steps if s["step_index"] > 0 and s["started_at"] is not None and s is not failed)
    ended = (s for s in through if s["started_at"] + timedelta(seconds=s["duration_seconds"] or 0.0) <= failed["started_at"])
    own = sum(s["duration_seconds"] or 0.0 for s in ended)
    return float(own + (failed["duration_seconds"] or 0.0))


def _before(run: SeenRun, index: int, leg: str) -> str:
    """What took its time before the step that failed, the longest first."""
    ran = [s for s in run.steps if s["leg"] == leg and 0 < s["step_index"] < index and s["duration_seconds"]]
    longest = sorted(ran, key=lambda step: -step["duration_seconds"])[:2]
    return listed([f'"{s["name"]}" for {duration(s["duration_seconds"])}' for s in longest]) or "nothing"


CHECKS = (
    Check(
        "first-failure",
        "a run that fails as it did before, and tells so in at most half the time",
        first_failure,
        {
            "no-run": ("Run the pipeline as it is.",),
            "another-failure": (
                "A failure that one makes is quick, and tells nothing about the basket. What failed in the first run?",
                "Leave `basket.py` as it is for now, and let `python3 lint.py` find what it found, before anything slow has run.",
            ),
            "first-run": (
                "Nothing that ran before the failure was needed to find it. Which check is the cheapest, and where does it stand?",
                "Steps run from top to bottom. Put the ones that take the least time first.",
                "The order `python3 lint.py`, `python3 run_tests.py tests_unit`, `python3 run_tests.py tests_integration`.",
            ),
            "late": (
                "What still runs before the step that fails, and for how long?",
                "The lint needs a tenth of a second. Nothing but the checkout has to come before it.",
                "The order `python3 lint.py`, `python3 run_tests.py tests_unit`, `python3 run_tests.py tests_integration`.",
            ),
        },
    ),
    Check(
        "nothing-lost",
        "a run that succeeds, in which lint, unit tests and integration tests all ran",
        nothing_lost,
        {
            "no-run": ("Run the pipeline.",),
            "red": (
                "The message of the failure says what to mend, and in which file.",
                "`basket.py` imports `json` and never uses it: the line can go.",
            ),
            "silenced": (
                "The run is green, and one of its checks is not. Who will ever look?",
                "Take `continue-on-error`, `|| true` and the like out, and mend what the check has found.",
            ),
            "lost": (
                "A check that does not run finds nothing. What is missing?",
                "The number of tests in the table: compare it with an earlier run.",
                "All three commands must stand in the pipeline: `lint.py`, `run_tests.py tests_unit`, `run_tests.py "
                "tests_integration`.",
            ),
        },
    ),
)
