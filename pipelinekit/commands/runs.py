"""`pipelinekit runs`: the runs in the store, newest first."""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from pipelinekit.answers.grid import columns
from pipelinekit.answers.run_words import word
from pipelinekit.commands.recorded_runs import Row, add_store, opened
from pipelinekit.console.problems import styled, wants_colour
from pipelinekit.records.store import Store
from pipelinekit.views.words import commit, count, duration, plural, when_short

SHOWN = 20  # of a long list the newest must still be on the screen

_STYLES = {"failure": "red", "running": "yellow", "paused": "blue", "cancelled": "faint", "skipped": "faint"}
_HEAD = ("run", "state", "workflow", "branch", "commit", "took", "started (UTC)", "")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json: the rows of the table `runs`")
    parser.add_argument("--limit", type=_limit, metavar="N", help=f"only the newest N (usual: {SHOWN} in text, all in JSON)")
    add_store(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    store = opened(args)
    rows: list[Row] = store.runs()
    if args.format == "json":
        from pipelinekit.records.scan import for_json  # pyarrow: 0.2 s that --help does not need

        out.write(json.dumps([for_json("runs", row) for row in rows[: args.limit]], indent=2) + "\n")
        return 0
    rows = store.live_runs() + rows
    if not rows:
        out.write(_nothing(store))
        return 0
    shown = rows[: args.limit or SHOWN]
    colour = wants_colour(out, args.environment)
    for cells, state in zip(columns([_HEAD, *map(_cells, shown)], frozenset({0, 5})), ["", *map(word, shown)], strict=True):
        style = _STYLES.get(state)
        cells[1] = styled(cells[1], style, colour) if style else cells[1]
        out.write("  ".join(cells).rstrip() + "\n")
    if older := len(rows) - len(shown):
        out.write(f"{plural(older, 'older run')}: pipelinekit runs --limit {len(rows)}\n")
    out.writelines(f"{line}\n" for line in _standing(store, rows))
    return 0


def _standing(store: Store, rows: list[Row]) -> Iterator[str]:
    """What stands at a stop, each with the command that goes on."""
    if not any((store.path / "work").glob("*/*/kept.json")):
        return
    from pipelinekit.workbench.kept import kept_places  # the running wing, which only this needs

    numbers = {row["run_id"]: row["number"] for row in rows}
    for place in kept_places(store):
        if place.run_id in numbers:
            number, leg = numbers[place.run_id], place.leg
            how = "is paused before" if leg.paused else "failed at"
            until = when_short(datetime.fromtimestamp(leg.until, UTC))
            yield f'run {number}: "{leg.leg}" {how} "{leg.step}", kept until {until}: pipelinekit resume {number}'


def _cells(row: Row) -> tuple[str, ...]:
    subject = (row["subject"] or "")[:48]
    attempt = f"attempt {row['attempt']}"
    known = (("simulated", row["simulated"]), ("replay", row["source"] == "replay"), (attempt, row["attempt"] > 1))
    marks = [mark for mark, on in known if on]
    return (
        count(row["number"]), word(row), row["workflow"] or "", row["branch"] or "", commit(row["commit"] or ""),
        duration(row["duration_seconds"]), when_short(row["started_at"]), ", ".join([*marks, *([subject] if subject else [])]),
    )  # fmt: skip


def _nothing(store: Store) -> str:
    return f"no runs are stored yet in {store.path}\n  `pipelinekit run ci.yml` records one\n"


def _limit(text: str) -> int:
    try:
        limit = int(text)
    except ValueError:
        limit = 0
    if limit < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of runs from 1')
    return limit
