"""Recorded runs in a cell, down to their log: `pk.show(7)`. Each has the heading that links to runs lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pipelinekit.analysis import failures
from pipelinekit.answers.grid import columns
from pipelinekit.answers.question import Asked
from pipelinekit.model.outcome import State
from pipelinekit.model.run_state import LegState, RunState
from pipelinekit.notebook.evidence import opened
from pipelinekit.notebook.sheet import cell
from pipelinekit.records.store import Store
from pipelinekit.report import run_failure
from pipelinekit.report.evidence import Evidence, Row
from pipelinekit.report.recorded import run_state
from pipelinekit.report.run_log import read
from pipelinekit.run_views import parts as run_parts
from pipelinekit.views import ansi, log
from pipelinekit.views.icons import icon
from pipelinekit.views.icons import state as state_view
from pipelinekit.views.markup import Html, Piece, join, tag
from pipelinekit.views.run_links import MIME, RunRef, run_ref, told
from pipelinekit.views.sentences import commit, meta
from pipelinekit.views.tables import Column, table
from pipelinekit.views.tables import Row as TableRow
from pipelinekit.views.words import duration, plural, when


class Attempt(Protocol):
    """What names a run attempt: a run that was started here, or a link to one."""

    @property
    def run_id(self) -> str: ...
    @property
    def attempt(self) -> int: ...


Meant = int | str | Mapping[str, Any] | Attempt

ALONE, AMONG = 400, 40  # lines of its log that a run shows alone, and among others


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run attempt as the store has it."""

    row: Row
    state: RunState
    deciding: tuple[Row, ...]
    tests: tuple[Row, ...]
    store: Store

    @property
    def ref(self) -> RunRef:
        return run_ref(self.row)


