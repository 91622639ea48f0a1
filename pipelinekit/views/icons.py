"""The states of the field as icons, each with an outline of its own, and always beside their word."""

from pipelinekit.views.markup import Html, Piece, fill, tag

# Own drawings on a 16 px grid: kind (`f` filled, `s` 1.6 px stroke, `c` cut out in the surface's colour), path, dashes.
# fmt: off
ICONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "queued": (("s", "M8 1.9a6.1 6.1 0 1 1 0 12.2a6.1 6.1 0 1 1 0-12.2", "2.4 2.4"),),
    "running": (
        ("s", "M8 1.9a6.1 6.1 0 1 1-6.1 6.1", ""),
        ("f", "M8 5.4a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2", ""),
    ),
    "success": (("f", "M8 .9a7.1 7.1 0 1 1 0 14.2a7.1 7.1 0 1 1 0-14.2", ""), ("c", "M4.8 8.3l2.2 2.2 4.3-4.8", "")),
    "failure": (
        ("f", "M3.4 1.2h9.2a2.2 2.2 0 0 1 2.2 2.2v9.2a2.2 2.2 0 0 1-2.2 2.2h-9.2"
              "a2.2 2.2 0 0 1-2.2-2.2v-9.2a2.2 2.2 0 0 1 2.2-2.2", ""),
        ("c", "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6", ""),
    ),
    "cancelled": (("s", "M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3z", ""), ("s", "M5.2 8h5.6", "")),
    "skipped": (("s", "M8 1.9a6.1 6.1 0 1 1 0 12.2a6.1 6.1 0 1 1 0-12.2", ""), ("s", "M3.9 12.1l8.2-8.2", "")),
    "flaky": (("s", "M8 1.2L14.8 8 8 14.8 1.2 8z", ""), ("s", "M5 9.6l2-3.6 2 4 2-3.6", "")),
    "remembered": (
        ("f", "M4.2 .9h7.6a1.4 1.4 0 0 1 1.4 1.4v12.8L8 11.6l-5.2 3.5V2.3A1.4 1.4 0 0 1 4.2 .9", ""),
        ("c", "M5.3 6.1l1.9 1.9 3.5-3.9", ""),
    ),
    "paused": (("s", "M8 1.9a6.1 6.1 0 1 1 0 12.2a6.1 6.1 0 1 1 0-12.2", ""), ("s", "M6.3 5.6v4.8M9.7 5.6v4.8", "")),
    "suspect": (
        ("s", "M8 1.2L14.8 8 8 14.8 1.2 8z", "3 1.8"),
        ("f", "M8 6.8a1.2 1.2 0 1 1 0 2.4a1.2 1.2 0 1 1 0-2.4", ""),
    ),
    "quarantined": (
        ("s", "M5.2 2H2v12h3.2M10.8 2H14v12h-3.2", ""),
        ("f", "M8 5.6a2.4 2.4 0 1 1 0 4.8a2.4 2.4 0 1 1 0-4.8", ""),
    ),
    "better": (("s", "M3.5 4.5l3.6 5 2.2-2.4 3.4 4.4M9.8 11.7h3v-3", ""),),
    "worse": (("s", "M3.5 11.5l3.6-5 2.2 2.4 3.4-4.4M9.8 4.3h3v3", ""),),
    "fixed": (("s", "M13.6 3.6L6.4 12 2.6 8.4", ""),),
    "note": (
        ("s", "M8 1.9a6.1 6.1 0 1 1 0 12.2a6.1 6.1 0 1 1 0-12.2", ""), ("s", "M8 7.2v4", ""),
        ("f", "M8 3.9a1 1 0 1 1 0 2a1 1 0 1 1 0-2", ""),
    ),
    "deploy": (("s", "M8 13.6V3M3.8 7.2L8 2.8l4.2 4.4", ""),),
}
# fmt: on

# States that borrow another's drawing: a run that waits for an approval stands in a queue; a broken test just fails.
SAME_AS = {
    "waiting": "queued", "broken": "failure", "healthy": "success",
    "error": "failure", "warning": "suspect",
}  # fmt: skip


def drawing(state: str) -> str:
    """The icon that shows `state`; of a word without a drawing the queued one, which claims nothing."""
    name = SAME_AS.get(state, state)
    return name if name in ICONS else "queued"


def sprite() -> Html:
    """All icons once a page; `icon` refers to them."""
    return tag("svg", *map(symbol, ICONS), class_="pk-sprite", aria_hidden="true", width=0, height=0)


def symbol(name: str) -> Html:
    """One icon of the table, for `<use>` to refer to as `#pk-NAME`."""
    paths = (tag("path", class_=f"pk-{kind}", d=d, stroke_dasharray=dashes or None) for kind, d, dashes in ICONS[name])
    return tag("symbol", *paths, id=f"pk-{name}", viewBox="0 0 16 16")


def icon(state: str) -> Html:
    """The icon alone: only beside its word."""
    name = drawing(state)
    return fill('<svg class="pk-i pk-{0}" aria-hidden="true"><use href="#pk-{0}"></use></svg>', name)


def state(word: str, text: Piece = None) -> Html:
    """Icon and word; `text` where the word on the page is another, as `success, flaky`."""
    return tag("span", icon(word), text or word, class_=f"pk-state pk-{drawing(word)}")
