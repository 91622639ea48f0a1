"""The sentences of a page and what stands around them: heading, verdict, lists, callouts, empty states, labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelinekit.views.icons import icon
from pipelinekit.views.markup import Html, Piece, fill, join, tag

SIMULATED = "simulated"  # the label of made-up history, wherever a row of it is shown


def heading(title: str, meta: Piece = None, *, state: str = "", crumbs: Piece = None) -> Html:
    """The head of a page: where it belongs, its title with its state, and what it is about at the right."""
    shown = tag("h1", icon(state) if state else None, title)
    return join((
        tag("p", crumbs, class_="pk-crumbs") if crumbs else None,
        tag("div", shown, tag("span", meta, class_="pk-meta") if meta else None, class_="pk-head"),
    ))  # fmt: skip


def verdict(finding: Piece, rest: Piece = None) -> Html:
    """The answer of the page: the finding in bold, then its cause or its cost."""
    return tag("p", tag("b", finding), " " if rest else None, rest, class_="pk-verdict")


def section(title: str, *pieces: Piece, anchor: str, note: Piece = None) -> Html:
    """A heading (a noun) with what stands under it."""
    said = tag("p", note, class_="pk-sub-h") if note else None
    return join((tag("h2", title, id=anchor), said, *pieces), "\n")


def code(text: str) -> Html:
    """What can be typed or found in the code."""
    return tag("code", text)


def link(target: str, text: Piece, *, plain: bool = False, mono: bool = False) -> Html:
    """A link within the site. target: a path of ours, without a scheme."""
    classes = " ".join(name for name, on in (("pk-plain", plain), ("pk-mono", mono)) if on)
    return tag("a", text, href=target, class_=classes or None)


def label(text: str) -> Html:
    """A framed word beside a name: simulated, remembered, carried forward."""
    return tag("span", text, class_="pk-label")


def meta(*pieces: Piece) -> Html:
    """Small print in one line, its parts apart."""
    return join((piece for piece in pieces if piece), " · ")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list. mark: the icon's word, or what stands in its place at the left (a cost)."""

    mark: str
    text: Piece
    small: Piece = None


def items(rows: Iterable[Item]) -> Html:
    """Sentences led by icons, the newest and worst first."""
    return tag("ul", *(tag("li", icon(row.mark), _said(row)) for row in rows), class_="pk-list")


def todo(rows: Iterable[Item]) -> Html:
    """What to do, each led by what it would save."""
    lines = (tag("li", tag("span", row.mark, class_="pk-cost"), _said(row)) for row in rows)
    return tag("ol", *lines, class_="pk-todo")


def _said(row: Item) -> Html:
    return tag("span", row.text, tag("small", row.small) if row.small else None)


def callout(state: str, says: Piece, lines: Piece = None, also: Sequence[Item] = ()) -> Html:
    """The one frame that is loud: what failed, its lines, what is known about it."""
    parts: list[Piece] = [tag("p", icon(state), tag("span", says))]
    if lines:
        parts.append(tag("pre", lines))
    parts.extend(tag("p", icon(item.mark), _said(item)) for item in also)
    return tag("div", *parts, class_=f"pk-callout pk-{state}")


def empty(text: Piece, command: str = "") -> Html:
    """An empty state: what is missing and why it matters, then the one command that brings it."""
    return tag("div", text, tag("code", command) if command else None, class_="pk-empty")


def note(text: Piece) -> Html:
    """Small print below a picture or a table."""
    return tag("p", text, class_="pk-meta")


def halves(left: Piece, right: Piece, *, wide_left: bool = False, anchor: str = "") -> Html:
    """Two columns, equal or 3:2; one below the other where there is no room."""
    kind = "pk-two" if wide_left else "pk-half"
    return tag("div", tag("div", left), tag("div", right), class_=kind, id=anchor or None)


def found(words: str) -> Html:
    """Text with `backticks` turned into code, for sentences that are built from data."""
    parts = words.split("`")
    return join(code(part) if at % 2 else part for at, part in enumerate(parts))


def commit(full: str) -> Html:
    """Seven characters of a commit, as they are typed."""
    return fill("<code>{}</code>", full[:7]) if full else Html("–")
