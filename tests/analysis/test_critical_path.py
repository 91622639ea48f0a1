"""The longest chain, against a search over all chains."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelinekit.analysis import critical_path
from tests.analysis.made_tables import at, runs, table

Row = dict[str, Any]


def leg(job: str, start: float, seconds: float, needs: tuple[str, ...] = (), queued: float = 0.0, **columns: Any) -> Row:
    """start: seconds after the run began."""
    begun = at(0) + timedelta(seconds=start)
    return {"job": job, "leg": job, "needs": json.dumps(needs), "outcome": "success", "started_at": begun,
            "finished_at": begun + timedelta(seconds=seconds), "queued_seconds": queued, "duration_seconds": seconds, **columns}  # fmt: skip


def of(*legs: Row) -> dict[str, Row]:
    return {row["leg"]: row for row in critical_path.of_runs(table("jobs", legs)).to_pylist()}


def path(rows: Mapping[str, Row]) -> list[str]:
    on_path = [row for row in rows.values() if row["on_path"]]
    return [row["leg"] for row in sorted(on_path, key=lambda row: row["position"])]


def diamond() -> dict[str, Row]:
    return of(
        leg("build", 0, 10),
        leg("lint", 0, 4),
        leg("test", 12, 30, ("build",), queued=2),
        leg("docs", 10, 5, ("build",)),
        leg("deploy", 42, 8, ("test", "docs", "lint")),
    )


def test_the_path_is_the_longest_chain_of_queue_and_run() -> None:
    rows = diamond()
    assert path(rows) == ["build", "test", "deploy"]
    assert [rows[name]["share"] for name in path(rows)] == pytest.approx([10 / 50, 32 / 50, 8 / 50])


def test_slack_is_how_much_longer_a_leg_could_take() -> None:
    rows = diamond()
    assert {name: row["slack_seconds"] for name, row in rows.items()} == pytest.approx(
        {"build": 0, "test": 0, "deploy": 0, "docs": 50 - (10 + 5 + 8), "lint": 50 - (4 + 8)}
    )


def test_queue_can_decide() -> None:
    rows = of(leg("a", 0, 10), leg("b", 9, 3, queued=9))
    assert path(rows) == ["b"]


def test_a_job_waits_for_the_slowest_leg_of_a_matrix() -> None:
    rows = of(
        leg("test", 0, 10, leg="test (3.9)"), leg("test", 0, 14, leg="test (3.11)"), leg("deploy", 14, 1, ("test",))
    )
    assert path(rows) == ["test (3.11)", "deploy"]


def test_what_was_skipped_passes_the_waiting_on() -> None:
    skipped = leg("build", 0, 0, ("test",), started_at=None, finished_at=None, duration_seconds=None, outcome="skipped")
    rows = of(leg("test", 0, 10), skipped, leg("report", 10, 2, ("build",)), leg("lint", 0, 11))
    assert path(rows) == ["test", "report"]
    assert "build" not in rows
    assert rows["report"]["position"] == 2


def test_alone_is_the_time_in_which_nothing_else_ran() -> None:
    rows = of(leg("a", 0, 100), leg("b", 20, 80))
    assert {name: row["alone_seconds"] for name, row in rows.items()} == {"a": 20, "b": 0}


def test_needs_of_a_job_that_is_not_in_the_run_are_passed_over() -> None:
    assert path(of(leg("deploy", 0, 5, ("gone",)))) == ["deploy"]


def test_shares_of_jobs_are_summed_over_runs() -> None:
    jobs = table(
        "jobs",
        [
            leg("test", 0, 30, run_id="r1"), leg("lint", 0, 10, run_id="r1"),
            leg("test", 0, 10, run_id="r2"), leg("lint", 0, 20, run_id="r2"),
            leg("test", 0, 99, run_id="r3"),
        ],
    )  # fmt: skip
    answer = critical_path.by_job(jobs, runs(2)).to_pylist()
    assert answer == [
        {"workflow": "ci", "job": "test", "runs": 2, "on_path": 1, "path_seconds": 30, "share": 0.6, "alone_p50_seconds": 10},
        {"workflow": "ci", "job": "lint", "runs": 2, "on_path": 1, "path_seconds": 20, "share": 0.4, "alone_p50_seconds": 5},
    ]


def test_legs_of_one_job_side_by_side_are_alone_together() -> None:
    jobs = table("jobs", [leg("test", 0, 10, leg="test (3.9)"), leg("test", 0, 20, leg="test (3.11)"), leg("lint", 15, 2)])
    alone = {row["job"]: row["alone_p50_seconds"] for row in critical_path.by_job(jobs, runs(1)).to_pylist()}
    assert alone == {"test": 18, "lint": 0}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9), st.sets(st.integers(0, 6))), min_size=1, max_size=7))
@settings(max_examples=60, deadline=None)
def test_no_chain_is_longer(jobs: list[tuple[int, int, set[int]]]) -> None:
    needs = {i: sorted(n for n in wanted if n < i) for i, (_, _, wanted) in enumerate(jobs)}
    weight = {i: seconds + queued for i, (seconds, queued, _) in enumerate(jobs)}

    def longest(i: int) -> int:
        return weight[i] + max((longest(n) for n in needs[i]), default=0)

    rows = of(*(leg(f"j{i}", 0, s, tuple(f"j{n}" for n in needs[i]), q) for i, (s, q, _) in enumerate(jobs)))
    found = sum(row["queued_seconds"] + row["duration_seconds"] for row in rows.values() if row["on_path"])
    assert found == max(longest(i) for i in range(len(jobs)))
    assert all(row["slack_seconds"] >= 0 for row in rows.values())


def test_no_jobs_give_no_rows() -> None:
    assert len(critical_path.of_runs(table("jobs"))) == len(critical_path.by_job(table("jobs"), runs(1))) == 0
