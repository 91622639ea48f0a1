"""A job's summary as markup: what of GitHub's Markdown people write there, and nothing that could run or load.

Headings, paragraphs, lists, tables, fenced code, and within a line code, bold, emphasis, links. HTML that was written in it
shows as text; a link shows its text and, where that is another, its address.
"""

import re
from collections.abc import Iterator

from pipelinekit.views.markup import Html, Piece, join, tag

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+(.*)$")
_RULE = re.compile(r"^ {0,3}([-*_])(\s*\1){2,}\s*$")
_DASHES = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_INLINE = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)"
    r"|\*\*(?P<bold>\S.*?)\*\*"
    r"|(?<!\w)[*_](?P<em>\S.*?)[*_](?!\w)"
    r"|!?\[(?P<text>[^\]]*)\]\((?P<url>[^)\s]*)[^)]*\)"
)


def summary(text: str) -> Html:
    """The whole summary, in the order it was written."""
    return tag("div", *_blocks(text.replace("\r\n", "\n").split("\n")), class_="pk-summary")


def inline(text: str) -> Html:
    """One line of it: code, bold, emphasis, links."""
    return join(_inline(text))


def _blocks(lines: list[str]) -> Iterator[Html]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if fence := _FENCE.match(line):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip().startswith(fence[1])), len(lines))
            yield tag("pre", "\n".join(lines[at + 1 : end]))
            at = end + 1
        elif heading := _HEADING.match(line):
            yield tag("h4", *_inline(heading[2]))
            at += 1
        elif "|" in line and at + 1 < len(lines) and "-" in lines[at + 1] and _DASHES.match(lines[at + 1]):
            end = next((n for n in range(at + 2, len(lines)) if "|" not in lines[n]), len(lines))
            yield _table(line, lines[at + 2 : end])
            at = end
        elif _ITEM.match(line) and not _RULE.match(line):
            end = next((n for n in range(at + 1, len(lines)) if not _ITEM.match(lines[n])), len(lines))
            yield _list(lines[at:end])
            at = end
        elif not line.strip() or _RULE.match(line):
            at += 1
        else:
            end = next((n for n in range(at + 1, len(lines)) if _ends(lines, n)), len(lines))
            yield tag("p", *_inline("\n".join(lines[at:end])))
            at = end


def _ends(lines: list[str], at: int) -> bool:
    """Whether a paragraph ends before this line."""
    line = lines[at]
    table = "|" in line and at + 1 < len(lines) and bool(_DASHES.match(lines[at + 1]))
    return not line.strip() or table or any(pattern.match(line) for pattern in (_FENCE, _HEADING, _ITEM))


def _list(lines: list[str]) -> Html:
    found = [item for item in map(_ITEM.match, lines) if item]
    return tag("ol" if found[0][1][0].isdigit() else "ul", *(tag("li", *_inline(item[2])) for item in found))


def _table(head: str, rows: list[str]) -> Html:
    titles = tag("tr", *(tag("th", *_inline(cell), scope="col") for cell in _cells(head)))
    body = (tag("tr", *(tag("td", *_inline(cell)) for cell in _cells(row))) for row in rows)
    return tag("div", tag("table", tag("thead", titles), tag("tbody", *body), class_="pk-table"), class_="pk-scroll")


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _inline(text: str) -> Iterator[Piece]:
    at = 0
    for found in _INLINE.finditer(text):
        yield text[at : found.start()]
        if found["code"] is not None:
            yield tag("code", found["code"].strip() or found["code"])
        elif found["bold"] is not None:
            yield tag("b", *_inline(found["bold"]))
        elif found["em"] is not None:
            yield tag("em", *_inline(found["em"]))
        else:
            shown, url = found["text"], found["url"]
            yield join((shown, f" ({url})" if url and url != shown else None)) if shown else url
        at = found.end()
    yield text[at:]
