"""`pipelinekit engine`: make a container engine and base images available."""

import argparse
import threading
from typing import TextIO

from pipelinekit.executors import engine
from pipelinekit.executors.debian_images import DEFAULT_PYTHONS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--images",
        metavar="LIST",
        default=",".join(DEFAULT_PYTHONS),
        help="Python versions to have an image of, as 3.11,3.9 (default: %(default)s; `none` for the engine alone)",
    )


def run(args: argparse.Namespace, out: TextIO) -> int:
    """0 when the engine answers and the images are there. Raises SurroundingsMissing."""
    lock = threading.Lock()

    def say(line: str) -> None:
        with lock:
            out.write(f"{line}\n")
            out.flush()

    pythons = [] if args.images == "none" else [version.strip() for version in args.images.split(",") if version.strip()]
    client = engine.engine(args.environment, say)
    engine.base_images(client, pythons, args.environment, say)
    return 0
