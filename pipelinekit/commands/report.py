"""`pipelinekit report build` and `pipelinekit report serve`: the health report as a site of plain files."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pipelinekit.records.store import Store

PORT = 8000

Tell = Callable[[str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="build|serve", required=True)
    for verb, what in (("build", "make the site"), ("serve", "make the site, then serve it on this machine")):
        own = verbs.add_parser(verb, help=what, description=what)
        own.add_argument("--store", metavar="DIR", help="the store to report on; the repository's own if not said")
        own.add_argument("--out", metavar="DIR", help="where the site goes; `site` at the repository's top if not said")
        own.add_argument("--notebooks", metavar="DIR", help="executed notebooks to publish with it")
        if verb == "serve":
            own.add_argument("--port", type=int, default=PORT, help=f"on 127.0.0.1; {PORT} if not said, 0 for any that is free")


def run(args: argparse.Namespace, out: TextIO) -> int:
    directory: Path = args.directory
    store = Store.find(directory, args.environment, args.store)
    top = next((folder for folder in (directory, *directory.parents) if (folder / ".git").exists()), directory)
    target = directory / args.out if args.out else top / "site"
    build(store, top.name, target, directory / args.notebooks if args.notebooks else None, args.environment, out)
    return _serve(target, args.port, out) if args.verb == "serve" else 0


def build(store: Store, title: str, target: Path, notebooks: Path | None, environment: dict[str, str], out: TextIO) -> None:
    """Make the site and say where it is. title: for a store whose runs name no repository. notebooks: a folder of executed ones.

    Raises WorkflowInvalid where `target` is not ours to replace, SurroundingsMissing where a package is missing.
    """
    # Only now: pyarrow, DuckDB and the analysis take half a second that `--help` has no use for.
    from pipelinekit.report import site
    from pipelinekit.report.all_pages import site_of
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.notebooks import books

    site.check_out(target)
    began = time.monotonic()
    with _progress(out) as (pages_tell, stages_tell):
        stages_tell("reading the store")
        evidence = Evidence(store, title)
        whole = site_of(evidence, books(notebooks, evidence.run_page), pages_tell)
        site.build(whole, target, environment, stages_tell)
    pages = len(whole.pages) + len(whole.books)
    out.write(f"built {pages} pages in {time.monotonic() - began:.1f}s: {target / 'index.html'}\n")


@contextmanager
def _progress(out: TextIO) -> Iterator[tuple[Tell, Tell]]:
    """What tells of pages and of stages: on a terminal one line that is written anew, in a pipe a line for each stage."""
    if not out.isatty():
        yield (lambda _: None), (lambda stage: _line(out, stage))
        return
    from rich.console import Console  # 0.1 s that only a terminal needs

    with Console(file=out).status("") as status:
        yield status.update, status.update


def _line(out: TextIO, text: str) -> None:
    out.write(f"{text}\n")
    out.flush()


def _serve(folder: Path, port: int, out: TextIO) -> int:
    from pipelinekit.report.serve import serving

    with serving(folder, port) as (server, address):
        out.write(f"serving {address}index.html, Ctrl-C ends it\n")
        out.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stderr.write("\n")
    return 0
