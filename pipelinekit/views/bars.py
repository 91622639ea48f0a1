"""Small pictures in a line or a cell: interval, share, trend. HTML and percentages, so they fit any width."""

from collections.abc import Sequence

from pipelinekit.views.markup import Html, fill, join, tag
from pipelinekit.views.words import Delta


def interval(low: float, middle: float, high: float, *, bottom: float = 0.0, top: float, text: str) -> Html:
    """How sure an estimate is: a bar from low to high, a tick at the estimate, on an axis from bottom to top.

    text: the same in words, for who does not see it. Where the axis goes below 0, a line marks 0.
    """
    reach = (top - bottom) or 1.0

    def at(value: float) -> float:
        return 100 * min(1.0, max(0.0, (value - bottom) / reach))

    zero = tag("i", class_="pk-int-zero", style=f"left:{at(0.0):.1f}%") if bottom < 0 < top else None
    bar = tag("i", class_="pk-int-bar", style=f"left:{at(low):.1f}%;width:{max(0.6, at(high) - at(low)):.1f}%")
    tick = tag("i", class_="pk-int-mid", style=f"left:{at(middle):.1f}%")
    return tag("span", zero, bar, tick, class_="pk-int", role="img", aria_label=text)


def bar(share: float, text: str, *, tone: str = "") -> Html:
    """A bar of 0-1 and its number. tone: a token's name for another colour, as `seq-4`."""
    style = f"--bar:var(--pk-{tone})" if tone else None
    width = 100 * min(1.0, max(0.0, share))
    drawn = tag("span", tag("i", style=f"width:{width:.1f}%"), class_="pk-bar", style=style, aria_hidden="true")
    return join((drawn, tag("span", text, class_="pk-num")))


def spark(values: Sequence[float | None], label: str, least: float = 0.0) -> Html:
    """A small trend beside a number, its last point marked; three values at least, gaps are left out.

    least: the smallest span of the axis, so that a second of noise does not look like a mountain.
    """
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 3:
        return Html("")
    numbers = [v for _, v in known]
    middle = (min(numbers) + max(numbers)) / 2
    half = max(max(numbers) - min(numbers), least) / 2 or 1.0
    step = 100 / max(1, len(values) - 1)

    def y(value: float) -> float:
        return 22 - 18 * (value - middle + half) / (2 * half)

    points = " ".join(f"{i * step:.1f},{y(v):.1f}" for i, v in known)
    line = fill('<svg viewBox="0 0 100 26" preserveAspectRatio="none"><polyline points="{}"></polyline></svg>', points)
    at, last = known[-1]
    dot = tag("i", style=f"top:{y(last) / 26 * 100:.0f}%;left:{at * step:.1f}%")
    return tag("span", line, dot, class_="pk-spark", role="img", aria_label=label)


def delta(change: Delta) -> Html:
    """A change in its words; the colour only repeats what the word says."""
    tone = {"better": " pk-success", "worse": " pk-failure", "": ""}[change.tone]
    return tag("span", change.text, class_=f"pk-delta{tone}") if change.text else Html("")
