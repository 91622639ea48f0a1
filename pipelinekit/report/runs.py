"""Runs: is the main branch red now, and what ran, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.report.labels import labels, simulated, state_word
from pipelinekit.report.page import Page
from pipelinekit.views.bars import bar
from pipelinekit.views.icons import state
from pipelinekit.views.markup import Html, Piece, fill, join
from pipelinekit.views.sentences import code, commit, empty, heading, link, meta, note, verdict
from pipelinekit.views.tables import Column, Row, table, tools, two_lines
from pipelinekit.views.words import count, duration, of, plural, when_short

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record

TITLE = "Runs"
NO_RUNS = "No runs are stored yet. This records one; the pages of this report are made from what it did."
COMMAND = "pipelinekit run ci.yml"
FILTERS = ("failure", "flaky", "running", "paused", "cancelled", "remembered")
COLUMNS = (
    Column("State"),
    Column("Run", "name"),
    Column("Workflow", spare=True),
    Column("Took"),
    Column("Started, UTC", "number"),
)


def runs_page(evidence: Evidence) -> Page:
    runs = evidence.runs
    about = meta(plural(len(runs), "run"), simulated(evidence))
    if not runs:
        return Page("runs", TITLE, join((heading(TITLE, about), _nothing())))
    kinds = {row["run_id"] + str(row["attempt"]): _kind(evidence, row) for row in runs}
    counted = {kind: sum(found == kind for found in kinds.values()) for kind in FILTERS}
    longest = max((row["duration_seconds"] or 0.0 for row in runs), default=0.0) or 1.0
    rows = (_row(evidence, run, kinds[run["run_id"] + str(run["attempt"])], longest) for run in runs)
    body = join(
        (
            heading(TITLE, about),
            _verdict(evidence),
            tools("runs", "Find a commit, branch, person or message", counted),
            table(COLUMNS, rows, anchor="runs"),
            note(meta(f"{count(len(runs))} of {count(len(runs))} runs", "flaky: succeeded after a test failed first")),
        ),
        "\n",
    )
    return Page("runs", TITLE, body)


def _nothing() -> Html:
    return join((verdict("Nothing has run yet."), empty(NO_RUNS, COMMAND)))


def _kind(evidence: Evidence, run: Record) -> str:
    """The state by which the table is filtered: of a success also whether it was remembered, or hides a failing attempt."""
    word = state_word(run)
    if word != "success":
        return word
    if evidence.all_remembered((run["run_id"], run["attempt"])):
        return "remembered"
    return "flaky" if evidence.failed_attempts((run["run_id"], run["attempt"])) else word


def _row(evidence: Evidence, run: Record, kind: str, longest: float) -> Row:
    shown = "success, flaky" if kind == "flaky" else kind
    target = evidence.run_page(run["run_id"], run["attempt"])
    attempt = f", attempt {run['attempt']}" if run["attempt"] > 1 else ""
    name = link(target, fill("<b>{}</b> {}", f"{run['number']}{attempt}", run["subject"] or run["workflow"]))
    below = meta(commit(run["commit"] or ""), run["branch"], run["actor"], labels(run))
    seconds = run["duration_seconds"]
    took: Piece = "–" if seconds is None else bar(seconds / longest, duration(seconds), tone="seq-4")
    return Row((state(kind, shown), two_lines(name, below), run["workflow"], took, when_short(run["started_at"])), kind, state=kind)


def _verdict(evidence: Evidence) -> Html:
    main = [run for run in evidence.runs if run["branch"] == evidence.branch]
    ended = [run for run in main if run["outcome"] in ("success", "failure")]
    open_runs = sum(run["outcome"] not in ("success", "failure", "cancelled", "skipped") for run in evidence.runs)
    waiting = f" {plural(open_runs, 'run')} has not ended." if open_runs == 1 else f" {plural(open_runs, 'run')} have not ended."
    where = code(evidence.branch) if evidence.branch else "this branch"
    if not ended:
        return verdict(fill("No run on {} has ended yet.", where), waiting if open_runs else None)
    newest = ended[0]
    target = evidence.run_page(newest["run_id"], newest["attempt"])
    how = "succeeded" if newest["outcome"] == "success" else "failed"
    good = sum(run["outcome"] == "success" for run in ended)
    said = fill("{} runs that ended on {} succeeded.", of(good, len(ended)), where)
    finding = fill("The latest run on {}, {}, {}.", where, link(target, str(newest["number"])), how)
    return verdict(finding, join((said, waiting if open_runs else None)))
