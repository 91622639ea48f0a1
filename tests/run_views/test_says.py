"""What a live run says of itself."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.run_state import RunState
from pipelinekit.run_views import says as run_says
from pipelinekit.run_views.live_run import END, LiveRun
from tests.run_views import live_runs
from tests.run_views.live_runs import BEGIN, leg


def one(run: LiveRun) -> LiveRun:
    """With one leg under way, at its step."""
    legs = tuple(replace(each, state=State.SUCCESS) if each.state is State.RUNNING and each.leg != "test (3.12, postgres)" else each for each in run.state.legs)
    return replace(run, state=replace(run.state, legs=legs))


def ended(state: State, *legs: object, reason: str = "") -> LiveRun:
    run = live_runs.finished()
    return replace(run, attempt=1, flaky=frozenset(), state=RunState(run.state.started, state, legs, BEGIN + 64, reason))  # type: ignore[arg-type]


FAILED = leg("test", State.FAILURE, 2, 60, steps=live_runs.steps(State.FAILURE, BEGIN + 2, BEGIN + 60))


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (live_runs.fresh(), "not started: 6\u00a0jobs, 11\u00a0legs"),
        (replace(live_runs.fresh(), on_failure=True), "not started: 6\u00a0jobs, 11\u00a0legs; stops where a step fails"),
        (replace(live_runs.fresh(), doing="go"), "starting: 6\u00a0jobs, 11\u00a0legs"),
        (one(live_runs.running()), "Run pytest in test (3.12, postgres) · about 2m left"),
        (replace(live_runs.running(), usual={}), "5 of 11\u00a0legs done; 4 run, 2 wait"),
        (live_runs.paused(), "paused after Run pytest failed in test (3.12, postgres); its container is kept"),
        (replace(live_runs.running(), doing="", at=("lint", 1), steps={"lint": ("ruff check",)}), "paused before ruff check of lint"),
        (replace(live_runs.running(), doing="", at=("lint", 0)), "paused before lint"),
        (replace(live_runs.running(), doing="", at=("lint", END)), "paused before the end of lint"),
        (replace(live_runs.running(), doing="", at=("deploy-staging", 0)), "paused at the breakpoint before deploy-staging"),
        (ended(State.SUCCESS, leg("lint", State.SUCCESS, 0, 60)), "succeeded in 1m\u00a004s"),
        (ended(State.SUCCESS, leg("lint", State.SUCCESS, 0, 1, remembered="x")), "succeeded in 1m\u00a004s, 1\u00a0leg remembered"),
        (ended(State.FAILURE, FAILED, leg("deploy", State.SKIPPED)), "failed after 1m\u00a004s: Run pytest in test; deploy was skipped"),
        (ended(State.FAILURE, reason="the disk is full"), "failed after 1m\u00a004s: the disk is full"),
        (ended(State.CANCELLED, reason="it was cancelled by hand"), "cancelled after 1m\u00a004s: it was cancelled by hand"),
        (ended(State.SKIPPED), "nothing ran"),
        (replace(live_runs.paused(), state=replace(live_runs.paused().state, state=State.PAUSED, reason="by hand")), "paused: by hand"),
    ],
    ids=[
        "fresh", "stops on failure", "starting", "one leg", "many legs", "failed", "before a step", "before a leg", "before its end", "at a breakpoint", "succeeded",
        "remembered", "ended in failure", "failed without a leg", "cancelled", "skipped", "paused",
    ],
)  # fmt: skip
def test_the_head_says_what_runs_or_why_it_stopped(run: LiveRun, says: str) -> None:
    assert run_says.sentence(run) == f"run 27 · {says}"


def test_an_attempt_that_mended_it_says_so() -> None:
    says = run_says.sentence(live_runs.finished())
    assert says.startswith("run 27, attempt 2 · succeeded on attempt 2 in 4m\u00a046s, 6\u00a0legs remembered; test (3.12, postgres) had failed")


@pytest.mark.parametrize(
    ("make", "likely"),
    [(live_runs.fresh, "step"), (live_runs.running, ""), (live_runs.paused, "retry"), (live_runs.finished, "")],
    ids=["fresh", "running", "paused", "finished"],
)
def test_one_verb_stands_out(make: Callable[[], LiveRun], likely: str) -> None:
    assert run_says.likely(make()) == likely


def test_what_is_not_possible_does_not_stand_out() -> None:
    assert run_says.likely(replace(live_runs.paused(), can=("step",))) == ""


@pytest.mark.parametrize(
    ("run", "names"),
    [
        (live_runs.fresh(), {}),
        (live_runs.paused(), {"retry": "Retry step", "skip": "Skip step"}),
        (live_runs.finished(), {"retry": "Run again"}),
        (ended(State.FAILURE, FAILED), {"retry": "Re-run failed"}),
    ],
    ids=["fresh", "paused", "finished", "failed"],
)
def test_buttons_are_called_after_what_they_do_now(run: LiveRun, names: dict[str, str]) -> None:
    assert run_says.names(run) == names


@pytest.mark.parametrize(
    ("make", "focus", "tab"),
    [
        (live_runs.fresh, "lint", "log"),
        (live_runs.running, "test (3.12, sqlite)", "matrix"),
        (live_runs.paused, "test (3.12, postgres)", "log"),
        (live_runs.finished, "test (3.13, postgres)", "waterfall"),
        (live_runs.wide, "test (postgres 16, linux, 3.12)", "matrix"),
    ],
    ids=live_runs.ALL,
)
def test_it_looks_at_what_matters(make: Callable[[], LiveRun], focus: str, tab: str) -> None:
    assert (run_says.focus(make()), run_says.tab(make())) == (focus, tab)


def test_where_a_run_stands_is_looked_at_also_where_another_leg_has_failed() -> None:
    run = live_runs.paused()
    legs = tuple(replace(each, state=State.FAILURE) if each.leg == "lint" else each for each in run.state.legs)
    assert run_says.focus(replace(run, state=replace(run.state, legs=legs))) == "test (3.12, postgres)"


def test_a_command_in_the_place_of_a_step_is_said_and_can_be_stopped() -> None:
    run = replace(live_runs.paused(), doing="shell")
    assert run_says.sentence(run).endswith("paused; a command runs in test (3.12, postgres)")
    assert run_says.names(run) == {"cancel": "Stop command"}


def test_a_leg_that_stands_at_a_failure_is_one() -> None:
    run = live_runs.paused()
    assert run.word(run.state.leg("test (3.12, postgres)")) == "failure"
    assert run.state.leg("test (3.12, postgres)").failed_step is not None
    assert Outcome.FAILURE in {step.outcome for step in run.state.leg("test (3.12, postgres)").steps}
