"""What was recorded of a lesson's runs, as checks look at it: rows of the store's tables, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelinekit.model.run_state import DONE_BEFORE
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
    def called(self) -> str:
        """`run 2`, and of a run that was taken up again `attempt 2 of run 2`."""
        attempt = self.row["attempt"]
        return f"run {self.number}" if attempt == 1 else f"attempt {attempt} of run {self.number}"

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
    def passed_tests(self) -> frozenset[tuple[str, str, str]]:
        """Suite, class and name of each test that ran and passed, and did not fail anywhere."""
        failed = {case(test) for test in self.failed_tests}
        return frozenset(case(test) for test in self.tests if test["outcome"] == "passed") - failed

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
        """Seconds from the run's start to the end of the first step that failed its job, and that step; None where none did."""
        ends = ((_end(step), step) for step in self.steps if step["conclusion"] == "failure" and step["started_at"] is not None)
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
    def of(cls, store: Store, answer: str = "", besides: frozenset[str] = frozenset()) -> Seen:
        """Everything that the store holds but runs of the repositories `besides`. Raises SurroundingsMissing for a broken file."""
        from pipelinekit.records.scan import plain_rows  # pyarrow: 0.2 s that `pipelinekit lessons` alone does not need

        tables = {name: store.table(name) for name in (*TABLES, "runs")}
        rows = {name: _by_run(plain_rows(tables[name])) for name in TABLES}
        found = (row for row in plain_rows(tables["runs"]) if row["repository"] not in besides)
        seen: dict[str, SeenRun] = {}
        runs = []
        for row in sorted(found, key=lambda row: (row["number"], row["attempt"])):
            run = _run(row, rows)
            seen[row["run_id"]] = run = _taken_up(run, seen[row["run_id"]]) if row["run_id"] in seen else run
            runs.append(run)
        return cls(tuple(run for run in runs if run.row["finished_at"] is not None), tables["jobs"], answer)


def _run(row: Row, rows: dict[str, dict[tuple[str, int], list[Row]]]) -> SeenRun:
    return _ordered(row, {name: rows[name].get((row["run_id"], row["attempt"]), []) for name in TABLES})


def _ordered(row: Row, own: Mapping[str, list[Row]]) -> SeenRun:
    steps = sorted(own["steps"], key=lambda step: (step["started_at"] is None, step["started_at"], step["step_index"]))
    order = {(step["leg"], step["step_index"]): at for at, step in enumerate(steps)}
    told = sorted(own["annotations"], key=lambda told: order.get((told["leg"], told["step_index"]), 0))
    return SeenRun(
        row, tuple(own["jobs"]), tuple(steps), tuple(own["tests"]), tuple(own["caches"]), tuple(own["artifacts"]), tuple(told)
    )


def _taken_up(run: SeenRun, before: SeenRun) -> SeenRun:
    """A later attempt with what it left as it was done: whole legs, and in a leg that went on the steps before."""
    legs = {job["leg"] for job in run.jobs if job["outcome"] == "success" and job["started_at"] is None}
    steps = {_place(step) for step in run.steps if (step["condition"] or "").startswith(DONE_BEFORE)}
    tested = {test["leg"] for test in run.tests}
    whole = legs | ({leg for leg, _ in steps} - tested)  # reports are read at the end of a leg, of all its steps

    def joined(name: str) -> list[Row]:
        new: list[Row] = [row for row in getattr(run, name) if row["leg"] not in legs]
        old: list[Row] = list(getattr(before, name))
        if name in ("steps", "caches", "annotations"):
            new = [row for row in new if name != "steps" or _place(row) not in steps]
            return new + [row for row in old if row["leg"] in legs or _place(row) in steps]
        return new + [row for row in old if row["leg"] in (whole if name == "tests" else legs)]

    return _ordered(run.row, {name: joined(name) for name in TABLES})


def _place(row: Row) -> tuple[str, int]:
    return row["leg"], row["step_index"]


def case(test: Row) -> tuple[str, str, str]:
    """Suite, class and name."""
    return test["suite"], test["class_name"], test["test"]


def _by_run(rows: Iterable[Row]) -> dict[tuple[str, int], list[Row]]:
    found: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        found.setdefault((row["run_id"], row["attempt"]), []).append(row)
    return found


def _end(step: Row) -> float:
    return float(step["started_at"].timestamp() + (step["duration_seconds"] or 0.0))
