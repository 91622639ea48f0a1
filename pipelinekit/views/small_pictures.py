"""Marks and icons as images in a line or a table's cell, for markup that no stylesheet and no sprite comes with.

An image knows nothing of the page around it but whether that is light or dark: it carries the colours of both.
"""

import re
from base64 import b64encode
from functools import cache

from pipelinekit.views.icons import ICONS, drawing
from pipelinekit.views.marks import marks, said
from pipelinekit.views.markup import Html, Piece, tag
from pipelinekit.views.tokens import Theme, colours

# A class of marks or icons -> the token of its colour, where that is not its own name.
TOKENS = {
    "suspect": "flaky", "quarantined": "cancelled", "better": "success", "fixed": "success", "worse": "failure",
    "deploy": "ink-2", "miss": "ink-3", "c": "canvas",
}  # fmt: skip
SHAPES = {
    "f": "fill:currentColor",
    "h": "fill:none;stroke:currentColor;stroke-width:1.4",
    "s": "fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round",
    "c": "fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round",
    "quiet": "fill:none;stroke:currentColor;stroke-width:2",
    "miss": "fill:currentColor",
}
_CLASSES = re.compile(r'class="([^"]+)"')


@cache
def strip(history: str, pitch: int = 7, height: int = 18, *, what: str = "runs") -> Html:
    """The history, one letter a run, as `views.marks.strip` draws it; its alternative text says it in words."""
    return _image(marks(history, pitch, height), len(history) * pitch, height, f"last {len(history)} {what}: {said(history)}")


@cache
def icon(state: str) -> Html:
    """The icon of a state, only beside its word."""
    name = drawing(state)
    paths = (tag("path", class_=f"pk-{kind}", d=path, stroke_dasharray=dashes or None) for kind, path, dashes in ICONS[name])
    return _image(tag("g", *paths, class_=f"pk-{name}"), 16, 16, "")


def state(word: str, text: Piece = None) -> Html:
    """Icon and word, as `views.icons.state`."""
    return tag("span", icon(word), text or word, class_=f"pk-state pk-{drawing(word)}")


def _image(drawn: Html, width: int, height: int, alt: str) -> Html:
    names = sorted({name.removeprefix("pk-") for classes in _CLASSES.findall(drawn) for name in classes.split()})
    shapes = "".join(f".pk-{name}{{{SHAPES[name]}}}" for name in names if name in SHAPES)
    style = f"{shapes}{_inks(names, 'light')}@media(prefers-color-scheme:dark){{{_inks(names, 'dark')}}}"
    whole = tag(
        "svg", Html(f"<style>{style}</style>"), drawn, xmlns="http://www.w3.org/2000/svg", width=width, height=height,
        viewBox=f"0 0 {width} {height}",
    )  # fmt: skip
    data = b64encode(whole.encode()).decode()
    return tag("img", src=f"data:image/svg+xml;base64,{data}", alt=alt, width=width, height=height, class_="pk-img")


def _inks(names: list[str], theme: Theme) -> str:
    named = colours(theme)
    known = ((name, named.get(TOKENS.get(name, name))) for name in names)
    return "".join(f".pk-{name}{{color:{colour}}}" for name, colour in known if colour)
