"""What a cell that defines a stage did: what is new, what is different, and what has to run again because of it."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from pipelinekit.model.shown import Bundle
from pipelinekit.views.markup import Html, join, tag
from pipelinekit.views.words import listed

_MARKED = {"+": "rgba(13,116,87,.16)", "-": "rgba(192,40,45,.14)"}  # on light and on dark; the sign says the same


@dataclass(frozen=True, slots=True)
class Change:
    """what: `test`, `step 2 of test`, `the workflow`. before: the text that it had, '' where it is new. about: it, in a few words.

    stale: jobs that have run as they are no longer, in their order.
    """

    what: str
    before: str
    after: str
    about: str = ""
    stale: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        return not self.before

    @property
    def changed(self) -> bool:
        return not self.is_new and self.before != self.after

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        if self.is_new:
            said = f"{self.what}: {self.about}" if self.about else f"{self.what} is defined"
        else:
            said = f"{self.what} changed" if self.changed else f"{self.what} is as it was"
        if not self.stale:
            return said
        return f"{said}; stale until the next run: {listed(self.stale, most=8)}"

    def difference(self) -> Iterator[str]:
        """Old and new, line by line, as `diff -u` has it without its head."""
        if self.changed:
            lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=2)
            yield from (line for line in lines if not line.startswith(("---", "+++", "@@")))

    def __repr__(self) -> str:
        return f"<Change: {self.sentence}>"

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        lines = list(self.difference())
        text = "\n".join([self.sentence, *(f"  {line}" for line in lines)])
        said = tag("div", self.sentence, style="font-size:13px;margin:4px 0")
        return {"text/plain": text, "text/html": join((said, _drawn(lines) if lines else None))}


def _drawn(lines: list[str]) -> Html:
    rows = (tag("div", line or " ", style=_style(line)) for line in lines)
    return tag("pre", *rows, style="font-size:12px;line-height:1.5;margin:4px 0")


def _style(line: str) -> str | None:
    colour = _MARKED.get(line[:1])
    return f"background:{colour}" if colour else None
