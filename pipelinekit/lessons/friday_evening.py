"""Checks of the lesson about the Friday-evening deployment.

What production did is told by the shop's `production.py`, in annotations with the title `production`: "deployed friday",
"friday: 6 of 20 orders went through", "went back to thursday".
"""

from pipelinekit.lessons.base import Check, Found, no_run, not_yet, passed
from pipelinekit.lessons.seen import Seen, SeenRun
from pipelinekit.views.words import duration, listed, plural

_ALL = "20 of 20"
# What the shop promises: without one of these a green run says less than before.
TESTS = frozenset({"test_one_piece", "test_three_pieces", "test_five_pieces_are_cheaper"})


def stopped(seen: Seen) -> Found:
    """A run in which a test failed, and what would have come after it, the deployment, was skipped."""
    for run in reversed(seen.runs):
        if run.failed_tests and not _deployed(run) and (skipped := _skipped(run)):
            test = run.failed_tests[0]["test"]
            return passed(f"In {run.called} `{test}` failed, and {skipped} was skipped. The customers kept Thursday's release.")
    return no_run() if seen.newest is None else _not_stopped(seen.newest)


def _not_stopped(run: SeenRun) -> Found:
    if _deployed(run) and not run.tests:
        left = _last_look(run)
        return not_yet("never-tried", f"{run.called.capitalize()} deployed what no test had tried: {left}.")
    if _deployed(run) and run.failed_tests:
        test = run.failed_tests[0]["test"]
        return not_yet("deployed-anyway", f"In {run.called} `{test}` failed, and the release was deployed all the same.")
    if not run.tests:
        return not_yet("no-tests", f"{run.called.capitalize()} ran no test at all.")
    if run.failed_tests:
        said = f"In {run.called} `{run.failed_tests[0]['test']}` failed, and nothing came after it that could have been stopped."
        return not_yet("no-deployment", said)
    return not_yet("no-mistake", f"In {run.called} no test failed, so there was nothing to stop.")


def shipped(seen: Seen) -> Found:
    """A run in which all tests passed before the release was deployed, and production sold everything after."""
    for run in reversed(seen.runs):
        tested = not _missing(run) and not run.failed_tests and _deployed(run) and not _broken(run) and _tested_before(run)
        if tested and _last_look(run).endswith(_through(_ALL)):
            return passed(
                f"In {run.called}, {plural(len(run.tests), 'test')} passed, then the release was deployed, and {_ALL} orders "
                f"went through. From the start of the run to a shop that sells: {duration(run.seconds)}."
            )
    return no_run() if seen.newest is None else _not_shipped(seen.newest)


def _not_shipped(run: SeenRun) -> Found:
    if run.failed_tests:
        test = run.failed_tests[0]
        return not_yet("tests-fail", f"In {run.called} `{test['test']}` fails: {test['message'] or 'it says no more'}")
    if not _deployed(run):
        return not_yet("not-deployed", f"{run.called.capitalize()} deployed nothing.")
    if run.tests and _missing(run):
        gone = listed([f"`{name}`" for name in _missing(run)])
        return not_yet("tests-gone", f"In {run.called} nobody asked {gone}: what a test no longer asks may be broken.")
    if not run.tests or not _tested_before(run):
        return not_yet("too-late", f"In {run.called} the release was deployed before the tests had passed.")
    return not_yet("sells-not", f"{run.called.capitalize()} deployed a release that passed its tests, and then: {_last_look(run)}.")


def way_back(seen: Seen) -> Found:
    """A run in which production failed after a deployment, went back, and sold everything again."""
    good = next((run for run in reversed(seen.runs) if _deployed(run) and _went_back(run) and not _broken(run)), None)
    if good is not None and good is seen.newest:
        return not_yet("took-good-back", f"In {good.called} the release sold to everybody, and was taken back all the same.")
    for run in reversed(seen.runs):
        told = run.said("production")
        if _deployed(run) and _broken(run) and _went_back(run) and told[-1].endswith(_through(_ALL)):
            return passed(
                f"In {run.called} the release failed in production, {told[-2]}, and {_ALL} orders went through again. "
                f"Customers had a broken shop for {duration(_broken_seconds(run))}."
            )
    if not any(_broken(run) and not run.failed_tests and run.tests for run in seen.runs):
        return not_yet("no-outage", "No run is recorded yet in which a release passed its tests and then failed in production.")
    run = next(run for run in reversed(seen.runs) if _broken(run))
    if _went_back(run):
        return not_yet("not-looked", f"{run.called.capitalize()} went back, and nobody looked whether the shop sells again.")
    if _last_look(run).endswith(_through(_ALL)):
        said = f"In {run.called} a job looked at a shop of its own ({_last_look(run)}); the one that customers have stays broken."
        return not_yet("elsewhere", said)
    return not_yet("left-broken", f"{run.called.capitalize()} ended with a shop that does not sell: {_last_look(run)}.")


def _skipped(run: SeenRun) -> str:
    """What was left out behind a failure, by its name: a job, or a step; '' where nothing was."""
    job = next((job for job in run.jobs if job["outcome"] == "skipped"), None)
    step = next((step for step in run.steps if step["outcome"] == "skipped"), None)
    return f"`{job['job']}`" if job else f'"{step["name"]}"' if step else ""


def _missing(run: SeenRun) -> list[str]:
    """Of the shop's tests those that did not run."""
    return sorted(TESTS - {test["test"] for test in run.tests if test["outcome"] != "skipped"})


def _deployed(run: SeenRun) -> bool:
    return bool(run.said("production", "^deployed"))


def _went_back(run: SeenRun) -> bool:
    return bool(run.said("production", "^went back"))


