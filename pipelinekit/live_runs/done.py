"""What a verb did, as it stands below the cell that said it: of a step its command, what it added and how it ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

from pipelinekit.model.event import (
    Event,
    LegFinished,
    LegStarted,
    RunFinished,
    RunPaused,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.run_state import RunState
from pipelinekit.model.shown import Bundle
from pipelinekit.views.ansi import plain
from pipelinekit.views.markup import tag
from pipelinekit.views.words import duration, plural

ONE = frozenset({"step", "skip"})  # verbs that take one step
MOST_LINES = 40
MOST_TAIL = 5  # lines of a step that failed


class RunFailed(Exception):
    """The run ended, and not well."""

    def _render_traceback_(self) -> list[str]:
        """In a cell the sentence says it all: the way through our code tells nobody anything."""
        return [f"RunFailed: {self}"]


@dataclass(frozen=True, slots=True)
class Done(Sequence[Event]):
    """The events of a verb, in order; of one that takes many steps without the lines of the log.

    state: of the run after it. ahead: the step that is next, in words, where the run stands.
    """

    verb: str
    number: int
    events: tuple[Event, ...]
    state: RunState
    ahead: str = ""

    @property
    def outcome(self) -> Outcome | None:
        """Of the run; None until it has ended."""
        return self.state.outcome

    @property
    def lines(self) -> tuple[str, ...]:
        """What happened, in words, and what is next; of a verb that takes many steps the legs, and the steps that failed."""
        told = tuple(_told(self.events, self.number, self.state, each=self.verb in ONE)) or (self._quietly(),)
        return (*told, f"next: {self.ahead}") if self.ahead else told

    def __len__(self) -> int:
        return len(self.events)

    @overload
    def __getitem__(self, at: int) -> Event: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Event]: ...
    def __getitem__(self, at: int | slice) -> Event | Sequence[Event]:
        return self.events[at]

    def __repr__(self) -> str:
        return f"<{self.verb} of run {self.number}: {len(self.events)} events, {self.state.state}>"

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        lines = self.lines
        if (left_out := len(lines) - MOST_LINES) > 0:
            lines = (*lines[: MOST_LINES // 2], f"... {left_out} lines more ...", *lines[-MOST_LINES // 2 :])
        text = "\n".join(lines)
        return {"text/plain": text, "text/html": tag("pre", text, style="font-size:12px;line-height:1.5;margin:4px 0")}

    def _quietly(self) -> str:
        """What is to be said where no line is."""
        went = sum(isinstance(event, StepFinished) for event in self.events)
        return f"run {self.number}: " + (f"{plural(went, 'step')} went well" if went else "nothing is left to do")


class ShellResult(NamedTuple):
    """What a command said in a step's place."""

    exit_code: int
    lines: list[str]

    def __repr__(self) -> str:
        return "\n".join([*self.lines, *([f"exit code {self.exit_code}"] if self.exit_code else [])])


def _told(events: Sequence[Event], number: int, state: RunState, *, each: bool) -> Iterator[str]:
    started: dict[tuple[str, int], StepStarted] = {}
    for event in events:
        match event:
            case LegStarted() if each:
                yield f"{event.leg} · {event.image or 'this machine'}" + (" · remembered" if event.remembered else "")
            case StepStarted():
                started[event.leg, event.step] = event
            case StepFinished() if (begun := started.get((event.leg, event.step))) is not None:
                if each or event.outcome is not Outcome.SUCCESS:
                    yield from _step(begun, event)
                if event.outcome is Outcome.FAILURE:
                    yield from (f"  | {line}" for line in _last_lines(state, event))
            case StepSkipped() if each:
                yield f"{event.leg} · {event.name}: skipped"
                yield from (f"  {line}" for line in event.condition.splitlines())
            case LegFinished():
                yield f"{event.leg}: {event.outcome}" + (f", {event.reason}" if event.reason else "")
            case RunFinished():
                yield f"run {number}: {event.outcome}" + (f", {event.reason}" if event.reason else "")
            case RunPaused():
                yield f"run {number}: paused, {event.reason}"
            case _:
                pass


def _step(begun: StepStarted, ended: StepFinished) -> Iterator[str]:
    code = f", exit code {ended.exit_code}" if ended.exit_code else ""
    why = f": {ended.reason}" if ended.reason else ""
    yield f"{begun.leg} · {begun.name}: {ended.outcome} in {duration(ended.at - begun.at)}{code}{why}"
    yield from (f"  $ {line}" for line in begun.command.rstrip("\n").split("\n") if begun.command)
    yield from (f"  env {key}={value}" for key, value in begun.environment.items())
    yield from (f"  set {key}={value}" for key, value in ended.environment.items())
    yield from (f"  output {key}={value}" for key, value in ended.outputs.items())


def _last_lines(state: RunState, ended: StepFinished) -> Sequence[str]:
    """What the step printed last, without colours."""
    steps = (step for leg in state.legs if leg.leg == ended.leg for step in leg.steps if step.index == ended.step)
    step = next(steps, None)
    return [plain(line) for line in step.tail if line.strip()][-MOST_TAIL:] if step else ()
