"""`pipelinekit run`: run a workflow, show it, record it."""

import argparse
import threading
from dataclasses import replace
from typing import TextIO

from pipelinekit.commands.running import add_running, carry, surroundings_of
from pipelinekit.commands.wishes import add_wishes, wish_of
from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.workbench.planning import make
from pipelinekit.workbench.recovery import recover
from pipelinekit.workbench.session import Session, Surroundings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_wishes(parser)
    parser.add_argument("--executor", choices=[*EXECUTORS], default="docker", help="where it runs (usual: docker)")
    parser.add_argument("--fresh", action="store_true", help="run every leg, also those that would come out as they did before")
    add_running(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    surroundings = replace(surroundings_of(args, args.executor), fresh=args.fresh)
    threading.Thread(target=_warm, args=(surroundings,), daemon=True).start()
    planned = make(wish_of(args), args.directory, args.environment)
    recover(surroundings.store, args.environment)
    return carry(Session(planned, surroundings), args, out)


def _warm(surroundings: Surroundings) -> None:
    """What takes 0.2 s to import, and will be needed first, is imported while the plan is made."""
    if surroundings.may_recall:
        import pyarrow.json
        import pyarrow.parquet  # noqa: F401
    elif surroundings.executor == "docker":
        import docker  # noqa: F401
