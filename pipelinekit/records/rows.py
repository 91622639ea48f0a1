"""Events of one run attempt into the rows of its tables: a pure fold that keeps only what has not ended yet.

Log lines are no rows here: there may be millions, and `record` writes them as they come.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import assert_never

from pipelinekit.model.event import (
    Annotated,
    ArtifactSaved,
    CacheUsed,
    Event,
    LegFinished,
    LegKept,
    LegQueued,
    LegReady,
    LegStarted,
    LinesLogged,
    Measured,
    Noted,
    ReportFound,
    RunFinished,
    RunPaused,
    RunStarted,
    StepFinished,
    StepSkipped,
    StepStarted,
    SummaryWritten,
)
from pipelinekit.model.measure import FileCoverage, TestExecution
from pipelinekit.model.outcome import Outcome, State

Row = dict[str, object]  # by column of the table; times are seconds since 1970; what is missing is null


@dataclass(slots=True)
class Rows:
    """The rows of one run attempt, made event by event. `job_of`: leg to the id of its job."""

    job_of: dict[str, str] = field(default_factory=dict)
    _started: RunStarted | None = None
    _finished: RunFinished | RunPaused | None = None
    _legs: dict[str, Row] = field(default_factory=dict)
    _steps: dict[str, dict[int, Row]] = field(default_factory=dict)
    _remembered: dict[str, str] = field(default_factory=dict)
    _covered: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, event: Event) -> Iterable[tuple[str, Row]]:
        """Take one event; the rows (with their table) that are whole by it."""
        match event:
            case RunStarted():
                self._started = event
            case RunFinished() | RunPaused():
                self._finished = event
            case LegQueued() | LegReady() | LegStarted() | LegFinished() | LegKept():
                self._add_leg(event)
            case StepStarted() | StepFinished() | StepSkipped():
                self._add_step(event)
            case Annotated() | CacheUsed() | ArtifactSaved() | Measured():
                return self._whole(event)
            case LinesLogged() | SummaryWritten() | ReportFound() | Noted():
                pass
            case _:
                assert_never(event)
        return ()

    def end(self) -> Iterator[tuple[str, Row]]:
        """The rows that are whole only when nothing more comes: legs in the order queued, their steps, last the run."""
        for leg, row in self._legs.items():
            yield "jobs", row
            for step in self._steps.get(leg, {}).values():
                # What is told again took no time: as a duration that would be one of an execution.
                yield "steps", step | {"duration_seconds": None} if leg in self._remembered else step
        if self._started is not None:
            yield "runs", self._run_row(self._started)

    def _run_row(self, started: RunStarted) -> Row:
        row = _fields(started, _RUN_FIELDS)
        row |= {"created_at": started.at, "started_at": started.at, "inputs": json.dumps(started.inputs)}
        if (ended := self._finished) is not None:
            outcome = State.PAUSED if isinstance(ended, RunPaused) else ended.outcome
            row |= {"outcome": outcome, "reason": ended.reason, "finished_at": ended.at}
            row["duration_seconds"] = _between(started.at, ended.at)
        return row

    def head(self, leg: str) -> Row:
        """What every row of a leg begins with."""
        run = {} if self._started is None else {"run_id": self._started.run_id, "attempt": self._started.attempt}
        return {**run, "job": self.job_of.get(leg, ""), "leg": leg}

    def _add_leg(self, event: LegQueued | LegReady | LegStarted | LegFinished | LegKept) -> None:
        match event:
            case LegQueued():
                self.job_of[event.leg] = event.job
                point = {"matrix": json.dumps(event.matrix), "needs": json.dumps(event.needs)}
                self._legs[event.leg] = self.head(event.leg) | point
                return
            case _:
                row = self._legs.setdefault(event.leg, self.head(event.leg))
        match event:
            case LegReady():
                row["created_at"] = event.at
            case LegStarted():
                if event.remembered:
                    self._remembered[event.leg] = event.remembered
                row |= {"runner": event.runner, "image": event.image, "image_digest": event.image_digest}
                row |= {"started_at": event.at, "queued_seconds": _between(row.get("created_at"), event.at)}
            case LegFinished():
                row |= {"outcome": event.outcome, "reason": event.reason, "finished_at": event.at}
                row |= {"cpu_seconds": event.cpu_seconds, "peak_memory_bytes": event.peak_memory_bytes}
                row |= {"remembered": event.remembered or None, "saved_seconds": event.saved_seconds}
                row["duration_seconds"] = _between(row.get("started_at"), event.at)
            case LegKept(paused=True):
                row |= {"outcome": State.PAUSED, "reason": f'it stands before "{event.step}"', "finished_at": event.at}
                row["duration_seconds"] = _between(row.get("started_at"), event.at)
            case LegKept():
                pass
            case _:
                assert_never(event)

    def _add_step(self, event: StepStarted | StepFinished | StepSkipped) -> None:
        steps = self._steps.setdefault(event.leg, {})
        row = steps.setdefault(event.step, self.head(event.leg) | {"step_index": event.step})
        match event:
            case StepStarted():
                row |= _step_fields(event) | {"started_at": event.at}
            case StepSkipped():
                row |= _step_fields(event)
                row |= {"outcome": Outcome.SKIPPED, "conclusion": Outcome.SKIPPED, "condition": event.condition}
            case StepFinished():
                row |= {"outcome": event.outcome, "conclusion": event.conclusion, "exit_code": event.exit_code}
                row |= {"reason": event.reason, "duration_seconds": _between(row.get("started_at"), event.at)}
            case _:
                assert_never(event)

    def _whole(self, event: Annotated | CacheUsed | ArtifactSaved | Measured) -> Iterator[tuple[str, Row]]:
        head = self.head(event.leg)
        if isinstance(event, Annotated | CacheUsed):
            head["step_index"] = event.step
        match event:
            case Annotated():
                yield "annotations", head | _fields(event, _ANNOTATION_FIELDS)
            case CacheUsed():
                yield "caches", head | _fields(event, _CACHE_FIELDS)
            case ArtifactSaved():
                stored = {"digest": event.digest, "size_bytes": event.size_bytes, "files": event.files}
                yield "artifacts", head | {"name": event.name, **stored, "created_at": event.at}
            case Measured():
                head["remembered"] = self._remembered.get(event.leg)
                for test in event.tests:
                    yield "tests", head | _fields(test, _TEST_FIELDS)
                for covered in event.coverage:
                    # The same run of the tests often leaves two coverage files (XML and LCOV): the first one counts.
                    if (key := (event.leg, covered.flag, covered.file)) not in self._covered:
                        self._covered.add(key)
                        yield "coverage", head | _fields(covered, _COVERAGE_FIELDS)
            case _:
                assert_never(event)


def rows_of(events: Iterable[Event]) -> dict[str, list[Row]]:
    """All rows of a run attempt by their table, log lines apart; for one that still lives too."""
    tables: dict[str, list[Row]] = {}
    rows = Rows()
    for event in events:
        for table, row in rows.add(event):
            tables.setdefault(table, []).append(row)
    for table, row in rows.end():
        tables.setdefault(table, []).append(row)
    return tables


def _fields(value: object, names: Iterable[str]) -> Row:
    return {name: getattr(value, name) for name in names}


def _step_fields(event: StepStarted | StepSkipped) -> Row:
    return {"parent": event.parent, "step": event.id, "name": event.name, "uses": event.uses}


def _between(start: object, end: float) -> float | None:
    # What is left of a microsecond is the noise of subtracting large floats.
    return round(end - start, 6) if isinstance(start, float | int) else None


_RUN_FIELDS = (
    "run_id", "attempt", "number", "source", "simulated", "repository", "workflow", "path", "event", "branch", "commit",
    "subject", "tree", "dirty", "actor", "executor", "host", "url",
)  # fmt: skip
_ANNOTATION_FIELDS = ("severity", "title", "message", "file", "line", "end_line", "column", "end_column")
_CACHE_FIELDS = ("kind", "key", "matched_key", "result", "size_bytes", "seconds", "saved_seconds")
_TEST_FIELDS = tuple(f.name for f in fields(TestExecution))
_COVERAGE_FIELDS = tuple(f.name for f in fields(FileCoverage))
