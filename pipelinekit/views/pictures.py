"""Pictures that stand alone: an SVG of ours as an image that carries its colours, its icons and its data with it.

For where no stylesheet comes along and inline SVG is taken out: saved notebooks, code hosts, mail. In light colours on white, so
that it reads on any ground.
"""

import re
from base64 import b64encode

from pipelinekit.views.icons import ICONS, symbol
from pipelinekit.views.markup import Html, tag
from pipelinekit.views.tokens import colours, fonts

EDGE = 12  # white around the drawing
_ROOT = re.compile(r'<svg\b[^>]*\bviewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"[^>]*>(?P<inside>.*)</svg>', re.DOTALL)
_USED = re.compile(r'href="#pk-([\w-]+)"')
_STATES = ("queued", "running", "success", "failure", "cancelled", "skipped", "flaky", "suspect", "remembered", "paused")


def picture(svg: Html, alt: str) -> Html:
    """The `<svg>` of a graph or of history marks as `<img src="data:image/svg+xml;base64,...">`; alt: what it says, in words."""
    found = _ROOT.fullmatch(svg)
    if found is None:
        raise ValueError("a picture is made of one <svg> with a viewBox from 0 0")
    inside = found["inside"]
    symbols = [symbol(name) for name in dict.fromkeys(_USED.findall(inside)) if name in ICONS]
    wide, high = float(found["width"]) + 2 * EDGE, float(found["height"]) + 2 * EDGE
    box = f"{-EDGE} {-EDGE} {wide:g} {high:g}"
    ground = tag("rect", x=-EDGE, y=-EDGE, width=f"{wide:g}", height=f"{high:g}", rx=6, fill=colours("light")["canvas"])
    whole = tag(
        "svg", Html(f"<style>{_style()}</style>"), *symbols, ground, Html(inside),
        xmlns="http://www.w3.org/2000/svg", viewBox=box, width=f"{wide:g}", height=f"{high:g}",
    )  # fmt: skip
    data = b64encode(whole.encode()).decode()
    return tag(
        "img", src=f"data:image/svg+xml;base64,{data}", alt=alt, width=f"{wide:g}", style="max-width:100%;height:auto"
    )


def _style() -> str:
    """The rules of pk.css that pictures need, with their colours in them: not every reader of SVG knows variables."""
    light, sans = colours("light"), fonts()["sans"]
    states = "".join(f".pk-{name}{{color:{light[_token(name)]}}}" for name in _STATES)
    tinted = "".join(
        f".pk-node.pk-{name} .pk-box{{fill:{light[name + '-bg']};stroke:{light[name]};stroke-width:1.6}}"
        f".pk-node.pk-{name} .pk-sub:not(.pk-end){{fill:{light[name]};font-weight:600}}"
        for name in ("failure", "running", "paused")
    )
    return (
        f"{states}"
        ".pk-s{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}"
        f".pk-c{{fill:none;stroke:{light['canvas']};stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}}"
        ".pk-f{fill:currentColor}.pk-h{fill:none;stroke:currentColor;stroke-width:1.4}"
        f".pk-quiet{{stroke:{light['quiet']};stroke-width:2;fill:none}}.pk-miss{{fill:{light['quiet']}}}"
        f".pk-edge{{fill:none;stroke:{light['quiet']};stroke-width:1.4}}"
        f".pk-crit{{stroke:{light['ink']};stroke-width:2.2}}.pk-dash{{stroke-dasharray:3 4}}"
        f".pk-box{{fill:{light['canvas']};stroke:{light['line-strong']}}}"
        ".pk-skipped .pk-box,.pk-queued .pk-box{stroke-dasharray:3 3}"
        f"{tinted}"
        f".pk-name{{font:600 13px {sans};fill:{light['ink']}}}"
        f".pk-sub{{font:400 12px {sans};fill:{light['ink-2']}}}.pk-end{{text-anchor:end}}"
    )


def _token(state: str) -> str:
    return "flaky" if state == "suspect" else state
