"""How a run looks in a terminal while it goes: live where someone watches, plain lines in a pipe, a table at the end."""

import re
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from pipelinekit.model.event import (
    Annotated,
    Event,
    LegFinished,
    LegStarted,
    LinesLogged,
    Noted,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.run_state import LegState, RunState, fold
from pipelinekit.views.words import duration

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {
    State.QUEUED: "·", State.RUNNING: "▸", State.PAUSED: "‖", State.WAITING: "·", State.SUCCESS: "✓", State.FAILURE: "✗",
    State.CANCELLED: "■", State.SKIPPED: "–",
}
_COLOURS = {
    State.RUNNING: "yellow", State.SUCCESS: "green", State.FAILURE: "red", State.PAUSED: "blue", State.CANCELLED: "bright_black",
    State.SKIPPED: "bright_black", State.QUEUED: "bright_black", State.WAITING: "bright_black",
}
DECIDING_LINES = 5
# pytest's `E` lines and its summary, `error:` of compilers and linters, `XxxError:` of interpreters, `fatal:` of git.
_DECIDING = re.compile(r"^E  |^(FAILED|ERROR)\b|\b[Ee]rror:|\w(Error|Exception)\b|^fatal:")
_UPDATES_A_SECOND = 8


def watch(events: Iterable[Event], out: TextIO) -> RunState:
    """Show the events as they come; the state they lead to. A terminal gets a live picture, anything else plain lines."""
    return _live(events, out) if out.isatty() else _plain(events, out)


def _plain(events: Iterable[Event], out: TextIO) -> RunState:
    state = RunState()
    for event in events:
        state = fold(state, event)
        for line in plain_lines(event, state):
            out.write(f"{line}\n")
        out.flush()
    return state


def plain_lines(event: Event, state: RunState) -> Iterator[str]:
    """What an event says in a pipe: each line with its leg."""
    match event:
        case Noted():
            yield f"{event.leg or 'note'} | {event.message}" if event.leg else f"note: {event.message}"
        case LegStarted(remembered=str(run_id)) if run_id:
            yield f"{event.leg} | is remembered: this is what came of it then"
        case LegStarted():
            yield f"{event.leg} | starts on {event.image or 'this machine'}"
        case StepStarted():
            yield f"{event.leg} | {_indent(event, state)}{_MARKS[State.RUNNING]} {event.name}"
        case StepSkipped():
            why = "skipped" if event.condition.startswith("Evaluating") else event.condition
            yield f"{event.leg} | {_indent(event, state)}{_MARKS[State.SKIPPED]} {event.name}: {why}"
        case LinesLogged():
            begin = f"{event.leg} | {_indent(event, state)}  "
            for _, text in event.lines:
                yield f"{begin}{text}"
        case StepFinished() if event.outcome is not Outcome.SUCCESS:
            said = f"{event.outcome}{f': {event.reason}' if event.reason else ''}"
            yield f"{event.leg} | {_indent(event, state)}{_MARKS[State(event.outcome)]} {said}"
        case LegFinished(remembered=str(run_id)) if run_id:
            saved = f" ({duration(event.saved_seconds)} saved)" if event.saved_seconds is not None else ""
            yield f"{event.leg} | {_MARKS[State(event.outcome)]} {event.outcome}, remembered: {event.reason}{saved}"
        case LegFinished():
            leg = state.leg(event.leg)
            took = f" in {_took(leg)}" if leg.started_at else ""
            reason = f": {event.reason}" if event.reason and event.outcome is not Outcome.SUCCESS else ""
            yield f"{event.leg} | {_MARKS[State(event.outcome)]} {event.outcome}{took}{reason}"
        case _:
            pass


def _indent(event: StepStarted | StepSkipped | StepFinished | LinesLogged, state: RunState) -> str:
    """Two blanks for each step that the event's one is part of."""
    leg = state.leg(event.leg)
    step = next((step for step in reversed(leg.steps) if step.index == event.step), None)
    return "  " * len(leg.around(step)) if step is not None else ""


def _live(events: Iterable[Event], out: TextIO) -> RunState:
    from rich.console import Console  # rich is imported only where someone watches
    from rich.live import Live

    state, drawn = RunState(), 0.0
    console = Console(file=out)
    with Live(console=console, auto_refresh=False, transient=True) as screen:
        for event in events:
            state = fold(state, event)
            if isinstance(event, Noted):
                console.print(f"{event.leg or 'note'}: {event.message}", style="bright_black", markup=False, highlight=False)
            now = time.monotonic()
            if now - drawn >= 1 / _UPDATES_A_SECOND:
                drawn = now
                screen.update(_picture(state, console.width), refresh=True)
    return state


def _picture(state: RunState, width: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 1), expand=False)
    for leg in state.legs:
        step = next((s for s in reversed(leg.steps) if s.state is State.RUNNING), None)
        since = time.time() - leg.started_at if leg.started_at and not leg.finished_at else None
        took = duration(since) if since is not None else _took(leg)
        what = step.name if step else leg.state.value
        line = leg.last_line.strip() if leg.state is State.RUNNING else leg.reason
        table.add_row(
            Text(_MARKS[leg.state], style=_COLOURS[leg.state]), Text(leg.leg, style="bold"), Text(took),
            Text(what[:32]), Text(line[: max(10, width - 70)], style="bright_black", no_wrap=True),
        )
    return table


