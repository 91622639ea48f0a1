"""What was recorded of a lesson's runs, as checks look at it: rows of the store's tables, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelinekit.records.store import Row, Store

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("jobs", "steps", "tests", "caches", "artifacts", "annotations")


@dataclass(frozen=True, slots=True)
class SeenRun:
    """One run attempt. jobs ... annotations: its rows, those of steps and annotations in the order in which they happened."""

    row: Row
    jobs: tuple[Row, ...]
    steps: tuple[Row, ...]
    tests: tuple[Row, ...]
    caches: tuple[Row, ...]
    artifacts: tuple[Row, ...]
    annotations: tuple[Row, ...]

    @property
    def number(self) -> int:
        return int(self.row["number"])

    @property
    def succeeded(self) -> bool:
        return bool(self.row["outcome"] == "success")

    @property
    def seconds(self) -> float:
        return float(self.row["duration_seconds"] or 0.0)

    @property
    def failed_tests(self) -> tuple[Row, ...]:
        return tuple(test for test in self.tests if test["outcome"] in ("failed", "error"))

    @property
    def lookups(self) -> tuple[Row, ...]:
        """Of caches."""
        return tuple(row for row in self.caches if row["result"] != "saved")

    def job(self, name: str) -> Row | None:
        """The row of a job without a matrix."""
        return next((row for row in self.jobs if row["job"] == name), None)

    def said(self, title: str, pattern: str = ".*") -> list[str]:
        """What steps said by annotations of this title, in order; the first group of the pattern where it has one."""
        found = (re.search(pattern, row["message"]) for row in self.annotations if row["title"] == title)
        return [match[1] if match.re.groups else match[0] for match in found if match]

    def until_failure(self) -> tuple[float, Row] | None:
        """Seconds from the run's start to the end of the first step that failed, and that step; None where none did."""
        ends = ((_end(step), step) for step in self.steps if step["outcome"] == "failure" and step["started_at"] is not None)
        first = min(ends, key=lambda pair: pair[0], default=None)
        return None if first is None else (first[0] - self.row["started_at"].timestamp(), first[1])


@dataclass(frozen=True, slots=True)
class Seen:
    """runs: those that have ended, oldest first. jobs: the table of that name, for the analysis of all of them.

    answer: the learner's, '' where none was given.
    """

    runs: tuple[SeenRun, ...]
    jobs: pa.Table
    answer: str = ""

    @property
    def newest(self) -> SeenRun | None:
        return self.runs[-1] if self.runs else None

    @classmethod
    def of(cls, store: Store, answer: str = "") -> Seen:
        """Everything that the store holds. Raises SurroundingsMissing for a broken file."""
        from pipelinekit.records.scan import plain_rows  # pyarrow: 0.2 s that `pipelinekit lessons` alone does not need

        tables = {name: store.table(name) for name in (*TABLES, "runs")}
        rows = {name: _by_run(plain_rows(tables[name])) for name in TABLES}
        runs = sorted(plain_rows(tables["runs"]), key=lambda row: (row["number"], row["attempt"]))
        return cls(tuple(_run(row, rows) for row in runs if row["finished_at"] is not None), tables["jobs"], answer)


def _run(row: Row, rows: dict[str, dict[tuple[str, int], list[Row]]]) -> SeenRun:
    own = {name: rows[name].get((row["run_id"], row["attempt"]), []) for name in TABLES}
    steps = sorted(own["steps"], key=lambda step: (step["started_at"] is None, step["started_at"], step["step_index"]))
    order = {(step["leg"], step["step_index"]): at for at, step in enumerate(steps)}
    told = sorted(own["annotations"], key=lambda told: order.get((told["leg"], told["step_index"]), 0))
    return SeenRun(
        row, tuple(own["jobs"]), tuple(steps), tuple(own["tests"]), tuple(own["caches"]), tuple(own["artifacts"]), tuple(told)
    )


def _by_run(rows: Iterable[Row]) -> dict[tuple[str, int], list[Row]]:
    found: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        found.setdefault((row["run_id"], row["attempt"]), []).append(row)
    return found


def _end(step: Row) -> float:
    return float(step["started_at"].timestamp() + (step["duration_seconds"] or 0.0))
