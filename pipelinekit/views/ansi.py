"""A line of terminal output as markup: colours as classes of ours, everything else that a terminal obeys is dropped.

The 16 colours come from the tokens. Colours of 256 and of 24 bits become the nearest of the 16 by hue and lightness,
because only those keep a contrast of 4.5:1 in light and dark. Source: ECMA-48, 8.3.117; xterm's control sequences.
"""

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pipelinekit.views.markup import Html, escape, join, tag

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_HUES = {"red": 0, "yellow": 55, "green": 120, "cyan": 185, "blue": 225, "magenta": 300}
_CUBE = (0, 95, 135, 175, 215, 255)  # the levels of xterm's 6 x 6 x 6 colours

# CSI with its parameters; OSC, DCS and their kin up to their end; any other two-character escape.
_ESCAPES = re.compile(
    r"\x1b\[(?P<sgr>[0-9;:]*)m"
    r"|\x1b\[[0-?]*[ -/]*(?:[@-~]|$)"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)


@dataclass(frozen=True, slots=True)
class Style:
    """How the text that follows is written. colour, ground: '' or one of the 16, as `bright-red`."""

    colour: str = ""
    ground: str = ""
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    struck: bool = False
    inverse: bool = False

    @property
    def classes(self) -> str:
        colour, ground = (self.ground, self.colour or "white") if self.inverse else (self.colour, self.ground)
        names = [f"pk-a-{colour}"] if colour and not ground else []  # on a ground the text is ink, so that it can be read
        if ground:
            names.append(f"pk-ab-{ground}")
        words = (("bold", self.bold), ("dim", self.dim), ("italic", self.italic), ("underline", self.underline))
        names.extend(f"pk-a-{word}" for word, on in (*words, ("struck", self.struck)) if on)
        return " ".join(names)


PLAIN = Style()


def line(text: str, style: Style = PLAIN) -> tuple[Html, Style]:
    """One line as markup, and the style that the next line starts with: see `pieces`."""
    found, style = pieces(text, style)
    return join(tag("span", run, class_=classes) if classes else escape(run) for classes, run in found), style


def pieces(text: str, style: Style = PLAIN) -> tuple[list[tuple[str, str]], Style]:
    """One line as stretches of text, each with its classes ('' for none), and the style that the next line starts with.

    A carriage return within the line begins it anew, as a progress bar does on a terminal: the last writing is kept.
    """
    text = text.rstrip("\r\n")
    if "\r" in text:
        *earlier, text = (part for part in text.split("\r"))
        for part in earlier:
            style = pieces(part, style)[1]
    if "\x1b" not in text and "\x9b" not in text and style == PLAIN:
        return [("", text)], style
    found: list[tuple[str, str]] = []
    for run, following in _runs(text, style):
        if run:
            found.append((style.classes, run))
        style = following
    return found, style


def plain(text: str) -> str:
    """The text without its escapes, for search, titles and sentences."""
    return _ESCAPES.sub("", text.rsplit("\r", 1)[-1] if "\r" in text.rstrip("\r\n") else text).rstrip("\r\n")


def _runs(text: str, style: Style) -> Iterator[tuple[str, Style]]:
    """Stretches of text, each with the style that comes after it."""
    at = 0
    for found in _ESCAPES.finditer(text):
        codes = found["sgr"]
        following = style if codes is None else _after(style, codes)
        yield text[at : found.start()], following
        style, at = following, found.end()
    yield text[at:], style


def _after(style: Style, codes: str) -> Style:
    numbers = [int(code) if code.isdigit() else 0 for code in re.split("[;:]", codes)] if codes else [0]
    left = iter(numbers)
    for number in left:
        match number:
            case 0:
                style = PLAIN
            case 38 | 48:
                colour = _extended(left)
                style = replace(style, colour=colour) if number == 38 else replace(style, ground=colour)
            case _:
                style = _simple(style, number)
    return style


_SWITCHES: dict[int, dict[str, Any]] = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underline": True}, 7: {"inverse": True},
    9: {"struck": True}, 21: {"underline": True}, 22: {"bold": False, "dim": False}, 23: {"italic": False},
    24: {"underline": False}, 27: {"inverse": False}, 29: {"struck": False},
}  # fmt: skip


def _simple(style: Style, number: int) -> Style:
    if number in _SWITCHES:
        return replace(style, **_SWITCHES[number])
    tens, ones = divmod(number, 10)
    if tens in (3, 9) and ones < 8:
        return replace(style, colour=("bright-" if tens == 9 else "") + NAMES[ones])
    if tens in (4, 10) and ones < 8:
        return replace(style, ground=("bright-" if tens == 10 else "") + NAMES[ones])
    if number in (39, 49):
        return replace(style, colour="") if number == 39 else replace(style, ground="")
    return style


def _extended(left: Iterator[int]) -> str:
    """The colour after 38 or 48: `5;N` of 256, `2;R;G;B` of 24 bits."""
    kind = next(left, 0)
    if kind == 5:
        return of_256(next(left, 0))
    if kind == 2:
        return nearest(next(left, 0), next(left, 0), next(left, 0))
    return ""


def of_256(number: int) -> str:
    """The nearest of the 16 to one of xterm's 256 colours."""
    if number < 8:
        return NAMES[number % 8]
    if number < 16:
        return f"bright-{NAMES[number - 8]}"
    if number < 232:
        number -= 16
        return nearest(_CUBE[number // 36], _CUBE[number // 6 % 6], _CUBE[number % 6])
    grey = 8 + 10 * (min(number, 255) - 232)
    return nearest(grey, grey, grey)


def nearest(red: int, green: int, blue: int) -> str:
    """The nearest of the 16 by hue, and among greys by lightness. Parts are 0-255; what is more is 255."""
    hue, lightness, _ = colorsys.rgb_to_hls(*(min(part, 255) / 255 for part in (red, green, blue)))
    chroma = (max(red, green, blue) - min(red, green, blue)) / 255
    if chroma < 0.12:
        greys = ((0.25, "black"), (0.55, "bright-black"), (0.85, "white"))
        return next((name for most, name in greys if lightness < most), "bright-white")
    name = min(_HUES, key=lambda each: min(abs(360 * hue - _HUES[each]), 360 - abs(360 * hue - _HUES[each])))
    return f"bright-{name}" if lightness > 0.6 else name
