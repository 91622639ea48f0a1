"""`pipelinekit clean`: remove what stands at a stop, and say what."""

import argparse
from typing import TextIO

from pipelinekit.records.store import Store
from pipelinekit.views.words import plural
from pipelinekit.workbench.kept import discard, kept_places
from pipelinekit.workbench.recovery import recover


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="DIR", help="the store (usual: .pipelinekit at the repository's top)")


def run(args: argparse.Namespace, out: TextIO) -> int:
    store = Store.find(args.directory, args.environment, args.store)
    for run_id in recover(store, args.environment):
        out.write(f"closed run {run_id}, which was killed, and removed what it had left\n")
    places = kept_places(store)
    for place in discard(places, args.environment):
        what = f"container {place.leg.place[:12]}" if place.leg.executor == "docker" else f"folder {place.leg.place}"
        out.write(f'removed the {what} of "{place.leg.leg}", which stood at "{place.leg.step}"\n')
    out.write(f"{plural(len(places), 'kept place')} removed\n" if places else "nothing is kept\n")
    return 0
