"""The comments of a workflow: YAML's events drop them, so they are found in the text between the values.

One kind is read: `# pipelinekit: inputs src/** tests/**` inside a job names the files that the job reads, as
`[tool.pipelinekit.inputs]` does. GitHub has no key for it, and a workflow that was written in a notebook takes it along.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.yaml_tree import LOADER
from pipelinekit.workspaces.globs import PatternInvalid, Patterns

INPUTS = "# pipelinekit: inputs"
_READ = re.compile(r"#\s*pipelinekit:\s*inputs\b(.*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """text: from its `#` to the end of the line. line and column count from 1. alone: whether nothing else is on its line."""

    text: str
    line: int
    column: int
    alone: bool


def comments(text: str) -> tuple[Comment, ...]:
    """All comments, in their order. Raises yaml.YAMLError where the text is not YAML."""
    found: list[Comment] = []
    start = 0
    for begin, end in _values(text):
        found += _between(text, start, begin)
        start = end
    return (*found, *_between(text, start, len(text)))


def declared_inputs(workflow: Workflow) -> dict[str, tuple[str, ...]]:
    """Id of a job to the globs of all files that it reads, for the jobs that name them in a comment. Raises WorkflowInvalid."""
    declared: dict[str, tuple[str, ...]] = {}
    file = workflow.jobs[0].position.file
    for job, comment, words in inputs_comments(workflow.source, [(job.id, job.position.line) for job in workflow.jobs]):
        globs = _globs(words, Position(file, comment.line, comment.column), len(comment.text))
        declared[job] = (*declared.get(job, ()), *globs)
    return declared


def inputs_comments(text: str, jobs: Sequence[tuple[str, int]]) -> Iterator[tuple[str, Comment, str]]:
    """The comments that name what a job reads: the job's id, the comment, its globs as written. jobs: ids, and lines of their keys.

    Raises yaml.YAMLError where the text is not YAML.
    """
    for comment in comments(text) if _READ.search(text) else ():
        above = [job for job, line in jobs if line < comment.line]
        if above and (read := _READ.match(comment.text)) is not None:
            yield above[-1], comment, read[1]


def inputs_comment(globs: tuple[str, ...]) -> str:
    """The comment that `declared_inputs` reads. Raises WorkflowInvalid."""
    words = shlex.join(globs)
    _globs(words)
    return f"{INPUTS} {words}"


def _globs(text: str, place: Position | None = None, length: int = 1) -> tuple[str, ...]:
    try:
        globs = tuple(shlex.split(text))
        Patterns(globs)
    except (ValueError, PatternInvalid) as wrong:
        raise WorkflowInvalid(Problem("inputs", f"the inputs of a job can't be read: {wrong}", place, length=length)) from wrong
    return globs


def _values(text: str) -> Iterator[tuple[int, int]]:
    """Where scalars begin and end, in the order written; of a block from the line after its header."""
    # A mark counts from behind a byte order mark.
    shift = len(text) - len(text.removeprefix("\ufeff"))
    for event in yaml.parse(text.removeprefix("\ufeff"), Loader=LOADER):
        if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
            begin, end = event.start_mark.index + shift, event.end_mark.index + shift
            if event.style in ("|", ">"):
                header = text.find("\n", begin)
                begin = end if header < 0 else min(end, header)
            yield begin, end


def _between(text: str, start: int, end: int) -> Iterator[Comment]:
    """The comments in a part of the text that holds no values."""
    at = text.find("#", start, end)
    while at >= 0:
        line_end = text.find("\n", at)
        line_end = len(text) if line_end < 0 else line_end
        if at == 0 or text[at - 1].isspace() or text[at - 1] == "\ufeff":
            begin = text.rfind("\n", 0, at) + 1
            before = text[begin:at].removeprefix("\ufeff")
            yield Comment(text[at:line_end].rstrip("\r"), text.count("\n", 0, at) + 1, len(before) + 1, not before.strip())
            at = text.find("#", line_end, end)
        else:
            at = text.find("#", at + 1, end)
