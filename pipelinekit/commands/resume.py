"""`pipelinekit resume`: go on with a run that failed or was paused, perhaps after an edit."""

import argparse
from typing import TextIO

from pipelinekit.commands.running import add_running, carry, surroundings_of
from pipelinekit.workbench.recovery import recover
from pipelinekit.workbench.resume import resume


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="its number, or the beginning of its id")
    parser.add_argument("--from", default="", dest="start", metavar="JOB/STEP",
                        help="run again from here (usual: from what did not end well)")
    add_running(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    surroundings = surroundings_of(args, "docker")
    recover(surroundings.store, args.environment)
    return carry(resume(args.run, surroundings, args.directory, args.start), args, out)
