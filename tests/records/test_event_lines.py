"""Events as lines, and back."""

import json
import pickle
from typing import get_args

import pytest

from pipelinekit.model.event import Event, LegKept, LegQueued, LinesLogged, Measured, Noted, RunFinished, RunPaused, StepFinished
from pipelinekit.model.measure import FileCoverage, TestExecution, TestOutcome
from pipelinekit.model.outcome import Outcome
from pipelinekit.records.event_lines import LineUnreadable, decode, encode
from tests.made_store import HISTORY, run_events

STOPPED = [LegKept(1.0, "test", "abc", "Run pytest", 2.0, paused=True), RunPaused(1.5, "it was paused")]  # nothing stops in it
EVENTS = [*(event for number in range(1, len(HISTORY) + 1) for event in run_events(number)), *STOPPED]
EXAMPLES = {cls.__name__: [event for event in EVENTS if isinstance(event, cls)] for cls in get_args(Event)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_event_comes_back_as_it_was(name: str) -> None:
    assert EXAMPLES[name], "the made history has no example of it"
    for event in EXAMPLES[name]:
        assert decode(encode(event)) == event


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_event_can_be_sent_to_another_process(name: str) -> None:
    assert pickle.loads(pickle.dumps(EXAMPLES[name])) == EXAMPLES[name]  # noqa: S301


def test_values_come_back_in_their_own_types() -> None:
    test = TestExecution("s", "c", "t", TestOutcome.XFAILED, duration_seconds=0.5)
    measured = Measured(1.0, "leg", "report.xml", tests=(test,), coverage=(FileCoverage("a.py", 1, 2),))
    came = decode(encode(measured))
    assert isinstance(came, Measured)
    assert isinstance(came.tests, tuple)
    assert type(came.tests[0].outcome) is TestOutcome
    queued = decode(encode(LegQueued(1.0, "leg", "job", matrix={"deep": [1, {"a": None, "b": [True, 1.5]}]})))
    assert isinstance(queued, LegQueued)
    assert queued.matrix == {"deep": [1, {"a": None, "b": [True, 1.5]}]}


@pytest.mark.parametrize(
    "text",
    ["", "ä 헴 𒍺", "\x00\x1b[31m\x7f", "line\u2028separator\u0085", 'quote " \\ back', "a lone \udc80 surrogate", "\r\n"],
)
def test_any_text_stays_on_one_line_and_comes_back(text: str) -> None:
    line = encode(LinesLogged(1.0, "leg", 1, 1, ((1.0, text),)))
    assert line.count(b"\n") == 1
    came = decode(line)
    assert isinstance(came, LinesLogged)
    assert came.lines == ((1.0, text),)


def test_fields_of_a_newer_version_are_left_out_and_missing_ones_take_their_default() -> None:
    line = {"type": "StepFinished", "at": 1.0, "leg": "l", "step": 2, "outcome": "failure", "conclusion": "success", "mood": 1}
    assert decode(json.dumps(line).encode()) == StepFinished(1.0, "l", 2, Outcome.FAILURE, Outcome.SUCCESS)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\n", id="blank"),
        pytest.param(encode(Noted(1.0, "long enough"))[:-8], id="torn"),
        pytest.param(b'{"type": "Teleported", "at": 1.0}', id="a type of a newer version"),
        pytest.param(b'{"at": 1.0}', id="no type"),
        pytest.param(b'{"type": "Noted", "at": 1.0}', id="a field missing"),
        pytest.param(b'{"type": "RunFinished", "at": 1.0, "outcome": "splendid"}', id="an outcome that is none"),
        pytest.param(b"[1]", id="no object"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b'{"type": ["Noted"]}', id="a type that is no word"),
    ],
)
def test_a_line_that_is_no_event_is_said_to_be_unreadable(line: bytes) -> None:
    with pytest.raises(LineUnreadable):
        decode(line)


def test_an_event_names_its_type_first() -> None:
    assert encode(RunFinished(1.0, Outcome.SUCCESS)).startswith(b'{"type":"RunFinished","at":1.0,"outcome":"success"')
