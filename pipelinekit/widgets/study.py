"""What the store and the logs say of a run that goes on: how long its legs usually take, its critical path, why legs failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import critical_path, failures, flaky, query
from pipelinekit.model.outcome import State
from pipelinekit.model.run_state import LegState, RunState, StepState
from pipelinekit.records.journal_log import JournalLog
from pipelinekit.run_views.live_run import Failure
from pipelinekit.views.ansi import plain
from pipelinekit.views.words import of, percent, plural, sentence

if TYPE_CHECKING:
    from pipelinekit.records.store import Store

LAST = 2000  # lines of a failed step that are looked through

_USUAL = """
SELECT leg, median(duration_seconds) AS seconds FROM jobs SEMI JOIN (SELECT run_id FROM runs WHERE path = $path) USING (run_id)
WHERE outcome = 'success' AND coalesce(remembered, '') = '' AND duration_seconds IS NOT NULL GROUP BY leg"""
_JOBS = {
    "run_id": "string", "attempt": "int", "job": "string", "leg": "string", "needs": "string", "started_at": "time",
    "finished_at": "time", "queued_seconds": "float", "duration_seconds": "float",
}  # fmt: skip
_LOGS = {"run_id": "string", "attempt": "int", "job": "string", "leg": "string", "step_index": "int", "number": "int",
         "stream": "string", "text": "string"}  # fmt: skip
_STEPS = {
    "run_id": "string", "attempt": "int", "leg": "string", "step_index": "int", "parent": "int", "outcome": "string",
    "conclusion": "string",
}  # fmt: skip


def usual(store: Store, path: str) -> dict[str, float]:
    """Seconds that each leg of the workflow file took, the median of those that succeeded."""
    jobs, runs = store.table("jobs"), store.table("runs", columns=["run_id", "path"])
    if not len(jobs):
        return {}
    return {row["leg"]: row["seconds"] for row in query.ask(_USUAL, {"path": path}, jobs=jobs, runs=runs).to_pylist()}


def path(state: RunState, now: float) -> frozenset[str]:
    """The legs that decide how long the run takes, as far as it has come."""
    rows = [_job(leg, now) for leg in state.legs]
    if not any(row["started_at"] for row in rows):
        return frozenset()
    found = critical_path.of_runs(query.rows(rows, _JOBS)).to_pylist()
    return frozenset(row["leg"] for row in found if row["on_path"])


def _job(leg: LegState, now: float) -> dict[str, Any]:
    end = leg.finished_at if leg.finished_at is not None else now
    started = leg.started_at
    needs = ",".join(f'"{need}"' for need in leg.needs)
    return {
        "run_id": "", "attempt": 1, "job": leg.job, "leg": leg.leg, "needs": f"[{needs}]",
        "started_at": None if started is None else datetime.fromtimestamp(started, UTC),
        "finished_at": None if started is None else datetime.fromtimestamp(end, UTC),
        "queued_seconds": None if started is None else max(0.0, started - (leg.ready_at or started)),
        "duration_seconds": None if started is None else end - started,
    }  # fmt: skip


def failed(state: RunState, log: JournalLog, store: Store) -> tuple[Failure, ...]:
    """Why legs failed: legs of one job that failed in one step, with the same tests or lines, together."""
    found: dict[tuple[object, ...], Failure] = {}
    known = _known(store) if any(leg.failed_tests for leg in _failed(state)) else {}
    for leg in _failed(state):
        step = leg.failed_step
        lines = tuple(_deciding(leg, step, log)) if step is not None else ()
        key = (leg.job, step and step.name, leg.failed_tests or tuple(text for _, text in lines))
        if (before := found.get(key)) is not None:
            found[key] = replace(before, legs=(*before.legs, leg.leg))
        else:
            found[key] = Failure((leg.leg,), step.name if step else "", _finding(leg, step), _said(leg, known), lines)
    return tuple(found.values())


def _failed(state: RunState) -> list[LegState]:
    """Legs that failed, and those that stand at a step that did."""
    return [leg for leg in state.legs if leg.state is State.FAILURE or (not leg.state.finished and leg.failed_step is not None)]


def _finding(leg: LegState, step: StepState | None) -> str:
    if leg.failed_tests:
        return f"{of(len(leg.failed_tests), leg.tests)} {'test' if leg.tests == 1 else 'tests'} failed."
    if step is None:
        return sentence(leg.reason or "nothing more was recorded") + "."
    return sentence(step.reason or f"exit code {step.exit_code}") + "."


def _deciding(leg: LegState, step: StepState, log: JournalLog) -> Iterator[tuple[int, str]]:
    lines = log.before(leg.leg, {step.index}, LAST)
    shared = {"run_id": "", "attempt": 1, "job": leg.job, "leg": leg.leg}
    rows = [
        {**shared, "step_index": line.step, "number": line.number, "stream": line.stream, "text": line.text}
        for line in lines
        if not (line.stream == "runner" and line.text.startswith("$ "))  # the command is known: what it said is asked for
    ]
    if rows:
        steps = [{**shared, "step_index": step.index, "outcome": "failure", "conclusion": "failure"}]
        decide = failures.deciding_lines(query.rows(rows, _LOGS), query.rows(steps, _STEPS))
        yield from ((row["number"], plain(row["text"])) for row in decide.to_pylist())


def _known(store: Store) -> dict[str, dict[str, Any]]:
    """By test what is known of those that are not steady."""
    tests = store.table("tests")
    if not len(tests):
        return {}
    found = flaky.by_test(tests, store.table("runs"), store.table("jobs")).to_pylist()
    return {row["test"]: row for row in found if row["class"] in ("flaky", "suspect")}


def _said(leg: LegState, known: dict[str, dict[str, Any]]) -> str:
    rows = [known[test] for test in dict.fromkeys(leg.failed_tests) if test in known]
    if len(rows) == 1:
        row = rows[0]
        rate = percent(row["failed_runs"] / row["runs"], row["runs"]) if row["runs"] else ""
        return f"{row['test']} is known to be flaky: it failed in {of(row['failed_runs'], row['runs'])} runs ({rate})."
    return f"{plural(len(rows), 'test')} of them are known to be flaky." if rows else ""


def flaky_legs(state: RunState, before: RunState | None) -> frozenset[str]:
    """Legs that succeeded where they had failed in the attempt before, on the same code and with the same commands."""
    if before is None or state.started is None or before.started is None or state.started.tree != before.started.tree:
        return frozenset()
    failed_then = {leg.leg: leg.failed_step for leg in _failed(before)}
    again = [leg for leg in state.legs if leg.state is State.SUCCESS and leg.leg in failed_then and not leg.remembered]
    return frozenset(leg.leg for leg in again if _ran_again(leg, failed_then[leg.leg]))


def _ran_again(leg: LegState, failed: StepState | None) -> bool:
    """Whether it ran what had failed: a step that was edited in a cell has another command in the same code.

    Steps before that one need not run again.
    """
    if failed is None:
        return True
    ran = (step for step in leg.steps if step.index and step.state is not State.SKIPPED)
    return any((step.uses, step.command) == (failed.uses, failed.command) for step in ran)


def key(legs: Iterable[LegState]) -> Sequence[object]:
    """What a finding depends on: while it is the same, so is the answer."""
    return [(leg.leg, leg.state, leg.failed_step and leg.failed_step.index, leg.failed_tests) for leg in legs]

