"""`pipelinekit notebook`: a workflow as a notebook, one cell a step, and the way back; a notebook run with other parameters."""

import argparse
import os
from pathlib import Path
from typing import TextIO

from pipelinekit.books.execute import NotebookFailed, execute
from pipelinekit.books.shipped import shipped
from pipelinekit.commands.wishes import pairs
from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.model.problem import Problem, Severity, SurroundingsMissing, WorkflowInvalid
from pipelinekit.stages.convert import draft_of, notebook_text
from pipelinekit.workflows.find import find
from pipelinekit.workflows.read import read_file
from pipelinekit.workflows.suggest import suggestion


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    what = "make a notebook of a workflow, one cell a step"
    there = verbs.add_parser("from", help=what, description=what)
    there.add_argument("file", nargs="?", metavar="FILE", help="a path, or a name in .github/workflows; the only one if not said")
    there.add_argument("--out", metavar="NOTEBOOK", help="the file to write (usual: the workflow's name with .ipynb, here)")
    there.add_argument("--executor", choices=[*EXECUTORS], default="docker", help="that the notebook names (usual: docker)")
    there.add_argument("--force", action="store_true", help="also where the notebook is there already")
    what = "write the workflow that a notebook's cells define"
    back = verbs.add_parser("to", help=what, description=what)
    back.add_argument("notebook", metavar="NOTEBOOK")
    back.add_argument("--out", metavar="FILE", help="the file to write (usual: print it)")
    what = "run a notebook from top to bottom, and keep the executed copy"
    ahead = verbs.add_parser("run", help=what, description=what)
    ahead.add_argument("notebook", metavar="NOTEBOOK", help="a file, or the name of one that comes with pipelinekit")
    ahead.add_argument("-p", action="append", default=[], dest="parameters", metavar="NAME=VALUE",
                       help="a parameter of its typed cell, read as its type says (repeatable)")
    ahead.add_argument("--out", metavar="FILE", help="the executed copy (usual: its name with .out.ipynb, here)")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """0; 1 where a cell of the notebook failed. Raises WorkflowInvalid for what can't be read, and for what is not to be
    overwritten, SurroundingsMissing for what can't be written.
    """
    return {"from": _make_notebook, "to": _make_workflow, "run": _run_notebook}[args.verb](args, out)


def _make_notebook(args: argparse.Namespace, out: TextIO) -> int:
    path = find(args.directory, args.file)
    shown = path.relative_to(args.directory) if path.is_relative_to(args.directory) else path
    workflow, problems = read_file(path, str(shown))
    if workflow is None:
        raise WorkflowInvalid(*(problem for problem in problems if problem.severity is Severity.ERROR))
    target = args.out or f"{path.stem}.ipynb"
    file = Path(args.directory, target)
    if file.exists() and not args.force:
        hint = "--out names another, --force overwrites it; `pipelinekit notebook to` saves the edits in it"
        raise WorkflowInvalid(Problem("notebook", f'"{target}" is there already', hint=hint))
    _place(args, target).write_bytes(notebook_text(workflow, args.executor).encode())
    steps = sum(len(job.steps) for job in workflow.jobs)
    out.write(f"{target}: {_counted(len(workflow.jobs), 'job')}, {_counted(steps, 'step')}\n")
    return 0


def _make_workflow(args: argparse.Namespace, out: TextIO) -> int:
    draft = draft_of(Path(args.directory, args.notebook))
    text = draft.text()
    if args.out:
        _place(args, args.out).write_bytes(text.encode())  # with the line ends that it has
        out.write(f"{args.out}: {_counted(len(draft.read().jobs), 'job')}\n")
    else:
        out.write(text)
    return 0


def _run_notebook(args: argparse.Namespace, out: TextIO) -> int:
    file = Path(args.directory, args.notebook)
    if not file.exists():
        file = next((ours for ours in shipped() if args.notebook in (ours.stem, ours.name)), file)
    if not file.exists():
        hint = suggestion(args.notebook, [ours.stem for ours in shipped()], "ours are")
        raise WorkflowInvalid(Problem("notebook", f'there is no notebook "{args.notebook}"', hint=hint))
    target = args.out or f"{file.stem}.out.ipynb"
    copy = _place(args, target)
    if copy.resolve() == file.resolve():
        hint = "--out names the executed copy"
        raise WorkflowInvalid(Problem("notebook", f'"{target}" is the notebook itself', hint=hint))
    try:
        execute(file, copy, dict(pairs("-p", args.parameters)), directory=args.directory)
    except NotebookFailed as failed:
        out.write(f"{failed}\n  {target} holds what it did up to there\n")
        return 1
    out.write(f"{target}: executed\n")
    return 0


def _place(args: argparse.Namespace, target: str) -> Path:
    """The file to write, whose folder is made. Raises SurroundingsMissing where it can't be written."""
    file = Path(args.directory, target)
    why = "it is a folder" if file.is_dir() else ""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        why = str(problem.strerror)
    if not why and not os.access(file if file.exists() else file.parent, os.W_OK):
        why = "permission denied"
    if why:
        raise SurroundingsMissing(f'cannot write "{target}" ({why})', "--out names another file")
    return file


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
