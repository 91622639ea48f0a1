"""How what was remembered looks in a pipe, and in the table at the end."""

import io

from pipelinekit.console.runs import plain_lines, summary
from pipelinekit.model.event import Event, LegFinished, LegQueued, LegStarted, RunFinished
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
