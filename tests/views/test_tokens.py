"""The one stylesheet that names colours, and that they can be read."""

import re
from pathlib import Path

import pytest

import pipelinekit
from pipelinekit.views import tokens

PACKAGE = Path(pipelinekit.__file__).parent
STATES = ("queued", "running", "success", "failure", "cancelled", "skipped", "flaky", "remembered", "paused")
HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI = tuple(f"ansi-{bright}{hue}" for bright in ("", "bright-") for hue in HUES)
TEXT = (  # what must be read, on what
    ("ink", ("canvas", "panel", "sunken", "log", *(f"{state}-bg" for state in STATES))),
    ("ink-2", ("canvas", "panel", "sunken", *(f"{state}-bg" for state in STATES))),
    ("ink-3", ("canvas", "panel", "sunken", "log")),
    ("accent", ("canvas", "panel", "accent-bg")),
    *((state, ("canvas", "panel", f"{state}-bg")) for state in STATES),
    *((ansi, ("log",)) for ansi in ANSI),
)
DRAWN = tuple((name, ("canvas",)) for name in (*(f"cat-{n}" for n in range(1, 7)), "band", "seq-6", "quiet", "line-strong"))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(a: str, b: str) -> float:
    """Contrast, WCAG 2.2."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "grounds", "least"),
    [(*pair, 4.5) for pair in TEXT] + [(*pair, 3.0) for pair in DRAWN],
    ids=[name for name, _ in TEXT + DRAWN],
)
def test_every_colour_can_be_read_where_it_stands(theme: tokens.Theme, name: str, grounds: tuple[str, ...], least: float) -> None:
    named = tokens.colours(theme)
    worst = min((ratio(named[name], named[ground]), ground) for ground in grounds)
    assert worst[0] >= least, f"{name} on {worst[1]}: {worst[0]:.2f}"


def test_both_themes_name_the_same_colours() -> None:
    assert tokens.colours("light").keys() == tokens.colours("dark").keys()


@pytest.mark.parametrize(
    "file",
    sorted(
        str(file.relative_to(PACKAGE))
        for room in ("views", "charts", "report")
        for file in (PACKAGE / room).rglob("*")
        if file.suffix in (".py", ".css", ".js") and file.name != "pk-tokens.css"
    ),
)
def test_no_colour_is_named_outside_the_tokens(file: str) -> None:
    text = (PACKAGE / file).read_text(encoding="utf-8")
    found = re.findall(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?!\w)|\brgba?\((?!0,0,0,0\))|\bhsla?\(", text)
    assert found == []


def test_every_token_that_is_used_is_there() -> None:
    sheet = "".join(tokens.STATIC.joinpath(name).read_text() for name in ("pk-tokens.css", "pk.css", "pk-site.css", "pk-widget.css"))
    there = set(re.findall(r"--pk-([\w-]+):", sheet))
    used = set(re.findall(r"var\(--pk-([\w-]+)", sheet))
    assert used - there == {"step", "cut", "depth"} - there  # set by the markup, or by a button that is pressed


def test_the_mark_is_drawn_in_its_colour() -> None:
    assert tokens.brand() in tokens.mark()
