"""How a run looks in a pipe, and in the table at the end: what was remembered, steps that are part of others."""

import io

from pipelinekit.console.runs import plain_lines, summary
from pipelinekit.model.event import (
    Event,
    LegFinished,
    LegQueued,
    LegStarted,
    LinesLogged,
    RunFinished,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.run_state import RunState, fold

WHY = "nothing that it reads has changed"


def folded(*events: Event) -> tuple[RunState, list[str]]:
    state = RunState()
    lines: list[str] = []
    for event in events:
        state = fold(state, event)
        lines += plain_lines(event, state)
    return state, lines


def test_a_remembered_leg_says_so_with_its_reason_and_what_it_saved() -> None:
    state, lines = folded(
        LegQueued(1.0, "test", "test"), LegStarted(1.0, "test", "x", remembered="before"),
        LegFinished(1.0, "test", Outcome.SUCCESS, WHY, remembered="before", saved_seconds=12.0), RunFinished(1.0, Outcome.SUCCESS),
    )
    assert lines == [
        "test | is remembered: this is what came of it then",
        f"test | ✓ success, remembered: {WHY} (12s saved)",
    ]
    out = io.StringIO()
    summary(state, out, 2)
    assert f"✓ test  success        0.0s  remembered: {WHY}" in out.getvalue()


def test_steps_inside_another_one_stand_further_in_and_are_named_with_it() -> None:
    bad = Outcome.FAILURE
    state, lines = folded(
        LegQueued(1.0, "t", "t"), LegStarted(1.0, "t", "x"),
        StepStarted(2.0, "t", 1, "a", "outer", "./a"),
        StepStarted(2.1, "t", 2, "b", "inner", "", 1), LinesLogged(2.2, "t", 2, 1, ((2.2, "hi"),)), StepFinished(2.3, "t", 2, bad, bad, 3),
        StepSkipped(2.4, "t", 3, "c", "other", "", 1, "Evaluating: success()\nResult: false"),
        StepFinished(2.5, "t", 1, bad, bad), LegFinished(3.0, "t", bad), RunFinished(3.0, bad),
    )  # fmt: skip
    assert lines[1:-1] == ["t | ▸ outer", "t |   ▸ inner", "t |     hi", "t |   ✗ failure", "t |   – other: skipped", "t | ✗ failure"]
    out = io.StringIO()
    summary(state, out, 2)
    assert '  t failed at step "inner" of "outer"\n' in out.getvalue()
