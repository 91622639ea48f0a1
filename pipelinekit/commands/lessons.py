"""`pipelinekit lessons`: the lessons with progress; `pipelinekit lessons start NAME` brings one to where the learner works."""

import argparse
import json
from pathlib import Path
from typing import TextIO

from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.lesson import find
from pipelinekit.lessons.listing import lessons, start
from pipelinekit.lessons.progress import CheckProgress
from pipelinekit.lessons.shown import Listed, Listing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--in", metavar="DIR", dest="place", default=".", help="where one works (usual: the current folder)")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json: a list, with every check")
    verbs = parser.add_subparsers(dest="verb", metavar="start")
    verb = verbs.add_parser("start", help="copy a lesson's notebook", description="copy a lesson's notebook to where one works")
    verb.add_argument("name", metavar="NAME", help=f"its name or its number: {', '.join(LESSONS)}")
    verb.add_argument("target", nargs="?", metavar="DIR", default=".", help="where to (usual: the current folder)")


def run(args: argparse.Namespace, out: TextIO) -> int:
    directory = Path(args.directory)
    if args.verb == "start":
        _start(args.name, directory / args.target, out)
        return 0
    found = lessons(directory / args.place)
    if args.format == "json":
        out.write(json.dumps([_told(one) for one in found.lessons], indent=2) + "\n")
    else:
        out.write(f"{found!r}\n{_what_next(found)}\n")
    return 0


def _start(name: str, target: Path, out: TextIO) -> None:
    row = find(name)
    file, copied = start(row, target)
    done = "copied to" if copied else "is there already, and stays as it is:"
    out.write(f"{row.title}: the notebook {done} {file}\n")
    beside = file.parent / row.name
    laid = "lies beside it, in" if beside.is_dir() else "will be laid out beside it, in"
    out.write(f"  open it: pipelinekit lab {file.parent}\n  its pipeline {laid} {beside}\n")


def _what_next(found: Listing) -> str:
    """The command for the first lesson that is not through."""
    left = next((one for one in found.lessons if not one.passed), None)
    if left is None:
        return "all of them passed"
    verb = f"pipelinekit lessons start {left.row.name}" if left.progress is None else f"pipelinekit lab {left.notebook.parent}"
    return f"next: {verb}"


def _told(one: Listed) -> dict[str, object]:
    checks = [
        {
            "name": check.name, "asks": check.asks, "extra": check.extra,
            **_about(one.progress.of(check.name) if one.progress else CheckProgress()),
        }
        for check in one.row.checks
    ]  # fmt: skip
    return {
        "name": one.row.name, "title": one.row.title, "minutes": one.row.minutes, "notebook": str(one.notebook), "state": one.state,
        "begun_at": one.progress.begun_at if one.progress else None,
        "solution_at": (one.progress.solution_at or None) if one.progress else None, "checks": checks,
    }  # fmt: skip


def _about(check: CheckProgress) -> dict[str, object]:
    return {"passed_at": check.passed_at or None, "with_solution": check.helped, "attempts": check.attempts}
