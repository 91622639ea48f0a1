"""The rows of one run back into its state, so that a page shows it as terminal and notebook do.

The tables are the contract, and all that an imported run has; summaries and notes are in the journal only.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from pipelinekit.model.event import Annotated, ArtifactSaved, CacheUsed, Noted, RunStarted, SummaryWritten
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.problem import Severity
from pipelinekit.model.run_state import LegState, RunState, StepState

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence, Row, RunKey


def run_state(evidence: Evidence, run: Row) -> RunState:
    """run: a row of table `runs`. Legs in the order of the table `jobs`, which is that of the plan."""
    key = (run["run_id"], run["attempt"])
    summaries, notes = _from_journal(evidence, key)
    legs = tuple(_leg(evidence, key, at, job, summaries) for at, job in enumerate(evidence.rows("jobs", key)))
    finished = run["finished_at"]
    return RunState(_started(run), _state(run["outcome"]), legs, finished and _seconds(finished), run["reason"] or "", notes)


def _leg(evidence: Evidence, key: RunKey, at: int, job: Row, summaries: dict[str, tuple[str, ...]]) -> LegState:
    leg = job["leg"]

    def own(table: str) -> list[Row]:
        return [row for row in evidence.rows(table, key) if row["leg"] == leg]

    failed = {(t["class_name"], t["test"]): t["outcome"] for t in sorted(own("tests"), key=lambda t: t["execution"] or 0)}
    return LegState(
        leg=leg,
        job=job["job"],
        state=_state(job["outcome"]),
        index=at,
        needs=tuple(json.loads(job["needs"] or "[]")),
        matrix=json.loads(job["matrix"] or "{}"),
        steps=tuple(step_state(row) for row in own("steps")),
        ready_at=_seconds(job["created_at"]),
        started_at=_seconds(job["started_at"]),
        finished_at=_seconds(job["finished_at"]),
        reason=job["reason"] or "",
        image=job["image"] or "",
        annotations=tuple(_annotation(row) for row in own("annotations")),
        artifacts=tuple(_artifact(row) for row in own("artifacts")),
        caches=tuple(_cache(row) for row in own("caches")),
        summaries=summaries.get(leg, ()),
        tests=len(failed),
        failed_tests=tuple(test for (_, test), outcome in failed.items() if outcome in ("failed", "error")),
    )


def step_state(row: Row) -> StepState:
    """A row of table `steps`."""
    started = _seconds(row["started_at"])
    took = row["duration_seconds"]
    return StepState(
        index=row["step_index"],
        id=row["step"] or "",
        name=row["name"] or "",
        state=_state(row["conclusion"]),
        uses=row["uses"] or "",
        parent=row["parent"],
        started_at=started,
        finished_at=None if started is None or took is None else started + took,
        exit_code=row["exit_code"],
        outcome=Outcome(row["outcome"]) if row["outcome"] in tuple(Outcome) else None,
        reason=row["condition"] or row["reason"] or "",
    )


def _annotation(row: Row) -> Annotated:
    severity = row["severity"] if row["severity"] in tuple(Severity) else Severity.NOTE
    return Annotated(
        at=0.0, leg=row["leg"], step=row["step_index"] or 0, severity=Severity(severity), message=row["message"] or "",
        title=row["title"] or "", file=row["file"] or "", line=row["line"], end_line=row["end_line"],
        column=row["column"], end_column=row["end_column"],
    )  # fmt: skip


def _artifact(row: Row) -> ArtifactSaved:
    at, size, files = _seconds(row["created_at"]) or 0.0, row["size_bytes"] or 0, row["files"] or 0
    return ArtifactSaved(at, row["leg"], 0, row["name"] or "", row["digest"] or "", size, files)


def _cache(row: Row) -> CacheUsed:
    return CacheUsed(
        at=0.0, leg=row["leg"], step=row["step_index"] or 0, kind=row["kind"], key=row["key"], result=row["result"],
        matched_key=row["matched_key"] or "", size_bytes=row["size_bytes"], seconds=row["seconds"],
        saved_seconds=row["saved_seconds"],
    )  # fmt: skip


def _started(run: Row) -> RunStarted:
    return RunStarted(
        at=_seconds(run["started_at"]) or _seconds(run["created_at"]) or 0.0,
        run_id=run["run_id"], attempt=run["attempt"], number=run["number"], source=run["source"] or "",
        repository=run["repository"] or "", workflow=run["workflow"] or "", path=run["path"] or "",
        event=run["event"] or "", branch=run["branch"] or "", commit=run["commit"] or "", subject=run["subject"] or "",
        tree=run["tree"] or "", dirty=bool(run["dirty"]), actor=run["actor"] or "", executor=run["executor"] or "",
        host=run["host"] or "", inputs=json.loads(run["inputs"] or "{}"), url=run["url"] or "",
        simulated=bool(run["simulated"]),
    )  # fmt: skip


def _from_journal(evidence: Evidence, key: RunKey) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Summaries by leg, and notes; nothing where the journal is gone."""
    summaries: dict[str, tuple[str, ...]] = {}
    notes: list[str] = []
    for event in evidence.store.events(*key):
        match event:
            case SummaryWritten():
                summaries[event.leg] = (*summaries.get(event.leg, ()), event.text)
            case Noted():
                notes.append(event.message)
            case _:
                continue
    return summaries, tuple(notes)


def _state(word: str | None) -> State:
    """The state of an outcome's word; of none, as of a run that has not ended, running."""
    return State(word) if word in tuple(State) else State.RUNNING


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
