"""`pipelinekit run`: run a workflow, show it, record it."""

import argparse
import threading
from typing import TextIO

from pipelinekit.commands.running import add_running, carry, surroundings_of
from pipelinekit.commands.wishes import add_wishes, wish_of
from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.workbench.planning import make
from pipelinekit.workbench.session import Session, recover


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_wishes(parser)
    parser.add_argument("--executor", choices=[*EXECUTORS], default="docker", help="where it runs (usual: docker)")
    add_running(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    threading.Thread(target=_warm, args=(args.executor,), daemon=True).start()
    planned = make(wish_of(args), args.directory, args.environment)
    surroundings = surroundings_of(args, args.executor)
    recover(surroundings.store, args.environment)
    return carry(Session(planned, surroundings), args, out)


def _warm(executor: str) -> None:
    """docker takes 0.25 s to import: it does while the plan is made."""
    if executor == "docker":
        import docker  # noqa: F401
