"""`pipelinekit show`: one run, its legs and steps, and what failed."""

import argparse
import json
from collections import deque
from collections.abc import Iterator
from typing import Any, TextIO

from pipelinekit.answers.grid import columns
from pipelinekit.answers.run_words import word
from pipelinekit.commands.recorded_runs import RUN, Row, add_store, legs_of, opened
from pipelinekit.console.runs import deciding
from pipelinekit.model.event import Noted
from pipelinekit.model.outcome import State
from pipelinekit.model.run_state import LegState
from pipelinekit.records.store import Store
from pipelinekit.report.recorded import step_state
from pipelinekit.run_views.parts import ordered_steps
from pipelinekit.views.ansi import plain
from pipelinekit.views.words import commit, count, duration, plural, size, when

LAST_LINES = 5_000  # of a failed step: what decided stands near its end
FAILED_TESTS = 10

Shown = dict[str, Any]  # the run's row; each leg's with steps, failure, caches, artifacts, annotations; notes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help=RUN)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    add_store(parser)


def run(args: argparse.Namespace, out: TextIO) -> int:
    store = opened(args)
    shown = _gathered(store, store.find_attempt(args.run))
    if args.format == "json":
        out.write(json.dumps(_as_json(shown), indent=2) + "\n")
    else:
        out.writelines(f"{line}".rstrip() + "\n" for line in _as_text(shown))
    return 0


# --- gathering


def _gathered(store: Store, found: Row) -> Shown:
    key = (found["run_id"], found["attempt"])
    tables = {name: store.rows(name, *key) for name in ("steps", "tests", "caches", "artifacts", "annotations")}
    legs = []
    for row in legs_of(store, found):
        own = {name: [other for other in rows if other["leg"] == row["leg"]] for name, rows in tables.items()}
        tests = own.pop("tests")
        legs.append({"row": row, **own, "failure": _failure(store, key, row["leg"], own["steps"], tests)})
    notes = [event.message for event in store.events(*key) if isinstance(event, Noted)]
    return {"run": found, "legs": legs, "notes": notes}


def _failure(store: Store, key: tuple[str, int], leg: str, steps: list[Row], tests: list[Row]) -> Shown | None:
    """The step that failed a leg, the lines of its log that decided, the tests whose last execution failed."""
    failed = _state(leg, steps).failed_step
    if failed is None:
        return None
    step = next(row for row in steps if row["step_index"] == failed.index)
    log = (row["text"] for row in store.log(*key, leg) if row["step_index"] == step["step_index"])
    last = {(row["suite"], row["class_name"], row["test"]): row for row in tests}
    names = [row["test"] for row in last.values() if row["outcome"] in ("failed", "error")]
    return {"step": step, "lines": deciding(map(plain, deque(log, LAST_LINES))), "tests": names}


def _state(leg: str, steps: list[Row]) -> LegState:
    """The leg's steps, as far as it takes to see which of them stand in which."""
    return LegState(leg, "", State.RUNNING, steps=tuple(map(step_state, steps)))


# --- JSON


def _as_json(shown: Shown) -> Shown:
    from pipelinekit.records.scan import for_json  # pyarrow: 0.2 s that --help does not need

    def listed(table: str, rows: list[Row]) -> list[Row]:
        return [for_json(table, row) for row in rows]

    legs = []
    for leg in shown["legs"]:
        failure = leg["failure"] and {**leg["failure"], "step": leg["failure"]["step"]["step_index"]}
        parts = {name: listed(name, leg[name]) for name in ("steps", "caches", "artifacts", "annotations")}
        legs.append({**for_json("jobs", leg["row"]), "failure": failure, **parts})
    return {"run": for_json("runs", shown["run"]), "legs": legs, "notes": shown["notes"]}


# --- text


def _as_text(shown: Shown) -> Iterator[str]:
    row = shown["run"]
    yield from _heading(row)
    for leg in shown["legs"]:
        yield ""
        yield from _leg(leg)
    for title, rows in (("artifacts", _artifacts(shown["legs"])), ("annotations", _annotations(shown["legs"]))):
        if rows:
            yield ""
            yield title
            yield from (f"  {'  '.join(cells)}" for cells in columns(rows))
    if shown["notes"]:
        yield ""
        yield "notes"
        yield from (f"  {note}" for note in shown["notes"])
    if any(leg["failure"] for leg in shown["legs"]):
        first = next(leg for leg in shown["legs"] if leg["failure"])
        yield ""
        step = first["failure"]["step"]
        yield f'look further: pipelinekit logs {row["number"]} "{first["row"]["leg"]}" --step {step["step_index"]}'


