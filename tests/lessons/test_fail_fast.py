import pytest

from pipelinekit.lessons.fail_fast import SUITES, first_failure, nothing_lost
from pipelinekit.lessons.seen import SeenRun
from tests.lessons.made import case, run, seen, step

TESTS = [case(suite) for suite in SUITES]


def fails_after(number: int, seconds: float) -> SeenRun:
    """The lint fails then, after the unit tests."""
    steps = [step("check", 1, 0, seconds - 0.5, name="Unit tests"), step("check", 2, seconds - 0.5, 0.5, "failure", "Lint")]
    return run(number, "failure", steps=steps)


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([run(1)], "no-run", id="never-failed"),
        pytest.param([fails_after(1, 6)], "first-run", id="as-it-comes"),
        pytest.param([fails_after(1, 6), fails_after(2, 4)], "late", id="a-little-earlier"),
        pytest.param([fails_after(1, 6), fails_after(2, 3)], "passed", id="half"),
        pytest.param([fails_after(1, 6), fails_after(2, 1), run(3)], "passed", id="mended-after-it"),
    ],
)
def test_the_failure_comes_in_half_the_time(runs: list[SeenRun], kind: str) -> None:
    assert first_failure(seen(*runs)).kind == kind


def test_it_tells_what_was_waited_for() -> None:
    said = first_failure(seen(fails_after(1, 6))).says
    assert said == 'In run 1 "Lint" failed after 6.0s; before it ran "Unit tests" for 5.5s.'


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([run(1, "failure", tests=[case("lint", "failed")])], "red", id="red"),
        pytest.param([run(1, tests=TESTS[:2])], "lost", id="a-suite-is-missing"),
        pytest.param([run(1, tests=TESTS)], "passed", id="whole"),
    ],
)
def test_all_three_checks_must_run_and_pass(runs: list[SeenRun], kind: str) -> None:
    assert nothing_lost(seen(*runs)).kind == kind
