"""`pipelinekit check`: read workflow files and tell what is wrong with them."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from pipelinekit.checks.all_checks import check
from pipelinekit.console.problems import wants_colour, write_problems
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.workflows.calls import local_call_problems
from pipelinekit.workflows.find import FOLDER, find, read_shown, workflow_files, workflow_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help=f"a path, or a name in {FOLDER}; all workflows there if none is given"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one object, for programs")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """0, or 2 where there is an error; warnings are told and do not fail."""
    paths = [find(args.directory, name) for name in args.files] or workflow_files(args.directory)
    if not paths:
        raise WorkflowInvalid(Problem("file", f"there is no workflow in {FOLDER}", hint="give a file to check"))
    problems = [problem for path in paths for problem in problems_of(args.directory, path)]
    if args.format == "json":
        out.write(json.dumps({"files": len(paths), "problems": [as_json(problem) for problem in problems]}, indent=2) + "\n")
    else:
        write_problems(problems, out, colour=wants_colour(out, args.environment))
        out.write(("\n" if problems else "") + _summary(len(paths), problems) + "\n")
    return 2 if any(problem.severity is Severity.ERROR for problem in problems) else 0


def problems_of(directory: Path, path: Path) -> list[Problem]:
    """What the reader says of the file, and where that is no error, what the checks say."""
    workflow, problems = read_shown(directory, path)
    if workflow is None:
        return problems
    folder = workflow_folder(path.parent)
    calls = local_call_problems(workflow, folder.parent.parent) if folder else []
    return [*problems, *calls, *check(workflow)]


def as_json(problem: Problem) -> dict[str, object]:
    """code, severity, message, hint; file, line and column (from 1), length; related: other places with a word on each."""
    place = problem.position
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message,
        "hint": problem.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "length": problem.length,
        "related": [
            {"file": other.file, "line": other.line, "column": other.column, "message": word} for other, word in problem.related
        ],
    }


def _summary(files: int, problems: Sequence[Problem]) -> str:
    counts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "note"))
        if (number := sum(problem.severity is severity for problem in problems))
    ]
    return f"{files} workflow{'' if files == 1 else 's'} checked: {', '.join(counts) or 'nothing is wrong'}"
