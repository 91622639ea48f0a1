"""Markup that is safe to put into a page: what comes from outside is escaped here, and only here.

`Html` is text that is markup already. Everything else is a plain `str` and gets escaped where it meets markup, so a
forgotten step shows as `&lt;b&gt;` on the page and never as a hole.
"""

from collections.abc import Iterable
from html import escape as _escape
from typing import LiteralString

VOID = frozenset({"input", "br", "img", "hr", "link"})

# C0 and C1 controls have no place in a page; marks that turn the direction of text could make a name read as another.
_DROPPED = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)))
_SHOWN = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_CLEAN: dict[int, str | None] = {**_DROPPED, **_SHOWN, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


class Html(str):
    """Markup, safe as it stands."""

    __slots__ = ()

    def __add__(self, other: str) -> "Html":
        return Html(str.__add__(self, escape(other)))


Piece = str | Html | None
Attribute = str | float | bool | None

NOTHING = Html("")


def escape(value: str) -> Html:
    """The text as markup; what is markup already stays as it is."""
    if isinstance(value, Html):
        return value
    return Html(_escape(shown(value), quote=True))


def shown(text: str) -> str:
    """The text without what has no place in a page; still text, not markup."""
    return text.translate(_CLEAN)


def join(pieces: Iterable[Piece], between: str = "") -> Html:
    """The pieces one after another, with `between` (escaped too) between them; None is left out."""
    if isinstance(pieces, str):
        raise TypeError("join takes several pieces; one alone needs no joining, and its letters are no pieces")
    return Html(escape(between).join(escape(piece) for piece in pieces if piece is not None))


def fill(template: LiteralString, *values: Piece, **named: Piece) -> Html:
    """A sentence of ours with values from outside: `fill("<b>{}</b> failed", name)`. What is not Html gets escaped."""
    return Html(
        template.format(*(escape(value or "") for value in values), **{key: escape(value or "") for key, value in named.items()})
    )


def tag(name: str, *children: Piece, **attributes: Attribute) -> Html:
    """Attributes: `class_` is class, `aria_label` aria-label; True stands bare, None and False are left out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(children)}</{name}>")


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def json_script(text: str, **attributes: Attribute) -> Html:
    """JSON inside a page, for a script of ours to read; nothing in it can end the element."""
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    return Html(f'<script type="application/json"{written}>{safe}</script>')
