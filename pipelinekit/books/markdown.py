"""An executed notebook as Markdown for the site: what was written, what was run, what came out.

Markdown cells stand as they are; code is fenced, folded where its cell is tagged `hide-input`; of each output the
richest form that a page can show without a kernel is taken: a chart, HTML, a picture, Markdown, text. Widgets need a
kernel and are dropped. HTML of an output is cleaned (`books/clean.py`); a markdown cell is the author's own text in the
repository, and is trusted like any page there.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelinekit.books.clean import clean, clean_tree
from pipelinekit.books.read import Cell, Output, read
from pipelinekit.charts.picture import MIME as PICTURE
from pipelinekit.run_views.mount import KEPT, mounted
from pipelinekit.run_views.mount import MIME as RUN
from pipelinekit.views.markup import Html, json_script, tag
from pipelinekit.views.plots import plot
from pipelinekit.views.run_links import MIME as RUNS

PLOTLY = "application/vnd.plotly.v1+json"
PageOf = Callable[[str, int], str]
INJECTED = "injected-parameters"  # papermill's tag
FOLDED = frozenset({"hide-input", INJECTED})
HIDDEN = frozenset({"remove-cell", "papermill-error-cell-tag"})

_BITMAPS = ("image/png", "image/jpeg", "image/gif", "image/webp")
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[ -/]*[0-~])")
_FENCE = re.compile(r"^(\s*)([`~])", re.MULTILINE)
_RUN_LINK = re.compile(r'"#(?P<run>Run-[\d.]+)"')


def _no_page(run_id: str, attempt: int) -> str:  # noqa: ARG001 - a PageOf that knows none
    return ""


def title_of(notebook: Path) -> str:
    """Its first heading, else its name as words."""
    return read(notebook).title or notebook.stem.replace("-", " ").capitalize()


def to_markdown(notebook: Path, page_of: PageOf = _no_page) -> str:
    """The whole notebook. A chart is `<div class="pk-plot">`, which the site's script draws where Plotly is loaded.

    page_of: the page of a run by its run_id and attempt, '' where there is none: then a link to it stays within the notebook.
    Raises WorkflowInvalid for a file that is no notebook.
    """
    book = read(notebook)
    blocks = [block for cell in book.cells if not cell.tags & HIDDEN for block in _blocks(cell, book.language)]
    return _linked("\n\n".join(blocks) + "\n", book.cells, page_of)


def _linked(text: str, cells: Iterable[Cell], page_of: PageOf) -> str:
    """The links to runs, of markup and of charts, with the pages that there are of them."""
    runs: dict[str, tuple[str, int]] = {}
    for cell in cells:
        for output in cell.outputs:
            runs |= {anchor: (str(run), int(attempt)) for anchor, (run, attempt) in output.data.get(RUNS, {}).items()}

    def target(found: re.Match[str]) -> str:
        page = page_of(*runs[found["run"]]) if found["run"] in runs else ""
        return f'"{page}"' if page else found[0]

    return _RUN_LINK.sub(target, text)


def _blocks(cell: Cell, language: str) -> list[str]:
    match cell.kind:
        case "markdown":
            return [cell.source.strip()]
        case "raw":
            return []
        case "code":
            code = [_code(cell, language)] if cell.source.strip() else []
            return [*code, *(_one_block(shown) for output in _merged(cell.outputs) if (shown := _shown(output)))]


def _code(cell: Cell, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", cell.source)), default=0)
    fence = "`" * max(3, longest + 1)
    fenced = f"{fence}{language}\n{cell.source.rstrip()}\n{fence}"
    if not cell.tags & FOLDED:
        return fenced
    summary = "Parameters that were set" if INJECTED in cell.tags else "Code"
    return f'<details class="pk-input pk-twin" markdown="1">\n<summary>{summary}</summary>\n\n{fenced}\n\n</details>'


def _merged(outputs: tuple[Output, ...]) -> list[Output]:
    """Pieces of text that came one after another as one."""
    merged: list[Output] = []
    for output in outputs:
        if merged and output.kind == merged[-1].kind == "text":
            merged[-1] = Output("text", {"text/plain": merged[-1].data["text/plain"] + output.data["text/plain"]})
        else:
            merged.append(output)
    return merged


def _shown(output: Output) -> Html | str:
    if output.kind == "error":
        return _text(output.data["text/plain"], "pk-out pk-out-error")
    if "text/html" in output.data and (run := output.data.get(RUN, {})).keys() >= KEPT:
        return _run({name: run[name] for name in sorted(KEPT)}, output.data["text/html"])
    for mime, show in _FORMS.items():
        if mime in output.data and (shown := show(output.data[mime])):
            return shown
    return ""


def _run(kept: Mapping[str, Any], html: str) -> Html:
    """As it stood when the cell was through; without a script the picture and the table that stand for it."""
    return tag("div", mounted(clean_tree(kept), clean(html)), class_="pk pk-out-run")


def _picture(data: Mapping[str, Any]) -> Html:
    return tag("div", plot(data["figure"], data["head"], data["rows"], label=data["label"], height=data["height"]), class_="pk")


def _plotly(figure: Mapping[str, Any]) -> Html:
    layout = dict(figure.get("layout", {}))
    layout.pop("template", None)  # the site's own takes its place
    height = int(layout.get("height") or 300)
    text = json.dumps({"data": figure.get("data", []), "layout": layout, "height": height}, separators=(",", ":"))
    drawn = tag("div", json_script(text), class_="pk-plot", role="img", aria_label="chart", style=f"min-height:{height}px")
    return tag("div", tag("div", drawn, class_="pk-chart"), class_="pk")


def _html(html: str) -> Html:
    return tag("div", clean(html), class_="pk pk-out-html")


def _bitmap(mime: str, base64: str) -> Html:
    return tag("p", tag("img", src=f"data:{mime};base64,{''.join(base64.split())}", alt="picture made by the cell above"))


def _svg(svg: str) -> Html:
    # As a picture of its own nothing in it runs or loads.
    return tag("p", tag("img", src=f"data:image/svg+xml;utf8,{quote(svg, safe='')}", alt="drawing made by the cell above"))


def _text(text: str, classes: str = "pk-out") -> Html | str:
    plain = _ESCAPES.sub("", text).rstrip("\n")
    return tag("pre", tag("code", plain), class_=classes) if plain.strip() else ""


_FORMS: dict[str, Callable[[Any], Html | str]] = {
    PICTURE: _picture,
    PLOTLY: _plotly,
    "text/html": _html,
    "image/svg+xml": _svg,
    **{mime: partial(_bitmap, mime) for mime in _BITMAPS},
    "text/markdown": str.strip,
    "text/plain": _text,
}


def _one_block(shown: Html | str) -> str:
    """Markup in which Markdown finds nothing of its own: no line that opens a fence, no tab, none of its placeholders."""
    if not isinstance(shown, Html):
        return shown
    whole = _FENCE.sub(lambda found: f"{found[1]}&#{ord(found[2])};", shown)
    return whole.replace("\t", "&#9;").replace("\x02", "").replace("\x03", "")