@dataclass(frozen=True, slots=True)
class RecordedRuns:
    """One run whole, or several folded, each under a heading with its number."""

    runs: tuple[RecordedRun, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        alone = len(self.runs) == 1
        html = join((_run(run, alone=alone) for run in self.runs), "\n") if self.runs else tag("p", "No run to show.")
        return {"text/html": cell(html), "text/plain": repr(self), MIME: told(run.ref for run in self.runs)}

    def __repr__(self) -> str:
        return "\n\n".join(_text(run) for run in self.runs) or "No run to show."


def show(*runs: Meant, store: Store | Asked | Path | str | None = None) -> RecordedRuns:
    """Recorded runs, down to their log: `pk.show(7)`, `pk.show("7.1")`, `pk.show(*pk.stats.flaky().runs)`.

    runs: numbers as `pipelinekit show` takes them, what links name, or rows of table `runs`. store: as for `pk.stats.flaky`.
    Raises WorkflowInvalid, which lists the runs, for one that the store does not have.
    """
    kept = store.store if isinstance(store, Asked) else opened(store)
    evidence = Evidence(kept, "")
    return RecordedRuns(tuple(_recorded(evidence, row_of(kept, run)) for run in runs))


def row_of(store: Store, run: Meant) -> Row:
    """The row of table `runs` that is meant."""
    match run:
        case int() | str():
            return store.find_attempt(str(run))
        case Mapping():
            return store.find_attempt(f"{run['run_id']}.{run['attempt']}")
        case _:
            return store.find_attempt(f"{run.run_id}.{run.attempt}")


def _recorded(evidence: Evidence, row: Row) -> RecordedRun:
    state = run_state(evidence, row)
    own = {"run_id": row["run_id"], "attempt": row["attempt"]}
    if not any(leg.state is State.FAILURE for leg in state.legs):
        return RecordedRun(row, state, (), (), evidence.store)
    logs, steps, tests = (evidence.store.table(name, **own) for name in ("logs", "steps", "tests"))
    deciding, failed = failures.deciding_lines(logs, steps), failures.failed_tests(tests)
    return RecordedRun(row, state, tuple(deciding.to_pylist()), tuple(failed.to_pylist()), evidence.store)


def _run(run: RecordedRun, *, alone: bool) -> Html:
    # Within a notebook it leads to itself, in the report to the run's page.
    heading = tag("h3", tag("a", f"Run {run.ref}", href=f"#{run.ref.anchor}"), id=run.ref.anchor)
    says = meta(
        state_view(_word(run.row)), duration(run.row["duration_seconds"]), commit(run.row["commit"] or ""), run.row["subject"]
    )
    causes = run_failure.causes(run.state, run.deciding, run.tests)
    about = meta(run.row["workflow"], run.row["branch"], when(run.row["started_at"]), run.row["reason"])
    inside = join((
        tag("p", about, class_="pk-meta"), run_failure.callouts(causes, run.state), _legs(run),
        _log(run, run.state.legs, ALONE) if alone else _log(run, [cause.legs[0] for cause in causes], AMONG),
    ))  # fmt: skip
    if alone:
        return join((heading, tag("p", says), inside))
    return join((heading, tag("details", tag("summary", says), inside, class_="pk-twin", open=bool(causes))))


def _word(row: Row) -> str:
    return row["outcome"] or "running"


def _legs(run: RecordedRun) -> Html:
    titles = (Column("Leg", "name"), Column("State"), Column("Took", "number"), Column("Stopped at", "name"))
    rows = (
        TableRow((leg.leg, state_view(run_parts.word(leg)), run_parts.took(leg), _stopped(leg)))
        for leg in run_parts.failed_first(run.state.legs)
    )
    return table(titles, rows, stack=False, middle=True)


def _stopped(leg: LegState) -> str:
    return leg.failed_step.name if leg.failed_step else leg.reason


def _log(run: RecordedRun, of: Iterable[LegState], most: int) -> Piece:
    """The steps of these legs as folds; among other runs only those that failed."""
    legs = [leg for leg in run_parts.failed_first(of) if leg.steps]
    if not legs:
        return None
    share = max(10, most // len(legs))
    boxes = tag("div", *(_leg_log(run, leg, share, whole=most == ALONE) for leg in legs), class_="pk-log")
    return join((boxes, tag("p", f"All of it: pipelinekit logs {run.ref}", class_="pk-meta")))


def _leg_log(run: RecordedRun, leg: LegState, most: int, *, whole: bool) -> Html:
    lines = read(leg, run.store.log(run.row["run_id"], run.row["attempt"], leg.leg))
    failed = leg.failed_step
    steps = [step for step in run_parts.ordered_steps(leg) if whole or (failed and step.index == failed.index)]
    keep = log.kept([len(lines.steps[step.index].lines) if step.index in lines.steps else 0 for step in steps], most)
    folds = []
    for step, share in zip(steps, keep, strict=True):
        its = list(lines.steps[step.index].lines) if step.index in lines.steps else []
        took = None if step.started_at is None or step.finished_at is None else step.finished_at - step.started_at
        left = f"The first {plural(len(its) - share, 'line')} are left out.\n" if len(its) > share else ""
        text = left + "\n".join(ansi.plain(line.text) for line in its[len(its) - share :])
        summary = tag("summary", icon(step.state.value), tag("b", step.name), tag("span", duration(took), class_="pk-num"))
        body = tag("p", text or step.reason or "It printed nothing.", class_="pk-says")
        folds.append(tag("details", summary, body, class_="pk-fold", open=failed is not None and step.index == failed.index))
    return tag("section", tag("p", tag("b", leg.leg), class_="pk-says"), *folds, class_="pk-leglog")


def _text(run: RecordedRun) -> str:
    row = run.row
    head = "  ".join(filter(None, [
        f"Run {run.ref}", _word(row), duration(row["duration_seconds"]), (row["commit"] or "")[:7], row["subject"] or "",
    ]))  # fmt: skip
    legs = [(leg.leg, run_parts.word(leg), run_parts.took(leg), _stopped(leg)) for leg in run_parts.failed_first(run.state.legs)]
    lines = ("  " + "  ".join(cells).rstrip() for cells in columns(legs)) if legs else ()
    return "\n".join([head, *lines, *_reasons(run.deciding)])


def _reasons(deciding: Iterable[Row]) -> list[str]:
    """What the failed steps said, the same of several legs once."""
    return list(dict.fromkeys(f"  {ansi.plain(row['text'])}" for row in deciding))