def _broken(run: SeenRun) -> bool:
    return any(not text.startswith(_ALL) for text in run.said("production", r": (\d+ of 20)"))


def _last_look(run: SeenRun) -> str:
    return next(reversed(run.said("production", r"^.*orders went through$")), "nobody looked at the shop")


def _through(share: str) -> str:
    return f"{share} orders went through"


def _tested_before(run: SeenRun) -> bool:
    """Whether every leg with tests had run them before the deployment began: in another leg it has ended, in the same one the step
    with the tests came first.
    """
    deploy = next(row for row in run.annotations if row["title"] == "production" and row["message"].startswith("deployed"))
    began = next(s["started_at"] for s in run.steps if (s["leg"], s["step_index"]) == (deploy["leg"], deploy["step_index"]))
    tested = {test["leg"] for test in run.tests}
    others = [job for job in run.jobs if job["leg"] in tested and job["leg"] != deploy["leg"]]
    own = [step for step in run.steps if step["leg"] == deploy["leg"] and step["step_index"] > deploy["step_index"]]
    late = [step for step in own if deploy["leg"] in tested and "test" in (step["name"] or "").lower()]
    return not late and all(job["finished_at"] <= began for job in others)


def _broken_seconds(run: SeenRun) -> float:
    """From the step that deployed to the last look."""
    at = {(step["leg"], step["step_index"]): step["started_at"] for step in run.steps}
    told = [at[row["leg"], row["step_index"]] for row in run.annotations if row["title"] == "production"]
    return float((told[-1] - told[0]).total_seconds())


CHECKS = (
    Check(
        "stopped",
        "a run in which a test fails and nothing is deployed",
        stopped,
        {
            "no-run": ("Run the pipeline as it is, and look at what happened.",),
            "never-tried": (
                "What has to be known before the customers get a release? In which order do the steps stand?",
                "The tests must come before `production.py deploy`, and a failure must keep it from happening. In a job a step "
                "runs only "
                "where all before it went well; a job runs only where all that it `needs` went well.",
                "Make two jobs of it: `test` with checkout and `run_tests.py tests`; `deploy` with `needs: test`, checkout, "
                "`production.py deploy` and `production.py look`.",
            ),
            "deployed-anyway": (
                "The test fails, and nothing waits for it. What does the deployment need?",
                "Two jobs without `needs` run side by side. Give the one that deploys `needs: test` (the id of the job with the "
                "tests).",
            ),
            "no-tests": (
                "Nothing is deployed, which is safe and no use. Where did the tests go?",
                "A step with `python3 run_tests.py tests` must stand in the pipeline; it writes what came of each test where the "
                "run keeps it.",
            ),
            "no-deployment": (
                "A pipeline that never deploys is safe and no use. Where did the deployment go?",
                "`python3 production.py deploy` must stand where it runs as soon as the tests have passed, and only then: in a job "
                "with `needs: test`, or as a step after theirs.",
            ),
            "no-mistake": (
                "Friday's mistake is gone already. To see the pipeline stop one, there must be one.",
                "Put Friday's `shop.py` back (`git checkout shop.py` in the lesson's folder), and run again.",
            ),
        },
    ),
    Check(
        "shipped",
        "a run in which the tests pass first, the release is deployed, and every customer can order",
        shipped,
        {
            "no-run": ("Run the pipeline.",),
            "tests-fail": (
                "The test says what is wrong. Read its message, and then `shop.py`.",
                "What is `discount` for someone who buys one piece?",
                "Under five pieces nothing sets `discount`. `discount = whole // 10 if pieces >= 5 else 0` does.",
            ),
            "not-deployed": (
                "The tests are green. What keeps the deployment from running?",
                "Some job needs a step with `python3 production.py deploy`, and after it `python3 production.py look`.",
            ),
            "tests-gone": (
                "Quieter is not better. Which of the three tests of `tests/test_shop.py` did not run, and why?",
                "Put the tests back (`git checkout tests` in the lesson's folder), and mend `shop.py` instead.",
            ),
            "too-late": (
                "Compare when the tests ended with when the deployment began.",
                "Give the job that deploys `needs: test`, or put the step with the tests before the one that deploys.",
            ),
            "sells-not": (
                "The tests passed, and production says no. What is different there?",
                "Was `PAY_1` set to `off` in this run? Run it without, then it is the next check's turn.",
            ),
        },
    ),
    Check(
        "way-back",
        "a run in which a release fails in production, and the pipeline brings back the one before",
        way_back,
        {
            "no-outage": (
                'Let production be different from what the tests know: run with `env={"PAY_1": "off"}`.',
                'Mend `shop.py` first, so that the tests pass; then `pk.start("ci.yml", env={"PAY_1": "off"}, **lesson.here)`.',
            ),
            "took-good-back": (
                "When should the step that goes back run, and when should it not?",
                "`if: failure()` runs a step only where one before it has failed; `if: always()` runs it on good days, too.",
            ),
            "elsewhere": (
                "Production is the folder `production` in the place of the job that deploys, and every job has a place of its own.",
                "Let the steps that go back and look again stand in the job that has deployed, after its look.",
            ),
            "left-broken": (
                "Somebody has to do something now. Could the pipeline, before anybody has read the message?",
                "`python3 production.py back` brings the release before. It is to run only where something before it failed: "
                "every step "
                "can have an `if`.",
                "After the step that looks at the shop: a step with `if: failure()` and `run: python3 production.py back`, and "
                "another one "
                "with `if: failure()` and `run: python3 production.py look`.",
            ),
            "not-looked": (
                "A rollback is a deployment, too. How do you know that it worked?",
                "One more step with `if: failure()`: `python3 production.py look`.",
            ),
        },
        extra=True,
    ),
)
