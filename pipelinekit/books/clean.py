"""HTML that a notebook's cell made, without what may run or ask another host: it holds names of tests, commits and people.

What stays is a list, so that an element or an attribute nobody thought of does not pass: text, tables, lists, folds,
pictures that carry their own data, and inline styles without addresses. JupyterLab treats a notebook that one does not
trust in the same way.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from pipelinekit.views.markup import Html, escape

_VOID = frozenset({"br", "hr", "img", "col", "wbr"})
_ELEMENTS = _VOID | frozenset(
    {
        "a", "abbr", "b", "blockquote", "caption", "code", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
        "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
        "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
        "thead", "time", "tr", "u", "ul", "var",
    }
)  # fmt: skip
# What stands in them is no text for people either.
_SILENT = frozenset({"script", "style", "template", "iframe", "object", "title", "noscript", "textarea", "select", "svg", "math"})
_ATTRIBUTES = frozenset(
    {
        "align", "alt", "aria-hidden", "aria-label", "border", "class", "colspan", "datetime", "height", "href", "open",
        "role", "rowspan", "scope", "src", "start", "style", "title", "width",
    }
)  # fmt: skip
_BUILT = _ELEMENTS | {"button", "icon"}
_BUILT_ATTRIBUTES = frozenset({"data-do", "state", "tabindex"})
_OWN_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)
_LINK = re.compile(r"(https?://|#|[\w./-]+\.html(#.*)?$)", re.IGNORECASE)  # followed by a click, never loaded
_RUN = re.compile(r"Run-\d+(\.\d+)?")  # the heading that links to a run lead to; other ids could be taken for those of the page
_STYLE = re.compile(r"[\w\s:;,.#%()'\"-]*")
_ASKS = re.compile(r"url\s*\(|image(-set)?\s*\(|expression|@|\\", re.IGNORECASE)


def clean(html: str) -> Html:
    """The same without scripts, frames, forms, handlers, and anything that would be loaded from elsewhere."""
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    return cleaner.result()


def clean_tree(data: Any) -> Any:
    """JSON that a script builds elements of (`run_views/tree.py`), with the same taken out: of what has a name and attributes."""
    match data:
        case [str() as name, {**attributes}, *children]:
            if name not in _BUILT:
                return ""
            return [name, dict(_kept({str(key): value for key, value in attributes.items()})), *map(clean_tree, children)]
        case list():
            return [clean_tree(each) for each in data]
        case dict():
            return {name: clean_tree(value) for name, value in data.items()}
        case _:
            return data


def _kept(attributes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in attributes.items():
        if name == "html":
            yield name, str(clean(str(value)))
        elif name in _BUILT_ATTRIBUTES or _attribute(name, str(value)):
            yield name, value


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._open: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif not self._silent and tag in _ELEMENTS:
            self._pieces.append(f"<{tag}{''.join(_attribute(name, value or '') for name, value in attrs)}>")
            if tag not in _VOID:
                self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)
        # `<script/>` and its kin open and close nothing that we keep

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag in self._open:
            while True:  # ends what was left open inside it, as a browser does
                last = self._open.pop()
                self._pieces.append(f"</{last}>")
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(escape(data))

    def result(self) -> Html:
        return Html("".join((*self._pieces, *(f"</{tag}>" for tag in reversed(self._open)))))


def _attribute(name: str, value: str) -> str:
    allowed = name in _ATTRIBUTES
    if name == "src":
        allowed = _OWN_PICTURE.match(value.strip()) is not None
    elif name == "href":
        allowed = _LINK.match(value.strip()) is not None
    elif name == "id":
        allowed = _RUN.fullmatch(value) is not None
    elif name == "style":
        allowed = _STYLE.fullmatch(value) is not None and _ASKS.search(value) is None
    return f' {name}="{escape(value)}"' if allowed else ""