def _heading(row: Row) -> Iterator[str]:
    took = f" in {duration(row['duration_seconds'])}" if row["duration_seconds"] is not None else ""
    reason = f": {row['reason']}" if row["reason"] else ""
    attempt = f", attempt {row['attempt']}" if row["attempt"] > 1 else ""
    made = ", simulated" if row["simulated"] else ", replay" if row["source"] == "replay" else ""
    yield f"run {count(row['number'])}{attempt}{made}: {word(row)}{took}{reason}"
    changed = ", with uncommitted changes" if row["dirty"] else ""
    what = " ".join(part for part in (commit(row["commit"] or ""), row["subject"] or "") if part)
    # Of a run that another program made, any of these may be unknown.
    event = f"{row['event'] or ''} to {row['branch']}" if row["branch"] else row["event"] or ""
    yield f"  {', '.join(part for part in (row['workflow'], row['path'], event) if part)}{changed}"
    if what:
        yield f"  {what}"
    by = f" by {row['actor']}" if row["actor"] else ""
    where = " on ".join(part for part in (row["executor"], row["host"]) if part)
    yield f"  started {when(row['started_at'])}{by}{f', {where}' if where else ''}"
    yield f"  {row['run_id']}"


def _leg(leg: Shown) -> Iterator[str]:
    row = leg["row"]
    took = f" in {duration(row['duration_seconds'])}" if row["duration_seconds"] is not None else ""
    waited = f", waited {duration(row['queued_seconds'])}" if row["queued_seconds"] else ""
    image = f", {row['image']}" if row["image"] else ""
    reason = f": {row['reason']}" if row["reason"] else ""
    yield f"{row['leg']}: {word(row)}{took}{waited}{image}{reason}"
    state, rows = _state(row["leg"], leg["steps"]), {step["step_index"]: step for step in leg["steps"]}
    ordered = [(rows[step.index], len(state.around(step))) for step in ordered_steps(state)]
    steps = columns([_step_cells(step, depth) for step, depth in ordered], frozenset({0, 3})) if ordered else []
    for (step, _), cells in zip(ordered, steps, strict=True):
        yield f"  {'  '.join(cells)}"
        if step["condition"]:
            yield from (f"          {line}" for line in step["condition"].splitlines())
        if leg["failure"] and step is leg["failure"]["step"]:
            yield from (f"          {line}" for line in leg["failure"]["lines"])
    if leg["failure"] and (names := leg["failure"]["tests"]):
        more = f" and {plural(len(names) - FAILED_TESTS, 'more', 'more')}" if len(names) > FAILED_TESTS else ""
        yield f"  failed tests: {', '.join(names[:FAILED_TESTS])}{more}"
    for cache in leg["caches"]:
        saved = f", saved about {duration(cache['saved_seconds'])}" if cache["saved_seconds"] else ""
        yield f"  cache {cache['result']}: {cache['key']}{saved}"


def _step_cells(row: Row, depth: int) -> tuple[str, ...]:
    state = word(row, "conclusion")
    forgiven = row["outcome"] == "failure" and row["conclusion"] == "success"
    code = f"exit code {row['exit_code']}" if row["exit_code"] else ""
    said = ", ".join(part for part in ("failed, and was forgiven" if forgiven else "", code, row["reason"] or "") if part)
    return (str(row["step_index"]), state, f"{'  ' * depth}{row['name']}", duration(row["duration_seconds"]), said)


def _artifacts(legs: list[Shown]) -> list[tuple[str, ...]]:
    return [
        (row["name"], size(row["size_bytes"]), plural(row["files"], "file"), row["digest"], f"from {row['leg']}")
        for leg in legs
        for row in leg["artifacts"]
    ]


def _annotations(legs: list[Shown]) -> list[tuple[str, ...]]:
    def place(row: Row) -> str:
        return ":".join(str(part) for part in (row["file"], row["line"], row["column"]) if part)

    return [
        (row["severity"], row["leg"], place(row), ": ".join(part for part in (row["title"], row["message"].split("\n")[0]) if part))
        for leg in legs
        for row in leg["annotations"]
    ]
