"""`pipelinekit diff`: in what two runs differ, the answer first."""

import argparse
import json
from dataclasses import asdict
from typing import Any, TextIO

from pipelinekit.answers.difference import sentence
from pipelinekit.answers.difference_text import lines
from pipelinekit.answers.two_runs import Compared, compared
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
        out.write(json.dumps(_as_json(found), indent=2) + "\n")
    else:
        out.writelines(f"{line}".rstrip() + "\n" for line in lines(found))
    return 0


def _as_json(found: Compared) -> dict[str, Any]:
    from pipelinekit.records.scan import for_json  # pyarrow: 0.2 s that --help does not need

    return {
        "sentence": sentence(found),
        "before": for_json("runs", found.before),
        "after": for_json("runs", found.after),
        **asdict(found.difference),
        "settings": None if found.settings is None else [asdict(setting) for setting in found.settings],
        "logs": [asdict(step) for step in found.logs],
    }
