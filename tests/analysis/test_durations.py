"""How long things take, on tables made by hand."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelinekit.analysis import durations
from tests.analysis.made_tables import at, run, runs, table


def legs(seconds: list[float], first: int = 1, **columns: Any) -> list[dict[str, Any]]:
    """One leg a run, from run `first` on."""
    return [
        {"run_id": f"r{n}", "job": "test", "leg": "test", "outcome": "success", "started_at": at(60 * n),
         "queued_seconds": 1.0, "duration_seconds": value, **columns}
        for n, value in enumerate(seconds, start=first)
    ]  # fmt: skip


def only(answer: pa.Table) -> dict[str, Any]:
    (row,) = answer.to_pylist()
    return dict(row)


def test_p50_and_p95_are_those_of_the_executions() -> None:
    row = only(durations.by_job(table("jobs", legs([10, 20, 30, 40, 100])), runs(5)))
    assert (row["n"], row["p50_seconds"], row["last_seconds"], row["total_seconds"]) == (5, 30, 100, 200)
    assert row["p95_seconds"] == pytest.approx(np.percentile([10, 20, 30, 40, 100], 95)) == pytest.approx(88)
    assert (row["shortest_seconds"], row["longest_seconds"], row["queued_p50_seconds"]) == (10, 100, 1)


def test_under_five_executions_no_median_is_named() -> None:
    row = only(durations.by_job(table("jobs", legs([10, 20, 30, 40])), runs(4)))
    assert row["enough"] is False
    assert row["p50_seconds"] is row["p95_seconds"] is row["queued_p50_seconds"] is None
    assert (row["n"], row["last_seconds"]) == (4, 40)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"outcome": "failure"}, id="failed"),
        pytest.param({"outcome": "cancelled"}, id="cancelled"),
        pytest.param({"outcome": "skipped", "duration_seconds": None}, id="skipped"),
        pytest.param({"remembered": "r0"}, id="remembered"),
    ],
)
def test_only_what_ran_and_succeeded_counts(columns: dict[str, Any]) -> None:
    rows = legs([10, 20, 30, 40, 50]) + legs([999], first=6, **columns)
    assert only(durations.by_job(table("jobs", rows), runs(6)))["n"] == 5


def test_legs_of_a_job_are_told_apart_or_pooled() -> None:
    jobs = table("jobs", legs([10] * 5, leg="test (3.9)") + legs([30] * 5, leg="test (3.11)"))
    assert only(durations.by_job(jobs, runs(5)))["n"] == 10
    assert durations.by_leg(jobs, runs(5)).select(["leg", "p50_seconds"]).to_pylist() == [
        {"leg": "test (3.11)", "p50_seconds": 30},
        {"leg": "test (3.9)", "p50_seconds": 10},
    ]


def test_the_change_is_against_the_window_before() -> None:
    jobs = table("jobs", legs([100, 101, 102, 103, 104]) + legs([130, 131, 132, 133, 134], first=6))
    now, before = runs(10).slice(5), runs(10).slice(0, 5)
    row = only(durations.by_job(jobs, now, before))
    assert (row["before_n"], row["before_p50_seconds"], row["change_seconds"]) == (5, 102, 30)
    assert row["change"] == pytest.approx(30 / 102)
    assert row["p_value"] == pytest.approx(2 / 252)  # the most extreme of C(10, 5) arrangements, on both sides
    assert row["beyond_noise"] is True


@pytest.mark.parametrize(
    ("now", "before"),
    [
        pytest.param([100, 130, 90, 120, 110], [105, 125, 95, 115, 112], id="within-the-spread"),
        pytest.param([101.1, 101.2, 101.3, 101.4, 101.5], [100.1, 100.2, 100.3, 100.4, 100.5], id="certain-but-under-3-percent"),
        pytest.param([200, 201, 202, 203, 204], [100, 101, 102, 103], id="too-few-before"),
    ],
)
def test_a_change_within_noise_is_not_called_one(now: list[float], before: list[float]) -> None:
    jobs = table("jobs", legs(before) + legs(now, first=len(before) + 1))
    asked = runs(len(before) + len(now))
    row = only(durations.by_job(jobs, asked.slice(len(before)), asked.slice(0, len(before))))
    assert row["beyond_noise"] is False


def test_a_job_that_is_gone_is_not_listed() -> None:
    jobs = table("jobs", legs([10] * 5, job="old", leg="old"))
    assert len(durations.by_job(jobs, runs(10).slice(5), runs(5))) == 0


def test_runs_are_measured_per_workflow_with_their_queue() -> None:
    rows = [run(n, duration_seconds=60.0 + n, started_at=at(60 * n + 0.5)) for n in range(1, 6)]
    rows += [run(n, workflow="nightly", duration_seconds=600.0) for n in range(6, 11)]
    answer = durations.by_workflow(table("runs", rows), table("jobs")).select(["workflow", "p50_seconds", "queued_p50_seconds"])
    assert answer.to_pylist() == [
        {"workflow": "nightly", "p50_seconds": 600, "queued_p50_seconds": 0},
        {"workflow": "ci", "p50_seconds": 63, "queued_p50_seconds": 30},
    ]


def test_a_run_in_which_a_leg_was_remembered_tells_nothing_of_how_long_one_takes() -> None:
    rows = [run(n, duration_seconds=1.0 if n % 2 else 60.0) for n in range(1, 11)]
    remembered = [{"run_id": f"r{n}", "leg": "a", "remembered": "r0" if n % 2 else None} for n in range(1, 11)]
    jobs = table("jobs", remembered)
    assert only(durations.by_workflow(table("runs", rows), jobs))["p50_seconds"] == 60
    assert [row["number"] for row in durations.by_run(table("runs", rows), jobs).to_pylist()] == [2, 4, 6, 8, 10]
    before = table("runs", rows).slice(0, 5)
    assert only(durations.by_workflow(table("runs", rows), jobs, before))["before_n"] == 2


def steps(**columns: Any) -> list[dict[str, Any]]:
    return [
        {"run_id": f"r{n}", "job": "test", "leg": "test", "step_index": 1, "name": "Test", "outcome": "success",
         "started_at": at(60 * n), "duration_seconds": 5.0, **columns}
        for n in range(1, 6)
    ]  # fmt: skip


def test_two_steps_of_one_name_stay_apart_and_parts_of_a_step_are_in_it() -> None:
    rows = steps() + steps(step_index=2, duration_seconds=9.0) + steps(step_index=3, name="inner", parent=2)
    answer = durations.by_step(table("steps", rows), runs(5)).select(["name", "step_index", "n", "p50_seconds"])
    assert answer.to_pylist() == [
        {"name": "Test", "step_index": 2, "n": 5, "p50_seconds": 9},
        {"name": "Test", "step_index": 1, "n": 5, "p50_seconds": 5},
    ]


def test_the_trend_says_what_was_usual_then() -> None:
    rows = [run(n, duration_seconds=float(n), outcome="failure" if n == 6 else "success") for n in range(1, 8)]
    trend = durations.by_run(table("runs", rows), table("jobs")).to_pylist()
    usual = [row["usual_seconds"] for row in trend]
    assert usual == [None] * 4 + [3, 3, 3.5]  # the failed run 6 shows what was usual before it, and is not in it
    assert trend[4]["usual_p95_seconds"] == pytest.approx(np.percentile([1, 2, 3, 4, 5], 95))


def test_the_trend_forgets_what_is_twenty_runs_ago() -> None:
    rows = [run(n, duration_seconds=100.0 if n <= 20 else 200.0) for n in range(1, 41)]
    usual = durations.by_run(table("runs", rows), table("jobs")).column("usual_seconds").to_pylist()
    assert (usual[19], usual[29], usual[39]) == (100, 150, 200)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(durations.by_workflow(table("runs"), table("jobs")), id="workflow"),
        pytest.param(durations.by_job(table("jobs"), table("runs")), id="job"),
        pytest.param(durations.by_step(table("steps"), table("runs")), id="step"),
        pytest.param(durations.by_run(table("runs"), table("jobs")), id="run"),
    ],
)
def test_nothing_recorded_gives_no_rows(answer: pa.Table) -> None:
    assert len(answer) == 0
