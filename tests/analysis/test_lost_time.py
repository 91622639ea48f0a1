"""What flaky tests cost, on five runs made by hand."""

from typing import Any

import pytest

from pipelinekit.analysis import flaky
from tests.analysis.made_tables import executions, history, runs, table

Row = dict[str, Any]


def leg(number: int, outcome: str, seconds: float = 100.0, name: str = "test", **columns: Any) -> Row:
    return {"run_id": f"r{number}", "job": "test", "leg": name, "outcome": outcome, "duration_seconds": seconds, **columns}


def lost(rows: list[Row], jobs: list[Row], count: int = 5) -> dict[str, float]:
    answer = flaky.find(table("tests", rows), runs(count), table("jobs", jobs))
    return {row["test"]: row["lost_seconds"] for row in answer.by_test.to_pylist()}


FLAKY = ["fp", "p", "f", "p", "p"]  # a rerun in r1, and the leg of r3 failed through it


def test_a_leg_that_failed_through_a_flaky_test_alone_is_lost_and_a_rerun_costs_the_execution() -> None:
    rows = history("a", FLAKY, duration_seconds=2.0) + history("fine", ["p"] * 5)
    assert lost(rows, [leg(1, "success"), leg(3, "failure")]) == {"a": 102.0, "fine": 0.0}


def test_flaky_tests_that_failed_together_share_the_leg() -> None:
    rows = history("a", FLAKY) + history("b", FLAKY)
    assert lost(rows, [leg(3, "failure")]) == {"a": 52.0, "b": 52.0}


def test_a_leg_that_another_test_broke_too_is_not_lost_to_flakiness() -> None:
    rows = history("a", FLAKY) + history("regressed", ["p", "p", "f", "p", "p"])
    assert lost(rows, [leg(3, "failure")]) == {"a": 2.0, "regressed": 0.0}


@pytest.mark.parametrize(
    "job",
    [
        pytest.param(leg(3, "success"), id="leg-succeeded"),
        pytest.param(leg(3, "failure", remembered="r1"), id="leg-was-remembered"),
        pytest.param(leg(3, "failure", name="other"), id="another-leg"),
    ],
)
def test_only_legs_that_failed_through_the_test_count(job: Row) -> None:
    assert lost(history("a", FLAKY), [job]) == {"a": 2.0}


def test_outages_are_not_the_tests_fault() -> None:
    rows = history("a", FLAKY) + [row for i in range(20) for row in history(f"t{i}", ["p", "p", "f", "p", "p"])]
    assert lost(rows, [leg(3, "failure")])["a"] == 2.0


def test_the_cost_is_known_per_run() -> None:
    answer = flaky.find(table("tests", history("a", FLAKY)), runs(5), table("jobs", [leg(3, "failure")]))
    assert answer.lost_by_run.select(["run_id", "seconds"]).to_pylist() == [
        {"run_id": "r1", "seconds": 2.0},
        {"run_id": "r3", "seconds": 100.0},
    ]


def test_an_execution_without_a_time_costs_nothing_that_is_known() -> None:
    assert lost(executions(1, "a", "fp", duration_seconds=None), []) == {"a": 0.0}