def summary(state: RunState, out: TextIO, number: int) -> None:
    """The table of the legs, and for what failed its step, its deciding lines and where to look further."""
    widest = max((len(leg.leg) for leg in state.legs), default=0)
    out.write("\n")
    for leg in state.legs:
        reason = leg.reason.split("\n")[0] if leg.state is not State.SUCCESS or leg.remembered else ""
        reason = f"remembered: {reason}" if leg.remembered else reason
        out.write(f"  {_MARKS[leg.state]} {leg.leg:<{widest}}  {leg.state.value:<9}  {_took(leg):>8}  {reason}".rstrip() + "\n")
    for leg in state.legs:
        if leg.state is State.FAILURE:
            out.write("".join(f"{line}\n" for line in why(leg)))
    took = duration(state.finished_at - state.started.at) if state.finished_at and state.started else ""
    out.write(f"\nrun {number}: {state.state.value}{f' in {took}' if took else ''}\n")
    if state.state is not State.SUCCESS:
        out.write(f"  look further: pipelinekit show {number}\n")
    if any(leg.kept for leg in state.legs):
        out.write(f"  go on: pipelinekit resume {number}\n")


def why(leg: LegState) -> Iterator[str]:
    """What failed in a leg: the step, the errors it told, the last lines it printed."""
    step = leg.failed_step
    yield ""
    where = "".join(f' of "{one.name}"' for one in reversed(leg.around(step))) if step else ""
    at = f' at step "{step.name}"{where}' if step else ""
    yield f"  {leg.leg} failed{at}{f': {leg.reason}' if leg.reason else ''}"
    if step and step.reason:
        yield f"    {step.reason}"
    told = [f"{_place(a)}{a.message}" for a in leg.annotations if a.severity == "error" and step and a.step == step.index]
    for line in [*told[:DECIDING_LINES], *deciding(step.tail if step else ())]:
        if not step or line != step.reason:
            yield f"    {line}"
    if leg.failed_tests:
        yield f"    failed tests: {', '.join(leg.failed_tests[:DECIDING_LINES])}"


def deciding(tail: Iterable[str]) -> list[str]:
    """The lines among the last ones that say what went wrong; where none does, the last ones."""
    lines = [line for line in tail if line.strip()]
    return [line for line in lines if _DECIDING.search(line)][-DECIDING_LINES:] or lines[-DECIDING_LINES:]


def _place(annotation: Annotated) -> str:
    return f"{annotation.file}:{annotation.line}: " if annotation.file and annotation.line else ""


def _took(leg: LegState) -> str:
    return duration(leg.finished_at - leg.started_at) if leg.started_at and leg.finished_at else "–"
