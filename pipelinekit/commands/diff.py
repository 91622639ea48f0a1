"""`pipelinekit diff`: in what two runs differ, the answer first."""

import argparse
import json
from typing import TextIO

from pipelinekit.answers.difference import as_data
from pipelinekit.answers.difference_text import lines
from pipelinekit.answers.two_runs import compared
from pipelinekit.commands.recorded_runs import RUN, add_store, opened


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="BEFORE", help=f"the run to compare with: {RUN}")
    parser.add_argument("after", metavar="AFTER", help="the run that is compared with it")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    add_store(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    store = opened(args)
    found = compared(store, store.find_attempt(args.before), store.find_attempt(args.after))
    if args.format == "json":
        out.write(json.dumps(as_data(found), indent=2) + "\n")
    else:
        out.writelines(f"{line}".rstrip() + "\n" for line in lines(found))
    return 0
