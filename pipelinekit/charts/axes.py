"""What charts over runs share: their place on the x axis, the unit of time, notes beside lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

SHORT = timedelta(days=2)  # runs within two days stand by their number: by time they would lie on top of each other

DAY = 86_400_000  # milliseconds, the unit of ticks of a date axis

NOTE: dict[str, Any] = {"showarrow": False, "xanchor": "left", "align": "left"}


@dataclass(frozen=True, slots=True)
class RunAxis:
    """Where runs stand: by their time, or by their number where all are of two days."""

    by_number: bool
    places: tuple[str | int, ...]

    @property
    def layout(self) -> dict[str, Any]:
        if not self.by_number:
            return {"type": "date", "tickformat": "%-d %b", "tick0": str(self.places[0])[:10], "dtick": self._days(8) * DAY}
        first, last = int(self.places[0]), int(self.places[-1])
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000, 10**9) if (last - first) / s <= 12)
        return {"type": "linear", "tickprefix": "run ", "tick0": 0, "dtick": step, "range": [first - 0.6, last + 0.6]}

    @property
    def narrow(self) -> dict[str, Any]:
        """The same with fewer ticks."""
        if not self.by_number:
            return {**self.layout, "dtick": self._days(4) * DAY}
        return {**self.layout, "tickprefix": "", "nticks": 5}

    def _days(self, most: int) -> int:
        """Whole days between ticks, so that at most so many fit."""
        first, last = (datetime.fromisoformat(str(place)) for place in (self.places[0], self.places[-1]))
        return max(1, -(-(last - first).days // most))


def run_axis(numbers: Sequence[int], times: Sequence[datetime]) -> RunAxis:
    """numbers, times: of the runs, oldest first, at least one."""
    rising = all(a < b for a, b in pairwise(numbers))
    if rising and times[-1] - times[0] < SHORT:
        return RunAxis(True, tuple(numbers))
    return RunAxis(False, tuple(at.strftime("%Y-%m-%d %H:%M:%S") for at in times))


@dataclass(frozen=True, slots=True)
class TimeUnit:
    """The unit of an axis of durations: seconds / divisor is what is drawn."""

    suffix: str
    divisor: float


def time_unit(longest_seconds: float) -> TimeUnit:
    """Seconds up to two minutes, then minutes, from three hours on hours."""
    if longest_seconds <= 120:
        return TimeUnit(" s", 1.0)
    return TimeUnit(" min", 60.0) if longest_seconds <= 3 * 3600 else TimeUnit(" h", 3600.0)


def beside(x: str | int, y: float, text: str, colour: str) -> Mapping[str, Any]:
    """The name of a line, at its right end."""
    return {**NOTE, "x": x, "y": y, "xshift": 8, "text": text, "font": {"color": colour}}


def above(text: str, y: float = 1.0) -> Mapping[str, Any]:
    """What is measured, above the plot at the left."""
    return {
        **NOTE, "x": 0, "xref": "paper", "y": y, "yref": "paper", "yanchor": "bottom", "text": text,
        "font": {"color": "pk:ink-2"},
    }  # fmt: skip


def day(number: int, at: datetime) -> str:
    """A run in the table twin: its number and its time."""
    return f"{number} · {at:%Y-%m-%d %H:%M}"
