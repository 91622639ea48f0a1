"""History marks: height and shape tell an outcome, so that greyscale and colour-blind readers lose nothing.

A history is a string, one letter a run, oldest first: see `LETTERS`. What does not fit is cut off on the left.
"""

from pipelinekit.views.markup import Html, join, tag

LETTERS = {
    "p": "passed",
    "F": "failed",
    "k": "flaky",
    "s": "skipped",
    "r": "running",
    "q": "queued",
    "c": "cancelled",
    "m": "missed",
    ".": "not there yet",
}

LETTER_OF_STATE = {
    "success": "p", "failure": "F", "cancelled": "c", "skipped": "s", "running": "r", "paused": "r", "queued": "q",
    "waiting": "q", "remembered": "p", "flaky": "k",
}  # fmt: skip


WIDEST = 14


def marks(history: str, pitch: int = 7, height: int = 18) -> Html:
    """Paths for inside an SVG of `pitch` x letters by `height` pixels: see `shapes`."""
    return join(tag("path", class_=kind, d=path) for kind, path in shapes(history, pitch, height))


def shapes(history: str, pitch: int = 7, height: int = 18) -> list[tuple[str, str]]:
    """Class and path of each mark, all that passed in one.

    passed: a tick 4 px high. failed: the full bar. flaky: the full bar, split. skipped: a dash. running, cancelled:
    a small open box. queued: a 2 px dot. missed (a cache): the full bar in grey. `.`: nothing.
    """
    middle, width = height / 2, min(pitch - 3, WIDEST)
    begin = (pitch - 2 - width) / 2 if width == WIDEST else 1
    ticks = "".join(
        f"M{_n(at * pitch + begin + width / 2)} {_n(middle - 2)}v4" for at, letter in enumerate(history) if letter == "p"
    )
    rest = (_mark(letter, at * pitch + begin, width, height) for at, letter in enumerate(history))
    return [*([("pk-quiet", ticks)] if ticks else []), *(mark for mark in rest if mark)]


def _mark(letter: str, x: float, width: float, height: float) -> tuple[str, str] | None:  # noqa: PLR0911 - one shape a letter
    middle = height / 2
    match letter:
        case "F":
            return "pk-failure pk-f", f"M{_n(x)} 1h{width}v{height - 2}h-{width}z"
        case "m":
            return "pk-miss", f"M{_n(x)} 3h{width}v{height - 6}h-{width}z"
        case "k":
            half = _n(middle - 2.5)
            return "pk-flaky pk-f", f"M{_n(x)} 1h{width}v{half}h-{width}zM{_n(x)} {_n(middle + 1.5)}h{width}v{half}h-{width}z"
        case "s":
            return "pk-skipped pk-h", f"M{_n(x)} {_n(middle)}h{width}"
        case "r" | "c":
            inner = _n(width - 1.2)
            state = "running" if letter == "r" else "cancelled"
            return f"pk-{state} pk-h", f"M{_n(x + 0.6)} {_n(middle - 4.4)}h{inner}v8.8h-{inner}z"
        case "q":
            return "pk-queued pk-f", f"M{_n(x + width / 2 - 1)} {_n(middle - 1)}h2v2h-2z"
        case _:
            return None


def said(history: str) -> str:
    """The history in words: 45 passed, 2 failed, 1 flaky."""
    counted = ((history.count(letter), word) for letter, word in LETTERS.items() if letter != ".")
    return ", ".join(f"{number} {word}" for number, word in counted if number) or "nothing yet"


def strip(history: str, pitch: int = 7, height: int = 18, *, what: str = "runs") -> Html:
    """The history as a picture in a line or a cell."""
    width = len(history) * pitch
    drawn = tag("svg", marks(history, pitch, height), width=width, height=height, viewBox=f"0 0 {width} {height}")
    label = f"last {len(history)} {what}: {said(history)}"
    return tag("span", drawn, class_="pk-strip", role="img", aria_label=label)


def key(*letters: str, words: dict[str, str] | None = None) -> Html:
    """What the marks mean, for above a picture of them. words: other words than `LETTERS` has."""
    spoken = {**LETTERS, **(words or {})}
    drawn = ((tag("svg", marks(letter, 7, 16), width=7, height=16, aria_hidden="true"), letter) for letter in letters)
    return join(tag("span", picture, spoken[letter], class_="pk-strip") for picture, letter in drawn)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
