"""Events folded into rows."""

import json

import pytest

from pipelinekit.model.event import (
    CacheUsed,
    Event,
    LegFinished,
    LegQueued,
    LegReady,
    LegStarted,
    Measured,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from pipelinekit.model.measure import FileCoverage, TestExecution, TestOutcome
from pipelinekit.model.outcome import Outcome
from pipelinekit.records.rows import Row, rows_of
from pipelinekit.records.tables import TABLES
from tests.made_store import HISTORY, run_events, run_id

QUEUED = LegQueued(1.0, "a (1)", "a", 0, ("b", "c"), {"n": 1})


def only(table: str, *events: Event) -> Row:
    [row] = rows_of(events)[table]
    return row


@pytest.mark.parametrize("number", range(1, len(HISTORY) + 1))
def test_rows_have_no_column_that_the_tables_lack(number: int) -> None:
    for table, rows in rows_of(run_events(number)).items():
        columns = {column.name for column in TABLES[table]}
        assert all(row.keys() <= columns for row in rows), table


def test_every_row_begins_with_its_run_and_its_leg() -> None:
    tables = rows_of(run_events(1))
    for table, rows in tables.items():
        assert all((row["run_id"], row["attempt"]) == (run_id(1), 1) for row in rows), table
    assert {(row["job"], row["leg"]) for row in tables["tests"]} == {("test", f"test ({v})") for v in ("3.9", "3.11", "3.13")}


def test_a_leg_waits_from_when_its_needs_have_ended() -> None:
    row = only(
        "jobs", QUEUED, LegReady(5.0, "a (1)"), LegStarted(7.5, "a (1)", "ubuntu-latest", "image", "sha256:1"),
        LegFinished(17.6, "a (1)", Outcome.SUCCESS, cpu_seconds=3.0, peak_memory_bytes=10),
    )  # fmt: skip
    assert (row["created_at"], row["started_at"], row["finished_at"]) == (5.0, 7.5, 17.6)
    assert (row["queued_seconds"], row["duration_seconds"]) == (2.5, 10.1)
    assert (json.loads(str(row["matrix"])), json.loads(str(row["needs"]))) == ({"n": 1}, ["b", "c"])
    assert (row["runner"], row["image"], row["image_digest"]) == ("ubuntu-latest", "image", "sha256:1")


def test_a_leg_that_never_started_has_no_times_but_its_end() -> None:
    row = only("jobs", QUEUED, LegFinished(2.0, "a (1)", Outcome.SKIPPED, 'because "b" failed'))
    assert (row["outcome"], row["reason"], row["finished_at"]) == (Outcome.SKIPPED, 'because "b" failed', 2.0)
    assert (row.get("started_at"), row["duration_seconds"], row.get("queued_seconds")) == (None, None, None)


def test_a_step_that_failed_and_was_forgiven_keeps_both_words() -> None:
    row = only(
        "steps", QUEUED, StepStarted(1.0, "a (1)", 3, "lint", "Lint"),
        StepFinished(1.2, "a (1)", 3, Outcome.FAILURE, Outcome.SUCCESS, 1, "2 errors"),
    )  # fmt: skip
    assert (row["outcome"], row["conclusion"], row["exit_code"], row["reason"]) == (Outcome.FAILURE, Outcome.SUCCESS, 1, "2 errors")
    assert (row["step_index"], row["step"], row["duration_seconds"]) == (3, "lint", 0.2)


def test_a_skipped_step_keeps_its_condition_and_has_no_time() -> None:
    row = only("steps", QUEUED, StepSkipped(1.0, "a (1)", 2, "s", "S", condition="failure()\nfalse\nfalse", parent=1))
    assert (row["outcome"], row["condition"], row["parent"]) == (Outcome.SKIPPED, "failure()\nfalse\nfalse", 1)
    assert "started_at" not in row


def test_what_has_not_ended_has_no_outcome() -> None:
    tables = rows_of(list(run_events(1))[:20])
    assert tables["runs"][0].get("outcome") is None
    assert tables["jobs"][0].get("outcome") is None
    assert tables["steps"][-1].get("outcome") is None


def test_a_file_s_coverage_counts_once_where_two_reports_have_it() -> None:
    first, second = FileCoverage("a.py", 1, 2, flag="unit"), FileCoverage("a.py", 2, 2, flag="end-to-end")
    tables = rows_of(
        [QUEUED, Measured(1.0, "a (1)", "c.xml", coverage=(first,)), Measured(1.0, "a (1)", "c.lcov", coverage=(first, second))]
    )
    assert [(row["flag"], row["lines_covered"]) for row in tables["coverage"]] == [("unit", 1), ("end-to-end", 2)]


def test_what_happens_in_a_leg_that_nobody_queued_is_kept() -> None:
    row = only("caches", CacheUsed(1.0, "stray", 1, "actions", "key", "miss"))
    assert (row["job"], row["leg"], row["result"]) == ("", "stray", "miss")


def test_what_a_remembered_leg_brings_back_is_marked_and_takes_no_time() -> None:
    tables = rows_of([
        QUEUED, LegStarted(1.0, "a (1)", "x", remembered="before"), StepStarted(1.0, "a (1)", 1, "s", "S"),
        StepFinished(1.0, "a (1)", 1, Outcome.SUCCESS, Outcome.SUCCESS, 0),
        Measured(1.0, "a (1)", "r.xml", (TestExecution("s", "c", "t", TestOutcome.PASSED),), (FileCoverage("a.py", 1, 2),)),
        LegFinished(1.0, "a (1)", Outcome.SUCCESS, remembered="before", saved_seconds=9.0),
    ])
    assert [row["remembered"] for table in ("jobs", "tests", "coverage") for row in tables[table]] == ["before"] * 3
    assert [(row["outcome"], row["duration_seconds"]) for row in tables["steps"]] == [("success", None)]
