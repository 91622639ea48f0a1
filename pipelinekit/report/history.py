"""The run x test grid's columns and rows: the latest runs of the main branch, and every test that failed in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.report.flaky import anchor
from pipelinekit.views.history_grid import GridRun, GridTest
from pipelinekit.views.words import duration, of

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record

MOST_TESTS = 40
BAD = frozenset("Fk")


def columns(evidence: Evidence) -> list[GridRun]:
    """The latest runs of the main branch that ran tests, oldest first."""
    subjects = {(run["run_id"], run["attempt"]): run["subject"] or "" for run in evidence.runs}
    return [
        _column(evidence, run, subjects.get((run["run_id"], run["attempt"]), ""))
        for run in evidence.main_flaky.marked_runs.to_pylist()
    ]


def _column(evidence: Evidence, run: Record, subject: str) -> GridRun:
    outcome = run["outcome"] or "running"
    rescued = outcome == "success" and evidence.failed_attempts((run["run_id"], run["attempt"])) > 0
    letter = {"success": "k" if rescued else "p", "failure": "F", "cancelled": "c", "skipped": "s"}.get(outcome, "r")
    words = "success after a test failed first (flaky)" if rescued else outcome
    said = [f"Run {run['number']}", words, duration(run["duration_seconds"]), subject]
    if run["left_out"]:
        said.append("outage: left out of the evidence")
    return GridRun(run["number"], letter, run["duration_seconds"], " · ".join(part for part in said if part), run["left_out"])


def rows(evidence: Evidence, runs: list[GridRun]) -> list[GridTest]:
    """Every test that failed at least once in these runs, most failures first."""
    left_out = [run.left_out for run in runs]
    shown = {anchor(row) for row in evidence.flaky.to_pylist() if row["class"] in ("broken", "flaky", "suspect")}
    failed = [row for row in evidence.main_flaky.by_test.to_pylist() if BAD & set(row["marks"])]
    failed.sort(key=lambda row: -sum(letter in BAD for letter in row["marks"]))
    return [_row(row, left_out, shown) for row in failed[:MOST_TESTS]]


def _row(row: Record, left_out: list[bool], shown: set[str]) -> GridTest:
    counted = [mark for mark, out in zip(row["marks"], left_out, strict=True) if not out and mark not in ".s"]
    bad = sum(mark in BAD for mark in counted)
    target = f"flaky.html#{anchor(row)}" if anchor(row) in shown else ""
    word = "broken" if row["class"] == "broken" else "outage" if not bad else ""
    return GridTest(row["test"], row["marks"], of(bad, len(counted)), target, word)
