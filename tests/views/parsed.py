"""HTML as a tree, for tests to look into; what is not closed, or closed twice, is an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"input", "br", "img", "hr", "meta", "link"})
HOSTILE = """<script>alert('x')</script>"><img src=x onerror=alert(1)>&amp;\x1b[31m\x00\u202e"""


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, name: str = "", class_: str = "") -> list[Element]:
        """Every element within of this name and this class, in order."""
        return [e for e in self._walk() if (not name or e.name == name) and (not class_ or class_ in e.classes)]

    def one(self, name: str = "", class_: str = "") -> Element:
        found = self.all(name, class_)
        assert len(found) == 1, f"{len(found)} elements {name or '*'}.{class_}"
        return found[0]

    def _walk(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._walk()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert len(self.open) > 1, f"</{tag}> closes nothing"
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Element:
    """The root of the tree. Fails where the markup is not balanced."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].name}> is not closed"
    return reader.open[0]


def assert_harmless(html: str) -> None:
    """Nothing of HOSTILE has become an element or an attribute."""
    tree = parse(html)
    for element in tree.all():
        assert element.name != "img"
        assert element.name != "script" or element.attributes.get("type") == "application/json"
        assert not any(name.startswith("on") for name in element.attributes)
    assert not any(ord(c) < 32 and c not in "\n\t\r" for c in html)
    assert "\u202e" not in html
