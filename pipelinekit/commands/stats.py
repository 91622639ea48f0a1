"""`pipelinekit stats`: which tests are flaky, what takes how long, how much is covered, what caches save."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TextIO

from pipelinekit.analysis import windows
from pipelinekit.answers.all_answers import ALL_ANSWERS
from pipelinekit.answers.grid import lines
from pipelinekit.answers.question import asked
from pipelinekit.records.store import Store
from pipelinekit.views import words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", choices=[*ALL_ANSWERS], help="what to answer")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--store", metavar="DIR", help="the store; the repository's own if not said")
    parser.add_argument("--workflow", metavar="W", default="", help="only runs of this workflow: its name or its file")
    parser.add_argument("--branch", metavar="B", default="", help="only runs of this branch")
    parser.add_argument(
        "--days", metavar="N", type=_days, default=windows.DAYS,
        help=f"the N days up to the newest run, compared with the N before ({windows.DAYS})",
    )  # fmt: skip


def run(args: argparse.Namespace, out: TextIO) -> int:
    store = Store.find(args.directory, args.environment, args.store)
    about = asked(store, args.workflow, args.branch, args.days)
    if about is None:
        sentence = _nothing(store, args)
        out.write(_as_json(args.question, sentence, {"rows": []}) if args.format == "json" else f"{sentence}\n")
        return 0
    answer = ALL_ANSWERS[args.question](about)
    if args.format == "json":
        window = about.window
        of = {"begins_at": window.begins_at, "ends_at": window.ends_at, "runs": len(about.runs), "simulated": about.simulated}
        out.write(_as_json(args.question, answer.sentence, answer.data, of))
    else:
        out.write("\n\n".join([answer.sentence, *map(lines, answer.grids), about.about]) + "\n")
    return 0


def _days(text: str) -> int:
    try:
        days = int(text)
    except ValueError:
        days = 0
    if days < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of days from 1')
    return days


def _nothing(store: Store, args: argparse.Namespace) -> str:
    stored = len(store.table("runs", columns=["run_id"]))
    if stored:
        given = [f"{name} {value}" for name, value in (("--workflow", args.workflow), ("--branch", args.branch)) if value]
        return f"None of the {words.plural(stored, 'run')} in {store.path} matches {' '.join(given)}."
    return f"No runs are stored yet in {store.path}.\n`pipelinekit run ci.yml` records one."


def _as_json(question: str, sentence: str, data: Mapping[str, object], about: Mapping[str, object] | None = None) -> str:
    answer = {"question": question, "sentence": sentence, **(about or {}), **data}
    return json.dumps(answer, indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
