import pytest

from pipelinekit.lessons.fail_fast import SUITES, first_failure, nothing_lost
from pipelinekit.lessons.seen import SeenRun
from tests.lessons.made import case, run, seen, step

TESTS = [case(suite) for suite in SUITES]
DUMMY, LEFT_OUT = case("tests_unit", name="test_nothing"), case("tests_unit", "skipped")


def fails_after(number: int, seconds: float) -> SeenRun:
    """The lint fails then, after the unit tests."""
    steps = [step("check", 1, 0, seconds - 0.5, name="Unit tests"), step("check", 2, seconds - 0.5, 0.5, "failure", "Lint")]
    return run(number, "failure", steps=steps, tests=[case("lint", "failed")])


def passed_over(number: int) -> SeenRun:
    """The lint fails at once, with `continue-on-error`."""
    lint = {**step("check", 1, 0, 0.1, "failure", "Lint"), "conclusion": "success"}
    return run(number, steps=[lint], tests=[case("lint", "failed")])


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([run(1)], "no-run", id="never-failed"),
        pytest.param([run(1, "failure", steps=[step("check", 1, 0, 1, "failure", "exit 1")])], "no-run", id="found-nothing"),
        pytest.param(
            [fails_after(1, 6), run(2, "failure", steps=[step("check", 1, 0, 0.1, "failure", "exit 1")])], "another-failure",
            id="made-to-fail",
        ),
        pytest.param([fails_after(1, 6), passed_over(2)], "first-run", id="passed-over"),
        pytest.param([fails_after(1, 6)], "first-run", id="as-it-comes"),
        pytest.param([fails_after(1, 6), fails_after(2, 4)], "late", id="a-little-earlier"),
        pytest.param([fails_after(1, 6), fails_after(2, 3)], "passed", id="half"),
        pytest.param([fails_after(1, 6), fails_after(2, 1), run(3)], "passed", id="mended-after-it"),
    ],
)  # fmt: skip
def test_the_failure_comes_in_half_the_time(runs: list[SeenRun], kind: str) -> None:
    assert first_failure(seen(*runs)).kind == kind


def test_a_busy_machine_is_not_blamed_on_the_order() -> None:
    lint = step("check", 1, 4.9, 0.1, "failure", "Lint")
    busy = run(2, "failure", steps=[lint], tests=[case("lint", "failed")])
    found = first_failure(seen(fails_after(1, 6), busy))
    assert (found.passed, "after 0.1s of work" in found.says) == (True, True)


def test_it_tells_what_was_waited_for() -> None:
    said = first_failure(seen(fails_after(1, 6))).says
    assert said == 'In run 1 "Lint" failed after 6.0s; before it ran "Unit tests" for 5.5s.'


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([run(1, "failure", tests=[case("lint", "failed")])], "red", id="red"),
        pytest.param([run(1, tests=TESTS[:2])], "lost", id="a-suite-is-missing"),
        pytest.param(
            [run(1, tests=TESTS), run(2, tests=[*TESTS[:2], case("tests_unit", name="test_nothing")])], "passed", id="once"
        ),
        pytest.param([run(1, "failure", tests=TESTS), run(2, tests=[*TESTS[:2], DUMMY])], "lost", id="a-test-was-taken-out"),
        pytest.param(
            [run(1, "failure", tests=TESTS), run(2, tests=[*TESTS[:2], LEFT_OUT, DUMMY])], "lost", id="a-test-was-skipped"
        ),
        pytest.param([run(1, tests=[case("lint", "failed"), *TESTS[1:]])], "silenced", id="passed-over"),
        pytest.param([run(1, tests=TESTS)], "passed", id="whole"),
    ],
)
def test_all_three_checks_must_run_and_pass(runs: list[SeenRun], kind: str) -> None:
    assert nothing_lost(seen(*runs)).kind == kind
