"""Markup of ours in a cell, with the styles that it needs: JupyterLab brings none of ours, a page of the report all.

Only the rules whose classes stand in the markup come along, so that an output costs a few kilobytes and looks as the report does.
Where styles are taken out, as for a notebook that one does not trust, plain tables, words and images are left.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipelinekit.views.markup import Html, tag
from pipelinekit.views.small_pictures import icon
from pipelinekit.views.tokens import STATIC

_ICON = re.compile(r'<svg class="pk-i pk-[\w-]+" aria-hidden="true"><use href="#pk-([\w-]+)"></use></svg>')
_CLASS = re.compile(r'class="([^"]*)"')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"\s*([^{}@]+?)\s*\{([^{}]*)\}")
_NAMED = re.compile(r"\.(pk-[\w-]+)")
_VARIABLE = re.compile(r"var\((--pk-[\w-]+)")
_TOKEN = re.compile(r"(--pk-[\w-]+):\s*([^;]+);")
_SHEET = ".pk-sheet"  # a style holds for the whole page: ours keeps to what stands in a cell, and off the run widget
_DARK = f"[data-jp-theme-light=false] {_SHEET}"


def cell(html: Html) -> str:
    """The markup for `text/html`: it stands alone, and asks no other host. Icons of a page's sprite become images."""
    html = Html(_ICON.sub(lambda found: icon(found[1]), html))
    used = {name for found in _CLASS.findall(html) for name in found.split()}
    return str(tag("div", tag("style", Html(_sheet(frozenset(used)))), html, class_="pk pk-sheet"))


@cache
def _sheet(classes: frozenset[str]) -> str:
    """The tokens, JupyterLab's rules undone, and the rules for these classes."""
    rules = _COMMENT.sub("", _read("pk-cell.css")).strip() + "".join(_rules(classes))
    light, dark = _tokens()
    needed = _needed(rules, light)
    themes = ((_SHEET, {**light, "--pk-px": "1px"}), (_DARK, dark))
    tokens = "".join(
        f"{selector}{{{';'.join(f'{name}:{named[name]}' for name in needed if name in named)}}}" for selector, named in themes
    )
    return re.sub(r"\s*\n\s*", "", tokens + rules)


def _rules(classes: frozenset[str]) -> Iterator[str]:
    """The plain rules of pk.css that speak of nothing but these classes; what depends on a medium stays with the pages."""
    for selectors, body in _RULE.findall(_plain_rules()):
        kept = [one for one in _apart(selectors) if set(_NAMED.findall(one)) <= classes]
        if kept:
            yield f"{','.join(_within(one) for one in kept)}{{{body.strip()}}}"


def _apart(selectors: str) -> list[str]:
    """The selectors of a rule: commas within brackets part nothing."""
    found, depth = [""], 0
    for letter in selectors:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [one.strip() for one in found]


def _within(selector: str) -> str:
    """Two classes, as JupyterLab's own rules have."""
    return f".pk{_SHEET}" if selector == ".pk" else f".pk{_SHEET} {selector.removeprefix('.pk ')}"


@cache
def _plain_rules() -> str:
    """pk.css without comments and without blocks that begin with `@`."""
    text, kept, at = _COMMENT.sub("", _read("pk.css")), [], 0
    while (start := text.find("@", at)) >= 0:
        kept.append(text[at:start])
        at, depth = text.index("{", start) + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
    return "".join([*kept, text[at:]])


@cache
def _tokens() -> tuple[dict[str, str], dict[str, str]]:
    """Sizes and light colours, and dark colours: pk-tokens.css in its order."""
    sizes, light, dark, *_ = [dict(_TOKEN.findall(block)) for block in _COMMENT.sub("", _read("pk-tokens.css")).split("}")]
    return {**sizes, **light}, dark


def _needed(rules: str, named: dict[str, str]) -> list[str]:
    """The variables that the rules use, and those that these are made of."""
    needed, found = set(), set(_VARIABLE.findall(rules))
    while found:
        needed |= found
        found = {name for one in found for name in _VARIABLE.findall(named.get(one, ""))} - needed
    return sorted(needed & (named.keys() | {"--pk-px"}))


def _read(name: str) -> str:
    return STATIC.joinpath(name).read_text(encoding="utf-8")
