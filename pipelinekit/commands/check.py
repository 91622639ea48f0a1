"""`pipelinekit check`: read workflow files, and the actions beside them, and tell what is wrong with them."""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from pipelinekit.checks.all_checks import check
from pipelinekit.console.problems import wants_colour, write_problems
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.workflows.calls import local_call_problems
from pipelinekit.workflows.find import FOLDER, find, read_shown, workflow_files, workflow_folder
from pipelinekit.workflows.local_actions import local_action_problems
from pipelinekit.workflows.read_action import ACTION_FILES, read_action


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
    found = (problem for path in paths for problem in problems_of(args.directory, path))
    # An action that several workflows use is told of once.
    problems = list({(problem.position, problem.code, problem.message): problem for problem in found}.values())
    if args.format == "json":
        out.write(json.dumps({"files": len(paths), "problems": [as_json(problem) for problem in problems]}, indent=2) + "\n")
    else:
        write_problems(problems, out, colour=wants_colour(out, args.environment))
        out.write(("\n" if problems else "") + _summary(paths, problems) + "\n")
    return 2 if any(problem.severity is Severity.ERROR for problem in problems) else 0


def problems_of(directory: Path, path: Path) -> list[Problem]:
    """What the reader says of the file, and where that is no error, what the checks say. path: of a workflow, or of an action."""
    if path.name in ACTION_FILES:
        return read_action(os.path.relpath(path, directory), path.read_bytes())[1]
    workflow, problems = read_shown(directory, path)
    if workflow is None:
        return problems
    folder = workflow_folder(path.parent)
    if folder is None:
        return [*problems, *check(workflow)]
    top = folder.parent.parent
    return [*problems, *local_call_problems(workflow, top), *check(workflow), *local_action_problems(workflow, top, directory)]


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


def _summary(paths: Sequence[Path], problems: Sequence[Problem]) -> str:
    what = "file" if any(path.name in ACTION_FILES for path in paths) else "workflow"
    counts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "note"))
        if (number := sum(problem.severity is severity for problem in problems))
    ]
    return f"{len(paths)} {what}{'' if len(paths) == 1 else 's'} checked: {', '.join(counts) or 'nothing is wrong'}"
