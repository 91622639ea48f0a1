"""One page of the report, and how it is written as Markdown that MkDocs (and its kin) builds."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelinekit.report.scripts import chart_scripts
from pipelinekit.views.icons import sprite
from pipelinekit.views.markup import Html, escape, fill, tag

_FENCE = re.compile(r"^(\s*)([`~])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """name: of its file, without an ending. title: in the menu and the window's head. body: all of it, its heading too.

    with_charts: whether Plotly is needed. files: others beside it, name -> text. late: parts for the places that `later`
    left in the body, by name; they go in when the site is built, so that neither Markdown nor the search index reads
    thousands of lines of a log.
    """

    name: str
    title: str
    body: Html
    with_charts: bool = False
    files: tuple[tuple[str, str], ...] = ()
    late: Mapping[str, Html] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return f"{self.name}.html"


def later(name: str) -> Html:
    """The place of a part that goes in when the site is built."""
    return fill('<div data-pk-late="{}"></div>', name)


def put_in(html: str, late: Mapping[str, Html]) -> str:
    """The built page with its late parts."""
    for name, part in late.items():
        html = html.replace(later(name), part, 1)
    return html


def to_markdown(page: Page) -> str:
    """The page's source. The body is one block of HTML, which Markdown leaves alone."""
    scripts = chart_scripts() if page.with_charts else None
    # MkDocs' templates write a title as it stands.
    front = json.dumps({"title": escape(page.title), "hide": ["toc"]}, ensure_ascii=False)
    body = tag("div", sprite(), page.body, scripts, class_="pk", markdown="0")
    return f"---\n{front}\n---\n\n{_one_block(body)}\n"


def _one_block(body: Html) -> str:
    """Without what Markdown would take for its own: a line that opens a fence, placeholders, tabs."""
    whole = _FENCE.sub(lambda found: f"{found[1]}&#{ord(found[2])};", body)
    return whole.replace("\t", "&#9;").replace("\x02", "").replace("\x03", "")
