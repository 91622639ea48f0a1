"""The log on the page of a run: legs at the left, failed first, their steps as folds at the right, the whole as plain files."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelinekit.model.outcome import Outcome, State
from pipelinekit.run_views import parts as run_parts
from pipelinekit.views import ansi, log
from pipelinekit.views.icons import drawing, icon
from pipelinekit.views.markup import Html, tag
from pipelinekit.views.words import duration

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pipelinekit.model.run_state import LegState, RunState, StepState
    from pipelinekit.report.evidence import Row


@dataclass(slots=True)
class StepLines:
    """The last lines of a step, as many as a page may show, and how many came before them."""

    lines: deque[log.Line] = field(default_factory=lambda: deque(maxlen=log.DOM_LINES))
    earlier: int = 0

    def add(self, line: log.Line) -> None:
        self.earlier += len(self.lines) == self.lines.maxlen
        self.lines.append(line)


@dataclass(slots=True)
class LegLog:
    """steps: by index. text: the whole log, plain."""

    steps: dict[int, StepLines]
    text: str
    lines: int


def read(leg: LegState, rows: Iterable[Row]) -> LegLog:
    """rows: of table `logs`, of this leg, in their order."""
    names = {step.index: " > ".join(one.name for one in (*leg.around(step), step)) for step in leg.steps}
    steps: dict[int, StepLines] = {}
    text: list[str] = []
    start, lines, current = leg.started_at or 0.0, 0, None
    for row in rows:
        index = row["step_index"] or 0
        if index != current:
            text.append(f"== {names.get(index) or 'Set up job'}\n")
            current = index
        seconds = max(0.0, row["at"].timestamp() - start) if row["at"] else None
        runner = row["stream"] == "runner"
        line = log.Line(row["number"], row["text"] or "", seconds, row["group"] or "", runner)
        steps.setdefault(index, StepLines()).add(line)
        clock = "" if seconds is None else f"+{seconds:.1f}s"
        text.append(f"{clock:>9} {ansi.plain(line.text)}\n")
        lines += 1
    return LegLog(steps, "".join(text), lines)


def section(
    state: RunState, logs: Mapping[str, LegLog], files: Mapping[str, str], deciding: Mapping[str, Collection[int]],
    remembered: Collection[str],
) -> Html:  # fmt: skip
    """logs, files, deciding: by leg: its lines, where its whole log is, numbers of the lines that decided."""
    legs = run_parts.failed_first(state.legs, remembered)
    shares = log.kept([_shown(logs.get(leg.leg)) for leg in legs], log.DOM_LINES)
    boxes = (
        _leg(leg, state, logs.get(leg.leg), files.get(leg.leg, ""), deciding.get(leg.leg, ()), most)
        for leg, most in zip(legs, shares, strict=True)
    )
    box = tag("div", *boxes, class_="pk-log", id="log-box")
    chosen = tag("ol", *(_choice(leg, state, remembered, at == 0) for at, leg in enumerate(legs)), class_="pk-steps")
    return tag("div", chosen, box, class_="pk-runlog", id="log")


def _shown(found: LegLog | None) -> int:
    return sum(len(step.lines) for step in found.steps.values()) if found else 0


def _choice(leg: LegState, state: RunState, remembered: Collection[str], first: bool) -> Html:
    word = run_parts.word(leg, remembered)
    link = tag(
        "a", icon(word), tag("b", leg.leg), tag("span", run_parts.took(leg), class_="pk-num"),
        href=f"#{run_parts.leg_anchor(leg, state)}", class_="pk-plain", title=f"{leg.leg}: {word}",
        aria_current="true" if first else None,
    )  # fmt: skip
    return tag("li", link, class_=f"pk-{drawing(word)}")


def _leg(leg: LegState, state: RunState, found: LegLog | None, file: str, deciding: Collection[int], most: int) -> Html:
    anchor = run_parts.leg_anchor(leg, state)
    steps = run_parts.ordered_steps(leg)
    folds = [_fold(step, leg, found.steps.get(step.index) if found else None) for step in steps]
    says = None
    if not folds:
        why = leg.reason or ("it has not started yet" if not leg.state.finished else "nothing of it was recorded")
        says = tag("p", f"{leg.state.value}: {why}", class_="pk-says")
    title = tag("h3", leg.leg, " ", log.whole(file, found.lines) if file and found else None)
    return tag("section", title, says, log.folds(folds, anchor=anchor, deciding=deciding, most=most), class_="pk-leglog", id=anchor)


def _fold(step: StepState, leg: LegState, found: StepLines | None) -> log.Fold:
    seconds = None if step.started_at is None or step.finished_at is None else step.finished_at - step.started_at
    failed = leg.failed_step
    soft = step.outcome is Outcome.FAILURE and step.state is State.SUCCESS
    title = step.name + (" (failed, but may: continue-on-error)" if soft else "")
    says = ""
    if step.state is State.SKIPPED:
        says = f"skipped, because its condition is false:\n{step.reason}" if step.reason else "skipped"
    elif not (found and found.lines):
        whole = any(leg.around(other)[-1:] == (step,) for other in leg.steps)
        says = step.reason or ("What it is made of stands below." if whole else "It printed nothing.")
    return log.Fold(
        title, step.state.value, duration(seconds), tuple(found.lines) if found else (),
        open=failed is not None and step.index == failed.index, says=says, earlier=found.earlier if found else 0,
        depth=len(leg.around(step)),
    )  # fmt: skip
