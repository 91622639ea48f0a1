"""Numbers, times and changes in words: plain text, the same in page, cell and terminal. Nothing here is HTML.

Nothing measured is written `–`. Under `ENOUGH` values a median or a level is not named: see `too_few`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

NOTHING = "–"
ENOUGH = 5  # under n = 5 a median says more about luck than about the pipeline
NO_BREAK = "\u00a0"
THIN = "\u202f"  # narrow no-break space, between a number and its percent sign
MINUS = "\u2212"

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Form = Callable[[float], str]


def duration(seconds: float | None) -> str:
    """A measured time: 0.4s, 9.8s, 42s, 1m 04s, 1h 12m."""
    if seconds is None:
        return NOTHING
    if seconds < 0:
        return MINUS + duration(-seconds)
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{NO_BREAK}{whole % 60:02d}s"
    return f"{whole // 3600}h{NO_BREAK}{whole % 3600 // 60:02d}m"


def minutes(seconds: float | None) -> str:
    """A sum, a cost or a lead time, where seconds would pretend: 58m, 5h 20m; under 30 s as `duration` does."""
    if seconds is None:
        return NOTHING
    if seconds < 0:
        return MINUS + minutes(-seconds)
    if seconds < 30:
        return duration(seconds)
    whole = round(seconds / 60)
    return f"{whole}m" if whole < 60 else f"{whole // 60}h{NO_BREAK}{whole % 60:02d}m"


def percent(share: float | None, n: int | None = None) -> str:
    """A share of 0-1: 98.2 %, without the decimal where n < 100. Only nothing is 0 % and only all is 100 %."""
    if share is None:
        return NOTHING
    return f"{_hundred(share, n)}{THIN}%"


def _hundred(share: float, n: int | None = None) -> str:
    decimals = 0 if n is not None and n < 100 else 1
    least = 10.0**-decimals
    value = 100 * share
    if 0 < share < 1:
        value = min(max(value, least), 100 - least)
    return f"{value:.{decimals}f}"


def points(share: float) -> str:
    """A difference of shares: 8.3 pts."""
    return f"{100 * share:.1f}{NO_BREAK}pts"


def count(number: float | None) -> str:
    """61,240."""
    return NOTHING if number is None else f"{number:,.0f}"


def of(part: int, whole: int) -> str:
    """3 of 41."""
    return f"{count(part)} of {count(whole)}"


def plural(number: int, one: str, many: str = "") -> str:
    """1 run, 3 runs; `many` where an s does not do."""
    return f"{count(number)}{NO_BREAK}{one if number == 1 else many or one + 's'}"


def sample(n: int, what: str = "") -> str:
    """n = 144 runs."""
    return f"n{NO_BREAK}={NO_BREAK}{plural(n, what) if what else count(n)}"


def too_few(n: int) -> str:
    """What stands where a median would, under `ENOUGH` values: too few (n = 3)."""
    return f"too few ({sample(n)})"


def number(value: int) -> str:
    """A small number as a word, for the start or the middle of a sentence: three, 13."""
    return _SMALL[value] if 0 <= value < len(_SMALL) else count(value)


def sentence(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str], most: int = 4) -> str:
    """a, b and c; past `most` the rest is counted."""
    shown = list(words[:most])
    rest = len(words) - len(shown)
    if rest:
        shown.append(f"{count(rest)} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def size(size_bytes: float | None) -> str:
    """Powers of 1,000: 84 kB, 1.2 MB."""
    if size_bytes is None:
        return NOTHING
    value, unit = float(size_bytes), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            break
        value /= 1000
    decimals = 1 if value < 9.95 and unit not in ("B", "kB") else 0
    return f"{value:.{decimals}f}{NO_BREAK}{unit}"


def when(at: datetime | None) -> str:
    """23 Nov 2026 17:21 UTC. A time without a zone is taken for UTC."""
    if at is None:
        return NOTHING
    at = _utc(at)
    return f"{day(at)} {at:%H:%M} UTC"


def when_short(at: datetime | None) -> str:
    """23 Nov 17:21, in tables with UTC in their head."""
    if at is None:
        return NOTHING
    at = _utc(at)
    return f"{day_short(at)} {at:%H:%M}"


def day(at: date | None) -> str:
    """23 Nov 2026."""
    return NOTHING if at is None else f"{day_short(at)} {at.year}"


def day_short(at: date | None) -> str:
    """23 Nov."""
    return NOTHING if at is None else f"{at.day} {_MONTHS[at.month - 1]}"


def days(first: date, last: date) -> str:
    """27 Oct – 23 Nov 2026; one day alone as it is."""
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day(last)
    start = day_short(first) if first.year == last.year else day(first)
    return f"{start} – {day(last)}"


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def commit(full: str) -> str:
    """7 characters of a commit."""
    return full[:7]


@dataclass(frozen=True, slots=True)
class Delta:
    """A change in words. tone: better, worse, or '' within noise and where no direction is good."""

    text: str
    tone: Literal["better", "worse", ""] = ""


def delta(change: float | None, form: Form = duration, *, good: Literal["more", "less", ""] = "", noise: float = 0.0) -> Delta:
    """↑ +1m 17s worse; ↓ −6m better; without a word within `noise` (same unit as the change); no change.

    form: writes the change's size. good: which direction is better.
    """
    if change is None:
        return Delta("")
    if form(abs(change)) == form(0.0):
        return Delta("no change")
    up = change > 0
    text = f"{'↑' if up else '↓'} {'+' if up else MINUS}{form(abs(change))}"
    if not good or abs(change) <= noise:
        return Delta(text)
    tone: Literal["better", "worse"] = "better" if up == (good == "more") else "worse"
    return Delta(f"{text} {tone}", tone)


def interval(low: float | None, high: float | None, form: Form | None = None) -> str:
    """[1.2–3.5] for shares of 0-1, else both ends written by `form`: [66s–1m 31s]; '' where there is none."""
    if low is None or high is None:
        return ""
    if form is None:
        return f"[{100 * low:.1f}–{100 * high:.1f}]"
    return f"[{form(low)}–{form(high)}]"


def estimate(middle: float | None, low: float | None, high: float | None, n: int | None = None) -> str:
    """A share with its interval: 2.3 % [1.2–3.5]."""
    return f"{percent(middle, n)} {interval(low, high)}".rstrip()
