"""A workflow's text cut where a person would cut it: what stands before the jobs, then each job, and of a job each step.

The pieces are slices of the text: one after another they are the text again, with every blank and comment. A comment goes with
what it stands above, as far as its indentation lets it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.comments import comments

_DASH = re.compile(r"( *)- +")
_DASH_ALONE = re.compile(r" *-( +&[^ #]+)?( *| +#.*)\r?\n")
_RARE_BREAKS = re.compile("[\x85\u2028\u2029]|\r(?!\n)")  # lines end there for YAML, and for nobody else


@dataclass(frozen=True, slots=True)
class JobPiece:
    """head: from the comments above its key to the first step; all of it where its steps can't be cut. tail: what follows them.

    keys, dashes: blanks before its keys and before the `-` of its steps.
    """

    id: str
    head: str
    steps: tuple[str, ...] = ()
    tail: str = ""
    keys: int = 4
    dashes: int = 6


@dataclass(frozen=True, slots=True)
class Pieces:
    """head: with `jobs:`; all of the text where its jobs can't be cut. tail: what follows them. indent: blanks before their ids."""

    head: str
    jobs: tuple[JobPiece, ...] = ()
    tail: str = ""
    indent: int = 2

    @property
    def text(self) -> str:
        return "".join([self.head, *(part for job in self.jobs for part in (job.head, *job.steps, job.tail)), self.tail])


def cut(workflow: Workflow) -> Pieces:
    """The pieces of its source. What is written in braces, or as an alias, is not cut."""
    if _RARE_BREAKS.search(workflow.source):
        return Pieces(workflow.source)
    lines = workflow.source.removeprefix("\ufeff").split("\n")
    lines = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    alone = {comment.line for comment in comments(workflow.source) if comment.alone}
    mark = "\ufeff" if workflow.source.startswith("\ufeff") else ""
    return _Cutter(lines, alone, mark).workflow(workflow.node)


class _Cutter:
    """lines: of the text, with their ends; counted from 1 everywhere. alone: those that hold a comment and nothing else."""

    def __init__(self, lines: Sequence[str], alone: set[int], mark: str) -> None:
        self._lines, self._alone, self._mark = lines, alone, mark

    def workflow(self, node: MapNode) -> Pieces:
        key, jobs = node.key("jobs"), node.get("jobs")
        names = [name for name, _ in jobs.entries] if isinstance(jobs, MapNode) else []
        begins = [name.position.line for name in names]
        indents = {self._blanks(name) for name in names}
        after = self._after(node, "jobs")
        indent = indents.pop() if len(indents) == 1 else None
        rises = key is not None and self._blanks(key) == 0 and _ascending([key.position.line, *begins, *after])
        if not indent or not rises or any(self._blanks_at(line) != 0 for line in after):
            return Pieces(self._mark + self._text(1, len(self._lines) + 1))
        ends = self._begin(after[0], 0) if after else self._begin(len(self._lines) + 1, indent)
        starts = [*(self._begin(line, indent) for line in begins), ends]
        written = zip(jobs.entries if isinstance(jobs, MapNode) else (), pairwise(starts), strict=True)
        pieces = tuple(self._job(name, job, start, end) for (name, job), (start, end) in written)
        return Pieces(self._mark + self._text(1, starts[0]), pieces, self._text(ends, len(self._lines) + 1), indent)

    def _job(self, name: Scalar, job: Node, start: int, end: int) -> JobPiece:
        whole = JobPiece(name.text, self._text(start, end), keys=name.position.column + 1, dashes=name.position.column + 3)
        key = job.key("steps") if isinstance(job, MapNode) else None
        steps = job.get("steps") if isinstance(job, MapNode) else None
        if not isinstance(job, MapNode) or key is None or not isinstance(steps, ListNode) or not steps.items:
            return whole
        keys, begins = self._blanks(key), [self._dash_line(item) for item in steps.items]
        dashes = {self._dash(item, line) for item, line in zip(steps.items, begins, strict=True)}
        after = self._after(job, "steps")
        dash = dashes.pop() if len(dashes) == 1 else None
        if keys is None or dash is None or not _ascending([name.position.line, key.position.line, *begins, *after, end]):
            return whole
        if any(self._blanks_at(line) != keys for line in after):
            return whole
        ends = self._begin(after[0], keys) if after else self._begin(end, dash - 1)
        starts = [*(self._begin(line, dash) for line in begins), max(ends, begins[-1] + 1)]
        parts = tuple(self._text(one, following) for one, following in pairwise(starts))
        return JobPiece(name.text, self._text(start, starts[0]), parts, self._text(starts[-1], end), keys, dash)

    def _begin(self, line: int, indent: int) -> int:
        """Where what stands in `line` begins: with the comments above it that are not indented further than `indent`."""
        begin, at = line, line - 1
        while at > 0 and (at in self._alone or not self._lines[at - 1].strip()):
            if at in self._alone and (self._blanks_at(at) or 0) <= indent:
                begin = at
            at -= 1
        return begin

    def _after(self, node: MapNode, name: str) -> list[int]:
        """Lines of the keys that follow `name`."""
        keys = [key for key, _ in node.entries]
        place = next((index for index, key in enumerate(keys) if key.text == name), len(keys))
        return [key.position.line for key in keys[place + 1 :]]

    def _blanks(self, key: Scalar) -> int | None:
        """Blanks before a key that begins its line; None for one that does not."""
        before = self._lines[key.position.line - 1][: key.position.column - 1]
        return None if before.strip(" ") else len(before)

    def _blanks_at(self, line: int) -> int | None:
        written = self._lines[line - 1]
        return len(written) - len(written.lstrip(" "))

    def _dash_line(self, item: Node) -> int:
        """The line of an item's `-`, which may stand above the item, with an anchor or a comment behind it."""
        line = above = item.position.line
        while above > 1 and (above == line or above in self._alone or not self._lines[above - 1].strip()):
            above -= 1
        begins_its_line = self._blanks_at(line) == item.position.column - 1
        return above if begins_its_line and _DASH_ALONE.fullmatch(self._lines[above - 1]) else line

    def _dash(self, item: Node, line: int) -> int | None:
        """Blanks before the `-` of an item, or None where something else stands between."""
        if line != item.position.line:
            return self._blanks_at(line)
        found = _DASH.fullmatch(self._lines[line - 1][: item.position.column - 1])
        return len(found[1]) if found else None

    def _text(self, start: int, end: int) -> str:
        return "".join(self._lines[start - 1 : end - 1])


def _ascending(lines: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(lines))
