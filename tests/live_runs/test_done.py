"""What stands below a cell that said a verb."""

from functools import reduce

import pytest

from pipelinekit.live_runs.done import Done
from pipelinekit.model.event import (
    Event,
    LegFinished,
    LegQueued,
    LegStarted,
    LinesLogged,
    RunFinished,
    RunPaused,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.run_state import RunState, fold

GOOD, BAD = Outcome.SUCCESS, Outcome.FAILURE
EVENTS: tuple[Event, ...] = (
    LegStarted(1.0, "test", "ubuntu-latest", image="python:3.12"),
    StepStarted(1.0, "test", 1, "one", "One", command="echo <one>\necho 1\n", environment={"SIZE": "small"}),
    StepFinished(3.5, "test", 1, GOOD, GOOD, 0, outputs={"n": "1"}, environment={"LEVEL": "2"}),
    StepStarted(4.0, "test", 2, "two", "Two", command="exit 1"),
    StepFinished(4.5, "test", 2, BAD, BAD, 1),
    StepSkipped(4.5, "test", 3, "three", "Three", condition="Evaluating: success()\nExpanded: false\nResult: false"),
    LegFinished(5.0, "test", BAD),
    RunFinished(5.0, BAD, "test failed"),
)


def done(verb: str, *events: Event) -> Done:
    return Done(verb, 7, events, RunState())


def test_a_step_is_told_with_all_that_it_did() -> None:
    assert done("step", *EVENTS[:3]).lines == (
        "test · python:3.12", "test · One: success in 2.5s", "  $ echo <one>", "  $ echo 1", "  env SIZE=small", "  set LEVEL=2",
        "  output n=1",
    )


def test_a_skip_is_told_with_its_condition() -> None:
    assert done("skip", EVENTS[5]).lines == (
        "test · Three: skipped", "  Evaluating: success()", "  Expanded: false", "  Result: false",
    )


def test_of_many_steps_those_that_went_well_are_left_out() -> None:
    assert done("finish", *EVENTS).lines == (
        "test · Two: failure in 0.5s, exit code 1", "  $ exit 1", "test: failure", "run 7: failure, test failed",
    )


@pytest.mark.parametrize(("event", "line"), [
    (RunPaused(1.0, "it was paused by hand"), "run 7: paused, it was paused by hand"),
    (LegFinished(1.0, "test", GOOD, "nothing changed", remembered="0192"), "test: success, nothing changed"),
], ids=["paused", "remembered"])
def test_how_it_ended_is_told(event: Event, line: str) -> None:
    assert done("finish", event).lines == (line,)


def test_its_html_is_the_same_text_and_no_markup_of_a_command() -> None:
    bundle = done("step", *EVENTS[:3])._repr_mimebundle_()
    assert "$ echo &lt;one&gt;" in bundle["text/html"]
    assert bundle["text/plain"].splitlines()[2] == "  $ echo <one>"


def test_nothing_left_to_do_is_said() -> None:
    assert done("step")._repr_mimebundle_()["text/plain"] == "run 7: nothing is left to do"


def test_steps_that_all_went_well_are_counted() -> None:
    assert done("until", *EVENTS[:3])._repr_mimebundle_()["text/plain"] == "run 7: 1\u00a0step went well"


def test_of_very_many_lines_the_middle_is_left_out() -> None:
    many = done("finish", *(LegFinished(1.0, f"leg {n}", GOOD) for n in range(100)))
    lines = many._repr_mimebundle_()["text/plain"].splitlines()
    assert (len(lines), lines[20], lines[-1]) == (41, "... 60 lines more ...", "leg 99: success")


def test_it_is_the_sequence_of_its_events() -> None:
    given = done("step", *EVENTS[:3])
    assert (len(given), given[0], list(given[1:])) == (3, EVENTS[0], list(EVENTS[1:3]))
    assert not done("step")
    assert repr(given) == "<step of run 7: 3 events, queued>"


def test_of_a_step_that_failed_its_last_lines_stand_there_without_colours() -> None:
    printed = LinesLogged(4.2, "test", 2, 1, tuple((4.2, text) for text in (*"01234567", "\x1b[31mred\x1b[0m", " ")))
    begun = (LegQueued(0.5, "test", "test", 0), *EVENTS[:4], printed, EVENTS[4])
    state = reduce(fold, begun, RunState())
    assert Done("until", 7, begun, state).lines[2:] == ("  | 4", "  | 5", "  | 6", "  | 7", "  | red")


def test_what_is_next_is_said_last() -> None:
    assert Done("until", 7, EVENTS[:3], RunState(), "Two of test").lines == ("run 7: 1\u00a0step went well", "next: Two of test")
