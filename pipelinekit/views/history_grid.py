"""Every run, every test that ever failed: read down a column for a bad run, along a row for a bad test."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pipelinekit.views import marks
from pipelinekit.views.markup import Html, Piece, join, json_script, tag

TOP, ROW = 54, 22
WIDTH, NARROWEST, WIDEST = 720, 12, 24  # of the whole, and of a column


@dataclass(frozen=True, slots=True)
class GridRun:
    """A column. letter: as in `marks.LETTERS`. says: shown when one points at it. left_out: shaded over all rows."""

    number: int
    letter: str
    seconds: float | None
    says: str
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class GridTest:
    """A row. history: one letter a run. counted: written, as `8 of 59`. word: beside the name, as `broken`."""

    name: str
    history: str
    counted: str
    target: str = ""
    word: str = ""


def history_grid(runs: Sequence[GridRun], tests: Sequence[GridTest], failed: str) -> Html:
    """The grid with its key and the line that says what one points at. failed: written, how many runs failed of all."""
    pitch = max(NARROWEST, min(WIDEST, WIDTH // max(1, len(runs))))
    width = len(runs) * pitch
    shaded = join(_shade(at, pitch) for at, run in enumerate(runs) if run.left_out)
    head = _row(tag("span", "run, newest right", class_="pk-meta"), _svg(_axis(runs, pitch), width, 16), tag("span", "fails of n"))
    bars = _svg(join((shaded, *_bars(runs, pitch))), width, TOP, "duration of each run")
    body = (_test(test, shaded, width, pitch) for test in tests)
    says = tag("p", "Point at a column to read its run.", class_="pk-grid-says")
    data = json_script(json.dumps([run.says for run in runs]))
    grid = tag(
        "div",
        data,
        head,
        _row(tag("span", "time per run"), bars, tag("span", failed)),
        *body,
        class_="pk-grid" if width > WIDTH // 2 else "pk-grid pk-few",
    )
    return join((key(any(run.left_out for run in runs)), grid, says))


def key(with_outage: bool) -> Html:
    """What the marks mean."""
    shown = marks.key("p", "F", "k", "s", words={"k": "flaky: failed, then passed on the same code"})
    outage = tag("span", tag("i", class_="k-out"), "outage, left out") if with_outage else None
    return tag("p", shown, tag("span", "blank: not run"), outage, class_="pk-key")


def _axis(runs: Sequence[GridRun], pitch: int) -> Html:
    # Numbers stand ten runs apart, counted from the newest, so that the newest always has one.
    labelled = range(len(runs) - 1, -1, -10)
    return join(
        tag("text", str(runs[at].number), class_="pk-tick", x=at * pitch + pitch // 2 - 1, y=12, text_anchor=_anchor(at, len(runs)))
        for at in labelled
    )


def _anchor(at: int, runs: int) -> str:
    return "end" if at == runs - 1 else "start" if at == 0 else "middle"


def _shade(at: int, pitch: int) -> Html:
    return tag("path", class_="pk-out", d=f"M{at * pitch} 0h{pitch}v{TOP}h-{pitch}z")


def _bars(runs: Sequence[GridRun], pitch: int) -> list[Html]:
    longest = max((run.seconds or 0 for run in runs), default=0) or 1.0
    drawn, bar = [], min(pitch - 4, 14)
    for at, run in enumerate(runs):
        if run.seconds is None:
            continue
        x, high = at * pitch + (pitch - bar) // 2, max(4.0, (TOP - 10) * run.seconds / longest)
        kind = {"F": "pk-failure pk-f", "k": "pk-flaky pk-f", "c": "pk-cancelled pk-h", "s": "pk-skipped pk-h"}
        box = f"M{x} {TOP - high:.1f}h{bar}v{high:.1f}h-{bar}z"
        drawn.append(tag("path", class_=kind.get(run.letter, "pk-dur"), d=box))
        if run.letter == "F":  # a lid
            drawn.append(tag("path", class_="pk-failure pk-f", d=f"M{x} {TOP - high - 4:.1f}h{bar}v2h-{bar}z"))
        if run.letter == "k":  # a cut
            drawn.append(tag("path", class_="pk-cutline", d=f"M{x - 1} {TOP - high / 2:.1f}h{bar + 2}"))
    return drawn


def _test(test: GridTest, shaded: Html, width: int, pitch: int) -> Html:
    name: Piece = tag("a", test.name, href=test.target, class_="pk-mono pk-plain") if test.target else None
    name = name or tag("span", test.name, class_="pk-mono")
    drawn = join((shaded, tag("g", marks.marks(test.history, pitch, 18), transform="translate(1 2)")))
    word = tag("span", f" {test.word}", class_="pk-meta") if test.word else None
    cells = _svg(drawn, width, ROW, f"{test.name}: {marks.said(test.history)}")
    return _row(tag("span", name, word, title=test.name), cells, tag("span", test.counted, class_="pk-num"))


def _svg(drawn: Html, width: int, height: int, label: str = "") -> Html:
    role = "img" if label else None
    return tag("svg", drawn, width=width, height=height, viewBox=f"0 0 {width} {height}", role=role, aria_label=label or None)


def _row(name: Html, cells: Html, counted: Html) -> Html:
    return tag("div", name, tag("span", cells, class_="pk-grid-cells"), counted, class_="pk-grid-row")
