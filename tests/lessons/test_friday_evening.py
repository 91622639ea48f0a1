import pytest

from pipelinekit.lessons.friday_evening import TESTS, shipped, stopped, way_back
from pipelinekit.lessons.seen import SeenRun
from tests.lessons.made import case, job, run, seen, step, told

SELLS, FAILS = "20 of 20 orders went through", "6 of 20 orders went through"


def release(
    *messages: str,
    tests: str = "",
    test_leg: str = "test",
    tested_until: float = 1.0,
    outcome: str = "success",
    asked: frozenset[str] = TESTS,
    skipped: bool = True,
) -> SeenRun:
    """A run whose `deploy` began after 2 s and told so much of production, one message a step. tests: how the first of those that
    are asked ended, '' for none. skipped: whether a deployment that told nothing was skipped; else there was none.
    """
    steps = [step("deploy", at, 2.0 + at, 0.5) for at in range(1, len(messages) + 1)]
    deploy = job("deploy", 2, 8) if messages else job("deploy", None, 8, "skipped")
    jobs = [deploy] * (bool(messages) or skipped) + ([job("test", 0, tested_until)] if tests and test_leg == "test" else [])
    annotations = [told("production", text, index=at) for at, text in enumerate(messages, 1)]
    ended = [tests, "passed", "passed"] if tests else []
    cases = [case("tests", outcome, test_leg, name) for outcome, name in zip(ended, sorted(asked), strict=False)]
    return run(1, outcome, jobs=jobs, steps=steps, tests=cases, annotations=annotations)


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([release("deployed friday", f"friday: {FAILS}")], "never-tried", id="deployed-untested"),
        pytest.param([release("deployed friday", tests="failed")], "deployed-anyway", id="deployed-although-it-failed"),
        pytest.param([release()], "no-tests", id="nothing-at-all"),
        pytest.param([release("deployed friday", tests="passed")], "no-mistake", id="green"),
        pytest.param([release(tests="failed", skipped=False)], "no-deployment", id="nothing-to-stop"),
        pytest.param([release(tests="failed")], "passed", id="stopped"),
        pytest.param([release(tests="error"), release("deployed friday", tests="passed")], "passed", id="stopped-earlier"),
    ],
)
def test_a_failing_test_must_keep_the_release_away(runs: list[SeenRun], kind: str) -> None:
    assert stopped(seen(*runs)).kind == kind


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([release(tests="failed")], "tests-fail", id="red"),
        pytest.param([release(tests="passed")], "not-deployed", id="not-deployed"),
        pytest.param([release("deployed friday", f"friday: {SELLS}")], "too-late", id="untested"),
        pytest.param([release("deployed friday", f"friday: {SELLS}", tests="passed", tested_until=4)], "too-late", id="side-by-side"),
        pytest.param([release("deployed friday", f"friday: {FAILS}", tests="passed")], "sells-not", id="sells-not"),
        pytest.param(
            [release("deployed friday", f"friday: {SELLS}", tests="passed", asked=TESTS - {"test_one_piece"})], "tests-gone",
            id="a-test-was-taken-out",
        ),
        pytest.param(
            [release("deployed friday", f"friday: {FAILS}", "went back to thursday", f"thursday: {SELLS}", tests="passed")],
            "sells-not", id="taken-back",
        ),
        pytest.param([release("deployed friday", f"friday: {SELLS}", tests="passed")], "passed", id="shipped"),
        pytest.param([release("deployed friday", f"friday: {SELLS}", tests="passed", test_leg="deploy")], "passed", id="one-job"),
    ],
)  # fmt: skip
def test_the_good_release_goes_out_after_its_tests(runs: list[SeenRun], kind: str) -> None:
    assert shipped(seen(*runs)).kind == kind


def test_in_one_job_a_step_with_the_tests_after_the_deployment_is_too_late() -> None:
    late = release("deployed friday", f"friday: {SELLS}", tests="passed", test_leg="deploy")
    steps = [*late.steps, step("deploy", 9, 7, 1, name="Run the tests")]
    found = shipped(seen(run(1, jobs=list(late.jobs), steps=steps, tests=list(late.tests), annotations=list(late.annotations))))
    assert found.kind == "too-late"


@pytest.mark.parametrize(
    ("messages", "tests", "kind"),
    [
        pytest.param(("deployed friday", f"friday: {SELLS}"), "passed", "no-outage", id="all-is-well"),
        pytest.param(("deployed friday", f"friday: {FAILS}"), "", "no-outage", id="never-tested"),
        pytest.param(("deployed friday", f"friday: {FAILS}"), "passed", "left-broken", id="left-broken"),
        pytest.param(("deployed friday", f"friday: {FAILS}", "went back to thursday"), "passed", "not-looked", id="not-looked"),
        pytest.param(
            ("deployed friday", f"friday: {FAILS}", "went back to thursday", f"thursday: {SELLS}"), "passed", "passed", id="back",
        ),
    ],
)  # fmt: skip
def test_a_release_that_fails_in_production_is_taken_back(messages: tuple[str, ...], tests: str, kind: str) -> None:
    assert way_back(seen(release(*messages, tests=tests))).kind == kind


def test_a_job_of_its_own_looks_at_a_shop_of_its_own() -> None:
    other = release("deployed friday", f"friday: {FAILS}", f"thursday: {SELLS}", tests="passed")
    assert way_back(seen(other)).kind == "elsewhere"


def test_a_good_release_is_not_taken_back() -> None:
    always = release("deployed friday", f"friday: {SELLS}", "went back to thursday", f"thursday: {SELLS}", tests="passed")
    assert way_back(seen(release("deployed friday", f"friday: {FAILS}", tests="passed"), always)).kind == "took-good-back"


def test_it_says_how_long_the_shop_was_broken() -> None:
    messages = ("deployed friday", f"friday: {FAILS}", "went back to thursday", f"thursday: {SELLS}")
    assert "a broken shop for 3.0s" in way_back(seen(release(*messages, tests="passed"))).says
