"""Events folded into what a person sees."""

from dataclasses import replace

from pipelinekit.model.event import (
    Annotated,
    Event,
    LegFinished,
    LegQueued,
    LegReady,
    LegStarted,
    LinesLogged,
    Measured,
    Noted,
    RunFinished,
    RunStarted,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from pipelinekit.model.measure import TestExecution, TestOutcome
from pipelinekit.model.outcome import Outcome, State, overall, worst
from pipelinekit.model.problem import Severity
from pipelinekit.model.run_state import TAIL_LINES, RunState, fold

STARTED = RunStarted(
    0.0, "id", 1, 7, "pipelinekit", "o/r", "CI", "ci.yml", "push", "main", "c" * 40, "Subject", "t" * 40, False, "me", "docker", "host"
)


def folded(*events: Event) -> RunState:
    state = RunState()
    for event in events:
        state = fold(state, event)
    return state


def begun(*events: Event) -> RunState:
    return folded(STARTED, LegQueued(1.0, "t", "t"), LegReady(2.0, "t"), LegStarted(3.0, "t", "ubuntu-latest", "i:1"), *events)


def test_a_run_is_queued_running_and_then_what_it_came_to() -> None:
    assert RunState().state is State.QUEUED
    assert folded(STARTED).state is State.RUNNING
    ended = folded(STARTED, RunFinished(9.0, Outcome.FAILURE, "t failed"))
    assert (ended.outcome, ended.finished_at, ended.reason) == (Outcome.FAILURE, 9.0, "t failed")
    assert folded(STARTED).outcome is None


def test_times_of_a_leg_tell_waiting_from_running() -> None:
    leg = begun(LegFinished(8.0, "t", Outcome.SUCCESS)).leg("t")
    assert (leg.queued_at, leg.ready_at, leg.started_at, leg.finished_at) == (1.0, 2.0, 3.0, 8.0)
    assert (leg.state, leg.image) == (State.SUCCESS, "i:1")


def test_failed_step_is_the_first_one_that_failed_and_was_not_forgiven() -> None:
    def step(index: int, outcome: Outcome, conclusion: Outcome) -> tuple[Event, Event]:
        return (
            StepStarted(4.0, "t", index, f"s{index}", f"Step {index}"),
            StepFinished(5.0, "t", index, outcome, conclusion, 1),
        )

    forgiven, failed = step(1, Outcome.FAILURE, Outcome.SUCCESS), step(2, Outcome.FAILURE, Outcome.FAILURE)
    found = begun(*forgiven, *failed).leg("t").failed_step
    assert found is not None
    assert (found.index, found.exit_code) == (2, 1)
    assert begun(*forgiven).leg("t").failed_step is None


def nested(*, deep: Outcome, forgiven: bool = False) -> tuple[Event, ...]:
    """Step 1 uses an action, whose step 3 uses another one, whose step 4 ends so; 5 is left to do by step 4."""
    outer = Outcome.SUCCESS if forgiven else deep
    return (
        StepStarted(4.0, "t", 1, "__a", "outer", "acme/a"), StepStarted(4.1, "t", 3, "__b", "inner", "acme/b", 1),
        StepStarted(4.2, "t", 4, "__cache", "deep", "actions/cache@v4", 3), StepFinished(4.3, "t", 4, deep, deep),
        StepFinished(4.4, "t", 3, deep, outer), StepFinished(4.5, "t", 1, outer, outer),
        StepStarted(4.6, "t", 2, "__run", "next"), StepFinished(4.7, "t", 2, Outcome.SUCCESS, Outcome.SUCCESS),
        StepStarted(4.8, "t", 5, "__cache", "Post deep", "actions/cache@v4", 4),
    )


def test_steps_know_those_that_they_are_part_of() -> None:
    leg = begun(*nested(deep=Outcome.SUCCESS)).leg("t")
    around = {step.name: [one.name for one in leg.around(step)] for step in leg.steps}
    assert around == {"outer": [], "inner": ["outer"], "deep": ["outer", "inner"], "next": [], "Post deep": []}


def test_what_is_left_to_do_is_part_of_no_step_where_no_times_are_known_either() -> None:
    leg = begun(StepStarted(4.0, "t", 1, "__cache", "cache", "actions/cache@v4")).leg("t")
    post = replace(leg.steps[0], index=2, name="Post cache", parent=1)
    assert leg.around(post) == ()
    skipped = replace(leg, steps=(replace(leg.steps[0], state=State.SKIPPED, uses="./ci/a", id="__self"),))
    assert skipped.around(post) == ()


def test_failed_step_is_the_innermost_one() -> None:
    found = begun(*nested(deep=Outcome.FAILURE)).leg("t").failed_step
    assert found is not None
    assert found.name == "deep"
    assert begun(*nested(deep=Outcome.FAILURE, forgiven=True)).leg("t").failed_step is None


def test_a_skipped_step_keeps_its_condition() -> None:
    step = begun(StepSkipped(4.0, "t", 1, "s", "Step", condition="Result: false")).leg("t").steps[0]
    assert (step.state, step.reason) == (State.SKIPPED, "Result: false")


def test_only_the_end_of_a_log_is_kept_and_all_lines_are_counted() -> None:
    lines = tuple((4.0, str(n)) for n in range(50))
    leg = begun(StepStarted(4.0, "t", 1, "s", "Step"), LinesLogged(5.0, "t", 1, 1, lines)).leg("t")
    assert leg.steps[0].tail == tuple(str(n) for n in range(50 - TAIL_LINES, 50))
    assert (leg.lines, leg.last_line) == (50, "49")


def test_a_test_that_failed_and_then_passed_is_not_a_failed_test() -> None:
    flaky = TestExecution("s", "c", "flaky", TestOutcome.FAILED)
    tests = (flaky, replace(flaky, execution=2, outcome=TestOutcome.PASSED), TestExecution("s", "c", "bad", TestOutcome.ERROR))
    leg = begun(Measured(5.0, "t", "junit.xml", tests)).leg("t")
    assert (leg.tests, leg.failed_tests) == (2, ("bad",))


def test_notes_and_annotations_are_kept_in_order() -> None:
    one, two = (Annotated(4.0, "t", 1, Severity.ERROR, text) for text in ("one", "two"))
    state = begun(one, Noted(4.5, "careful"), two)
    assert state.leg("t").annotations == (one, two)
    assert state.notes == ("careful",)


def test_folding_leaves_the_state_before_as_it_was() -> None:
    before = begun()
    fold(before, LegFinished(8.0, "t", Outcome.SUCCESS))
    assert before.leg("t").state is State.RUNNING


def test_a_step_once_cancelled_stays_so_but_a_run_failed_because_of_a_failure() -> None:
    assert worst(Outcome.FAILURE, Outcome.CANCELLED) is Outcome.CANCELLED
    assert overall(Outcome.FAILURE, Outcome.CANCELLED, Outcome.SUCCESS) is Outcome.FAILURE
    assert overall(Outcome.SUCCESS, Outcome.SKIPPED) is Outcome.SUCCESS
    assert overall(Outcome.SKIPPED) is Outcome.SKIPPED
    assert overall() is Outcome.SUCCESS
