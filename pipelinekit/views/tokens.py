"""The tokens of the look, read from the one stylesheet that names colours."""

import re
from functools import cache
from importlib.resources import files
from typing import Literal

Theme = Literal["light", "dark"]
STATIC = files("pipelinekit.views").joinpath("static")
_COLOUR = re.compile(r"--pk-([\w-]+):\s*(#[0-9a-f]{6})")
_FONT = re.compile(r"--pk-(sans|mono):\s*([^;]+);")


@cache
def colours(theme: Theme) -> dict[str, str]:
    """Name without `--pk-` -> `#rrggbb`, of a theme."""
    body = _sheet().split(f"[data-pk-theme={theme}] {{", 1)[1].split("}", 1)[0]
    return dict(_COLOUR.findall(body))


@cache
def fonts() -> dict[str, str]:
    """sans and mono -> the family list."""
    return {name: value.strip() for name, value in _FONT.findall(_sheet())}


def brand() -> str:
    """The colour of the mark, which stands on light and dark alike."""
    found: dict[str, str] = dict(_COLOUR.findall(_sheet().split("}", 1)[0]))
    return found["mark"]


def mark() -> str:
    """The mark as a file: three stages of a waterfall."""
    bars = ((2, 4, 9), (7, 10, 10), (14, 16, 8))
    drawn = "".join(f'<rect x="{x}" y="{y}" width="{width}" height="4" rx="1"/>' for x, y, width in bars)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">'
        f'<g fill="{brand()}">{drawn}</g></svg>\n'
    )


@cache
def _sheet() -> str:
    return STATIC.joinpath("pk-tokens.css").read_text(encoding="utf-8")
