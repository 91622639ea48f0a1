"""`pipelinekit notebook`: a workflow as a notebook, one cell a step, and the way back."""

import argparse
from pathlib import Path
from typing import TextIO

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.notebook.convert import draft_of, notebook_text
from pipelinekit.workflows.find import find
from pipelinekit.workflows.read import read_file


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


def run(args: argparse.Namespace, out: TextIO) -> int:
    """0. Raises WorkflowInvalid for what can't be read, and for a notebook that is not to be overwritten."""
    if args.verb == "from":
        _make_notebook(args, out)
    else:
        _make_workflow(args, out)
    return 0


def _make_notebook(args: argparse.Namespace, out: TextIO) -> None:
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
    _write(file, notebook_text(workflow, args.executor))
    steps = sum(len(job.steps) for job in workflow.jobs)
    out.write(f"{target}: {_counted(len(workflow.jobs), 'job')}, {_counted(steps, 'step')}\n")


def _make_workflow(args: argparse.Namespace, out: TextIO) -> None:
    draft = draft_of(Path(args.directory, args.notebook))
    text = draft.text()
    if args.out:
        _write(Path(args.directory, args.out), text)
        out.write(f"{args.out}: {_counted(len(draft.read().jobs), 'job')}\n")
    else:
        out.write(text)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())  # with the line ends that it has


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
