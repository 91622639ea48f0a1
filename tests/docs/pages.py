"""The pages of the documentation, cut into the blocks of code that they show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]
PAGES = (TOP / "README.md", TOP / "reports" / "README.md", *sorted((TOP / "docs").rglob("*.md")))
_BLOCK = re.compile(r"(?P<note><!-- not run: [^\n]+ -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """line: of its first line in the page, from 1. not_run: the page says that it is not run, and why."""

    page: Path
    line: int
    language: str
    text: str
    not_run: bool

    def __str__(self) -> str:
        return f"{self.page.relative_to(TOP)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """All blocks of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        yield Block(page, line, found["language"], found["text"], found["note"] is not None)


def all_blocks(*languages: str) -> list[Block]:
    """The blocks of all pages that are in one of the languages."""
    return [block for page in PAGES for block in blocks(page) if block.language in languages]
