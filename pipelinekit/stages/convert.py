"""A workflow as a notebook, one cell a step, and the way back.

The cells hold the author's own lines, comments with them, so that what was not edited comes back as it was, byte by byte.
"""

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.books.parameters import TAG
from pipelinekit.books.read import read as read_book
from pipelinekit.books.write import code, file_text, markdown
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.workflow import Job, Workflow
from pipelinekit.stages.cells import CELL_MAGICS, Helped, give
from pipelinekit.stages.draft import Draft
from pipelinekit.stages.parts import Indent, Options, shown_head, shown_job, shown_step, shown_tail
from pipelinekit.views.words import listed
from pipelinekit.workflows.pieces import JobPiece, Pieces, cut
from pipelinekit.workflows.read import read

_MAGIC = re.compile(rf"%%({'|'.join(CELL_MAGICS)})\b(.*)")
_LINE = re.compile(r"^%pipeline +(?:remove +(\S+)|(clear))\s*$", re.MULTILINE)
_IN_PYTHON = re.compile(r"\.stage\(|^stage\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Said:
    """One cell that says a part of the workflow. job: that it begins, '' for none."""

    line: str
    body: str
    job: str = ""

    @property
    def source(self) -> str:
        """To a kernel a last line with an end and one without are the same: what ends in empty lines keeps all its ends."""
        whole = f"{self.line}\n{self.body}"
        return whole if whole.endswith("\n\n") else whole.removesuffix("\n")


# -- there -----------------------------------------------------------------------------------------------------------------


def notebook_text(workflow: Workflow, executor: str = "docker") -> str:
    """The notebook file: run from top to bottom, it runs the workflow. executor: that it names, which a parameter can change."""
    said = _said(workflow)
    jobs = {job.id: job for job in workflow.jobs}
    cells = [markdown(_opening(workflow)), code(_PARAMETERS.format(executor=executor), TAG), code(_LOAD)]
    for one in said:
        if one.job:
            cells.append(markdown(_title(jobs[one.job])))
        cells.append(code(one.source))
    cells += [markdown(_RUN_TITLE), code("pk.pipeline()"), code(_START), code("await run.finish()")]
    name = re.sub(r"[^A-Za-z0-9_-]", "-", Path(workflow.path).stem)[:40]
    return file_text(cells, name)


_PARAMETERS = """\
directory: str = ""  # the repository; empty: the one that this notebook stands in
executor: str = "{executor}"  # where it runs: docker, or host for this machine itself"""
_LOAD = "import pipelinekit as pk\n\n%load_ext pipelinekit"
_RUN_TITLE = """\
## Run it

`await run.step()` takes one step, `await run.until("JOB/STEP")` goes on to one. A step that fails can be edited in its cell, and \
`await run.retry()` takes it again."""
_START = "run = pk.pipeline().start(directory=directory or \".\", executor=executor)\nrun"


def _opening(workflow: Workflow) -> str:
    return (
        f"# {workflow.title if workflow.name else Path(workflow.path).name}\n\n"
        f"The workflow `{workflow.path}`, one cell a step. Running all cells runs it; an edited cell counts once it is run again. "
        f"`pk.export({json.dumps(workflow.path, ensure_ascii=False)})` writes it back."
    )


def _title(job: Job) -> str:
    title = f"## {job.name.text if job.name else job.id}"
    needs = [f"`{need.text}`" for need in job.needs]
    return f"{title}\n\nNeeds {listed(needs, most=8)}." if needs else title


def _said(workflow: Workflow) -> tuple[Said, ...]:
    """The cells, such that they say the very text; all in one where that does not come out."""
    ends, text = "lf", workflow.source
    if text.count("\r\n") == text.count("\n") > 0:
        ends, text = "crlf", text.replace("\r\n", "\n")
    options = [*(["--line-ends", ends] if ends != "lf" else []), *([] if text.endswith("\n") else ["--no-end"])]
    text = text if text.endswith("\n") else f"{text}\n"
    written, _ = read(workflow.path, text)
    whole = Said(_line("workflow", workflow.path, *options, "--verbatim"), text)
    if written is None:
        return (whole,)
    pieces = cut(written)
    said = tuple(_cells(workflow.path, pieces, options)) if pieces.jobs else (whole,)
    try:
        return said if _draft(said).text() == workflow.source else (whole,)
    except WorkflowInvalid:  # one of them does not stand alone
        return (whole,)


def _draft(said: Sequence[Said]) -> Draft:
    draft = Draft()
    for one in said:
        _give(draft, one.source)
    return draft


def _cells(path: str, pieces: Pieces, options: Sequence[str]) -> Iterator[Said]:
    cut_jobs = [job for job in pieces.jobs if job.steps]
    usual = Indent(pieces.indent, cut_jobs[0].keys, cut_jobs[0].dashes) if cut_jobs else Indent(pieces.indent)
    words = [*(["--indent", ",".join(map(str, usual))] if usual != Indent() else []), *options]
    yield _one("workflow", shown_head(pieces.head), path, *words)
    for job in pieces.jobs:
        yield from _job(job, usual)
    if pieces.tail:
        yield _one("workflow", shown_tail(pieces.tail, 0), "--after-jobs")


def _job(piece: JobPiece, usual: Indent) -> Iterator[Said]:
    indent = Indent(usual.jobs, piece.keys, piece.dashes) if piece.steps else usual
    words = ["--indent", ",".join(map(str, indent))] if indent != usual else []
    head = _one("job", shown_job(piece.id, piece.head, indent, has_steps=bool(piece.steps)), piece.id, *words)
    yield Said(head.line, head.body, piece.id)
    for number, step in enumerate(piece.steps, 1):
        yield _one("step", shown_step(step, indent.dashes), f"{piece.id}/{number}")
    if piece.tail:
        yield _one("job", shown_tail(piece.tail, indent.keys), piece.id, "--after-steps")


def _one(magic: str, shown: Options, *words: str) -> Said:
    return Said(_line(magic, *words, *(["--verbatim"] if shown.verbatim else [])), shown.body)


def _line(magic: str, *words: str) -> str:
    return f"%%{magic} {shlex.join(words)}"


# -- back ------------------------------------------------------------------------------------------------------------------


def draft_of(notebook: Path) -> Draft:
    """The workflow that the cells of a notebook file define, read without running it.

    Raises WorkflowInvalid for a file that is no notebook, one whose cells define nothing, and one that defines stages in Python.
    """
    draft = Draft()
    for number, cell in enumerate(read_book(notebook).cells, 1):
        if cell.kind != "code" or _give(draft, cell.source):
            continue
        if _IN_PYTHON.search(cell.source):
            hint = 'run it, and say pk.export("ci.yml") in it'
            raise _invalid(notebook, f"its cell {number} defines a stage in Python, which only running it tells", hint)
        for name, everything in _LINE.findall(cell.source):
            draft.clear() if everything else draft.remove(name)
    if not draft.is_given:
        raise _invalid(notebook, "no cell defines a stage", "cells that do begin with %%stage, %%workflow, %%job or %%step")
    return draft


def _give(draft: Draft, source: str) -> bool:
    """Whether the cell was one that says a part of a workflow."""
    first, _, body = source.lstrip("\n").partition("\n")
    body = body if body.endswith("\n") or not body else f"{body}\n"  # as IPython does
    magic = _MAGIC.fullmatch(first.rstrip())
    if magic is None:
        return False
    try:
        give(draft, magic[1], magic[2], body)
    except Helped:
        return False
    return True


def _invalid(notebook: Path, what: str, hint: str) -> WorkflowInvalid:
    return WorkflowInvalid(Problem("notebook", f"{notebook.name}: {what}", hint=hint))
