"""The arguments by which `plan` and `run` say what is wanted."""

import argparse
import json
from pathlib import Path

from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.workbench.planning import Wish


def add_wishes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="a path, or a name in .github/workflows; the only one if not said")
    parser.add_argument("--event", help="what happens in the repository (push, pull_request, workflow_dispatch ...)")
    parser.add_argument("--payload", metavar="FILE", help="JSON file laid over github.event")
    parser.add_argument("--job", action="append", default=[], metavar="JOB", help="only this job and what it needs (repeatable)")
    parser.add_argument("--matrix", action="append", default=[], metavar="KEY:VALUE", help="only legs with this value (repeatable)")
    parser.add_argument("--input", action="append", default=[], metavar="KEY=VALUE", help="an input of a dispatch (repeatable)")
    parser.add_argument("--var", action="append", default=[], metavar="KEY=VALUE", help="a value of the vars context (repeatable)")


def wish_of(args: argparse.Namespace) -> Wish:
    """Raises WorkflowInvalid for an argument that is not of its form."""
    matrix: dict[str, list[str]] = {}
    for key, value in pairs("--matrix", args.matrix, ":"):
        matrix.setdefault(key, []).append(value)
    payload = {}
    if args.payload:
        try:
            payload = json.loads(Path(args.directory, args.payload).read_text(encoding="utf-8"))
        except (OSError, ValueError) as wrong:
            raise WorkflowInvalid(Problem("payload", f'the payload "{args.payload}" can\'t be read: {wrong}')) from wrong
    return Wish(
        args.file, args.event, tuple(args.job), matrix, dict(pairs("--input", args.input)), dict(pairs("--var", args.var)), payload
    )


def pairs(option: str, words: list[str], sign: str = "=") -> list[tuple[str, str]]:
    """Each word cut at its first sign. Raises WorkflowInvalid for one without."""
    for word in words:
        if sign not in word:
            raise WorkflowInvalid(Problem("argument", f'{option} must be KEY{sign}VALUE, here it is "{word}"'))
    return [(key, value) for key, value in (word.split(sign, 1) for word in words)]
