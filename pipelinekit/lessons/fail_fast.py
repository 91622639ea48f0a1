"""Checks of the lesson about failing fast: how long a run takes to its first failure, and that nothing was left out for it."""

from pipelinekit.lessons.base import Check, Found, no_run, not_yet, passed
from pipelinekit.lessons.seen import Seen, SeenRun
from pipelinekit.views.words import duration, listed

SUITES = ("lint", "tests_integration", "tests_unit")
SHARE = 0.5  # of the first run's time to a failure


def first_failure(seen: Seen) -> Found:
    """The newest run that failed tells so in at most half the time that the first one took."""
    failed = [(run, found) for run in seen.runs if (found := run.until_failure()) is not None]
    if not failed:
        return not_yet("no-run", "No run has failed yet: nothing was to be waited for.") if seen.runs else no_run()
    first, (usual_seconds, _) = failed[0]
    run, (seconds, step) = failed[-1]
    if run is first:
        before = _before(run, step["step_index"], step["leg"])
        said = f'In run {run.number} "{step["name"]}" failed after {duration(seconds)}; before it ran {before}.'
        return not_yet("first-run", said)
    if seconds > SHARE * usual_seconds:
        before = _before(run, step["step_index"], step["leg"])
        said = f'In run {run.number} "{step["name"]}" failed after {duration(seconds)}, in run {first.number} after '
        return not_yet("late", f"{said}{duration(usual_seconds)}. Before it ran {before}.")
    return passed(
        f'In run {run.number} "{step["name"]}" failed after {duration(seconds)}; in run {first.number} it took '
        f"{duration(usual_seconds)}. The feedback comes {duration(usual_seconds - seconds)} earlier."
    )


def nothing_lost(seen: Seen) -> Found:
    """A run after the first failure was made quick, in which all three checks ran and passed."""
    whole = [run for run in seen.runs if run.succeeded and not _lost(run)]
    if whole:
        run = whole[-1]
        return passed(f"Run {run.number} succeeded with everything in it: {len(run.tests)} checks of {listed(SUITES)}.")
    green = [run for run in seen.runs if run.succeeded]
    if green:
        run = green[-1]
        return not_yet("lost", f"Run {run.number} succeeded, and {listed([f'`{name}`' for name in _lost(run)])} did not run in it.")
    if seen.newest is None:
        return no_run()
    run = seen.newest
    test = next(iter(run.failed_tests), None)
    why = f": `{test['class_name']}` of `{test['test']}`, {test['message']}" if test else "."
    return not_yet("red", f"Run {run.number} ended in {run.row['outcome']}{why}")


def _lost(run: SeenRun) -> list[str]:
    """Suites of which nothing ran."""
    there = {test["suite"] for test in run.tests}
    return [name for name in SUITES if name not in there]


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
            "lost": (
                "A check that does not run finds nothing. What is missing?",
                "All three commands must stand in the pipeline: `lint.py`, `run_tests.py tests_unit`, `run_tests.py "
                "tests_integration`.",
            ),
        },
    ),
)
