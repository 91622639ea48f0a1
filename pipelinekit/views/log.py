"""The log of a leg: its steps as folds, `::group::` as folds within them, deciding lines tinted, each line a link."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipelinekit.views import ansi
from pipelinekit.views.icons import drawing, icon
from pipelinekit.views.markup import Html, Piece, join, tag
from pipelinekit.views.words import duration, plural

DOM_LINES = 5000  # more would make a page slow; the whole log is a file beside it


@dataclass(frozen=True, slots=True)
class Line:
    """number: in the leg, from 1. seconds: since the leg started. group: title of the `::group::` around it."""

    number: int
    text: str
    seconds: float | None = None
    group: str = ""
    runner: bool = False  # said by the runner, not by the step


@dataclass(frozen=True, slots=True)
class Fold:
    """A step with its lines. time: written. says: in its place where it has none, as why it was skipped.

    earlier: lines before `lines` that are not at hand. depth: how many steps it is part of.
    """

    title: str
    state: str
    time: str
    lines: Sequence[Line] = ()
    open: bool = False
    says: str = ""
    earlier: int = 0
    depth: int = 0


def folds(steps: Iterable[Fold], *, anchor: str, deciding: Collection[int] = (), most: int = DOM_LINES) -> Html:
    """The steps of one leg. anchor: prefix of the ids of lines on this page. deciding: numbers of the lines to tint.

    most: lines to show; of a longer log each step keeps its end, and says how many are left out.
    """
    steps = tuple(steps)
    shares = kept([len(step.lines) for step in steps], most)
    return join(_fold(step, anchor, deciding, keep) for step, keep in zip(steps, shares, strict=True))


def kept(sizes: list[int], most: int) -> list[int]:
    """How many lines of each part are shown: small parts whole, the others an equal share of what is left."""
    shares = [0] * len(sizes)
    left = most
    for done, at in enumerate(sorted(range(len(sizes)), key=lambda each: sizes[each])):
        shares[at] = min(sizes[at], left // (len(sizes) - done))
        left -= shares[at]
    return shares


def _fold(step: Fold, anchor: str, deciding: Collection[int], keep: int) -> Html:
    summary = tag("summary", icon(step.state), tag("b", step.title), tag("span", step.time, class_="pk-num"))
    gone = len(step.lines) - keep + step.earlier
    inside: list[Piece] = [tag("p", step.says, class_="pk-says")] if step.says else []
    if gone:
        inside.append(tag("p", f"The first {plural(gone, 'line')} are in the whole log only.", class_="pk-says"))
    inside.extend(_groups(step.lines[len(step.lines) - keep :], anchor, deciding))
    inner = f"--pk-depth:{step.depth}" if step.depth else None
    classes = f"pk-fold pk-{drawing(step.state)}" + (" pk-inner" if inner else "")
    return tag("details", summary, *inside, class_=classes, style=inner, open=step.open)


def _groups(lines: Sequence[Line], anchor: str, deciding: Collection[int]) -> Iterator[Html]:
    style = ansi.PLAIN
    for group, found in groupby(lines, key=lambda line: line.group):
        members = list(found)
        shown = []
        for line in members:
            text, style = ansi.line(line.text, style)
            shown.append(_line(line, text, anchor, line.number in deciding))
        if not group:
            yield join(shown)
            continue
        hit = any(line.number in deciding for line in members)
        took = _took(members)
        summary = tag("summary", tag("b", ansi.plain(group)), tag("span", took, class_="pk-num"))
        yield tag("details", summary, *shown, class_="pk-fold pk-group", open=hit)


def _took(lines: Sequence[Line]) -> str:
    first, last = lines[0].seconds, lines[-1].seconds
    if first is None or last is None:
        return plural(len(lines), "line")
    return duration(last - first)


def _line(line: Line, text: Html, anchor: str, deciding: bool) -> Html:
    # Built by hand: a page holds thousands of them.
    name = f"{anchor}-{line.number}"
    clock = "" if line.seconds is None else f"+{line.seconds:.1f}s"
    classes = "pk-line" + (" pk-hit" if deciding else "") + (" pk-runner" if line.runner else "")
    gutter = f'<a href="#{name}">{line.number}</a><time>{clock}</time>'
    return Html(f'<div class="{classes}" id="{name}">{gutter}<span>{text}</span></div>')


def whole(target: str, lines: int) -> Html:
    """The link to the whole log, a plain file beside the page."""
    return tag("a", f"whole log, {plural(lines, 'line')}", class_="pk-meta", href=target)


def tools(target: str) -> Html:
    """Search over the log and its folds. target: id of the log's box."""
    label = "Find in the log"
    return tag(
        "div",
        tag("input", type="search", data_log=f"#{target}", placeholder=label, aria_label=label),
        tag("button", "Open all", type="button", class_="pk-btn", data_folds=f"#{target}", data_open="1"),
        tag("button", "Fold all", type="button", class_="pk-btn", data_folds=f"#{target}", data_open="0"),
        tag("span", class_="pk-meta", data_hits=f"#{target}", aria_live="polite"),
        class_="pk-tools",
    )
