"""The one door: arguments in, exit code out. Errors become text here, and nowhere else."""

import argparse
import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid

COMMANDS: dict[str, str] = {
    "check": "read workflow files and tell what is wrong with them",
    "plan": "show what would run, and in which order",
    "run": "run a workflow",
    "resume": "go on with a run that failed or was paused",
    "clean": "remove what stands at a stop",
    "runs": "list the runs in the store",
    "show": "show one run: legs, steps, what failed",
    "logs": "print the log of a run or of one job",
    "diff": "compare two runs: what came out, and what went in",
    "stats": "answer: health, flaky tests, build times, coverage, cache",
    "report": "build the health report, or serve it",
    "notebook": "make a notebook of a workflow, one cell a step, write it back, or run one",
    "lab": "open JupyterLab on the repository",
    "doctor": "say what is there on this machine, what is missing, and how to mend it",
    "lessons": "list the lessons with progress, or begin one",
    "demo": "do the whole main job once, on a small real project",
    "engine": "make a container engine and base images available",
}

FINE, FAILED, INVALID, MISSING, DEFECT, PAUSED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


def parser_of(command: str | None) -> argparse.ArgumentParser:
    """The argument tree; only the chosen command's module is imported, so `--help` stays quick."""
    parser = argparse.ArgumentParser(
        prog="pipelinekit",
        description="Run CI pipelines step by step on this machine, and publish a health report of them.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands:\n" + "\n".join(f"  {name:<9} {what}" for name, what in COMMANDS.items()),
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    if command in COMMANDS:
        subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=False)
        verb = subparsers.add_parser(command, help=COMMANDS[command], description=COMMANDS[command])
        importlib.import_module(f"pipelinekit.commands.{command}").add_arguments(verb)
    else:
        parser.add_argument("command", nargs="?", metavar="COMMAND", choices=[*COMMANDS], help="see below")
    return parser


def main(argv: Sequence[str] | None = None, out: TextIO | None = None) -> int:
    """Parse, call one command, return its exit code.

    0 fine, 1 the pipeline failed, 2 what was written is wrong, 3 something around us is missing, 4 a defect of ours,
    5 paused, 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    stream = sys.stdout if out is None else out
    parser = parser_of(next((w for w in words if not w.startswith("-")), None))
    try:
        args = parser.parse_args(words)
    except SystemExit as stop:  # argparse has printed why
        return int(stop.code or 0)
    if args.version:
        from importlib.metadata import version  # 20 ms that only this answer needs

        print(f"pipelinekit {version('pipelinekit')}", file=stream)
        return FINE
    if args.command is None:
        parser.print_help(stream)
        return FINE
    args.environment = dict(os.environ)
    args.directory = Path.cwd()
    return _run(args, stream)


def run_and_leave() -> NoReturn:
    """The program as a process. It leaves at once: taking pyarrow and numpy apart in memory would cost 70 ms more."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


def _run(args: argparse.Namespace, out: TextIO) -> int:
    from pipelinekit.console.problems import wants_colour, write_problems  # only now: --help needs no console

    command = importlib.import_module(f"pipelinekit.commands.{args.command}")
    try:
        return int(command.run(args, out))
    except WorkflowInvalid as wrong:
        out.flush()
        colour = wants_colour(sys.stderr, args.environment)
        write_problems(wrong.problems, sys.stderr, colour=colour, sources=wrong.sources)
        return INVALID
    except SurroundingsMissing as missing:
        out.flush()
        sys.stderr.write(f"{missing}\n")
        return MISSING
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception:  # noqa: BLE001 - the last door: whatever comes here is a defect of ours, and is written down
        return _defect(args)


def _defect(args: argparse.Namespace) -> int:
    log = Path(args.directory) / "pipelinekit-defect.log"
    text = traceback.format_exc()
    sys.stderr.write(f"a defect in pipelinekit, not in your pipeline: {text.strip().splitlines()[-1]}\n")
    try:
        log.write_text(f"pipelinekit {' '.join(sys.argv[1:])}\n{text}", encoding="utf-8")
        sys.stderr.write(f"  the details are in {log}\n  please report it with that file\n")
    except OSError:
        sys.stderr.write(text)
    return DEFECT
