"""`pipelinekit lab`: JupyterLab on the repository, with notebooks that drive its pipeline."""

import argparse
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from pipelinekit.commands.recorded_runs import add_store
from pipelinekit.executors.engine_api import ask
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.notebook import lab
from pipelinekit.notebook.bench import bench
from pipelinekit.records.store import Store
from pipelinekit.workspaces.repository import repository_top

ANSWER_SECONDS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="in the repository to open (usual: this folder)")
    parser.add_argument("--port", type=int, metavar="N", help=f"on {lab.HOST} (usual: {lab.USUAL_PORT}, or any; 0: any)")
    parser.add_argument("--no-browser", action="store_true", help="only say where it is")
    add_store(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    """0 when a person ended it. Raises SurroundingsMissing without JupyterLab, or without the port that was asked for."""
    directory: Path = args.directory / args.folder
    if not directory.is_dir():
        raise WorkflowInvalid(Problem("folder", f'there is no folder "{args.folder}"', hint="name one of the repository to open"))
    lab.check_packages()
    number = lab.port(args.port)
    store = Store.find(directory, args.environment, str(args.directory / args.store) if args.store else None)
    missing = _about_engine(args.environment)
    made = bench(directory, repository_top(directory), store, engine=not missing)

    def say(address: str) -> None:
        out.write(f"JupyterLab on {made.root}\n  {address}\n")
        if made.first is not None:
            out.write(f"  open first: {made.first}\n")
        out.writelines(f"  {line}\n" for line in missing)
        out.write("  Ctrl-C ends it, and what runs in it\n")
        out.flush()

    lab.serve(made, number, secrets.token_hex(16), say, browse=not args.no_browser)
    return 0


def _about_engine(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What to say where no engine answers: notebooks run all the same."""
    try:
        ask(environment, "/version", ANSWER_SECONDS)
    except SurroundingsMissing as silence:
        return silence.message, 'start pipelines with executor="host", or make an engine available: pipelinekit engine'
    return ()
