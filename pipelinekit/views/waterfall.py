"""Where the time of a run went: one row a leg, in order of start. HTML and percentages, so it fits any width."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelinekit.views.icons import drawing, icon
from pipelinekit.views.markup import Html, join, tag
from pipelinekit.views.words import duration

PartKind = Literal["queue", "setup", "run", "cache"]

# The parts in words. `fail` is `run` in a row that failed, `crit` the underline of the critical path.
KEY = {
    "queue": "queued",
    "setup": "pull and set up",
    "run": "run",
    "fail": "run, failed",
    "cache": "remembered",
    "crit": "on the critical path",
}
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400)
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of time. start: seconds from the start of the run."""

    kind: PartKind
    start: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One leg's row. time: written at the right."""

    name: str
    state: str
    parts: tuple[Part, ...]
    time: str
    critical: bool = False


def waterfall(rows: Sequence[Bar], total_seconds: float = 0.0, most_ticks: int = MOST_TICKS) -> Html:
    """total_seconds: the end of the axis, where two pictures share one; else the last end. most_ticks: fewer where it is narrow."""
    total = max([total_seconds, *(part.start + part.seconds for row in rows for part in row.parts)]) or 1.0
    step = tick_step(total, most_ticks)
    axis = tag(
        "div",
        tag("span"),
        tag("span", *_ticks(total, step), class_="pk-wf-track"),
        tag("span"),
        class_="pk-wf-row pk-wf-axis",
    )
    return tag("div", axis, *(_row(row, total, step) for row in rows), class_="pk-wf")


def tick_step(total: float, most: int = MOST_TICKS) -> float:
    """The distance of ticks, so that at most so many fit."""
    return next((step for step in STEPS if total / step <= most), total / most)


def _ticks(total: float, step: float) -> list[Html]:
    ticks, at = [], 0
    while at * step <= 0.92 * total:  # a label further right would leave the page
        ticks.append(tag("i", _tick(at * step), style=f"left:{100 * at * step / total:.2f}%"))
        at += 1
    return ticks


def _tick(seconds: float) -> str:
    if seconds == round(seconds) and seconds < 60:
        return f"{seconds:.0f}s" if seconds else "0"
    return duration(seconds)


def _row(row: Bar, total: float, step: float) -> Html:
    bars = (
        tag(
            "i",
            class_=f"pk-wf-{part.kind}",
            style=f"left:{100 * part.start / total:.2f}%;width:{max(0.35, 100 * part.seconds / total):.2f}%",
            title=f"{KEY[part.kind]} {duration(part.seconds)}",
        )
        for part in row.parts
        if part.seconds > 0
    )
    classes = f"pk-wf-row pk-{drawing(row.state)}{' pk-crit' if row.critical else ''}"
    name = tag("span", icon(row.state), tag("span", row.name), class_="pk-wf-name", title=row.name)
    track = tag("span", *bars, class_="pk-wf-track", style=f"--pk-step:{100 * step / total:.3f}%")
    return tag("div", name, track, tag("span", row.time, class_="pk-num"), class_=classes)


def key(rows: Sequence[Bar]) -> Html:
    """What the bars mean: only the kinds that are there."""
    kinds: dict[str, None] = {}
    for row in rows:
        for part in row.parts:
            kinds["fail" if part.kind == "run" and row.state == "failure" else part.kind] = None
    shown = [kind for kind in KEY if kind in kinds or (kind == "crit" and any(row.critical for row in rows))]
    return tag("p", join(tag("span", tag("i", class_=f"k-{kind}"), KEY[kind]) for kind in shown), class_="pk-key")
