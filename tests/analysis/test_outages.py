"""Which runs are no evidence: by hand, and on a simulated history with partial outages."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelinekit.analysis import flaky, outages
from tests.analysis.made_tables import executions, run, runs, table


def suite(number: int, tests: int, failing: int, **columns: Any) -> list[dict[str, Any]]:
    """A run in which the first `failing` of `tests` tests failed."""
    return [row for i in range(tests) for row in executions(number, f"t{i}", "f" if i < failing else "p", **columns)]


def shares(failing: list[int], tests: int = 40, **columns: Any) -> pa.Table:
    rows = [row for number, count in enumerate(failing, start=1) for row in suite(number, tests, count)]
    return outages.by_run(table("tests", rows), runs(len(failing), **columns))


def test_a_test_counts_once_per_run_however_often_it_was_rerun() -> None:
    rows = executions(1, "a", "ffp") + executions(1, "b", "p") + executions(1, "c", "s") + executions(1, "d", "p", remembered="r0")
    answer = outages.by_run(table("tests", rows), runs(1)).to_pylist()[0]
    assert (answer["tests"], answer["failed"], answer["share"]) == (2, 1, 0.5)


def test_a_run_without_tests_has_no_row() -> None:
    answer = outages.by_run(table("tests", suite(1, 3, 0)), runs(2))
    assert answer.column("run_id").to_pylist() == ["r1"]


@pytest.mark.parametrize(
    ("failing", "tests", "limit"),
    [
        pytest.param([0, 0, 0, 0, 0], 40, 5 / 40, id="few-runs-five-tests"),
        pytest.param([0, 0, 0, 0, 0], 400, 0.05, id="few-runs-5-percent"),
        pytest.param([4] * 12, 40, 0.1 + 5 / 40, id="no-spread-above-what-always-fails"),
        # shares 0, 1/40 ... 5/40 twice: median 2.5/40, absolute deviations 0.5, 1.5, 2.5 (of 40): MAD 1.5/40
        pytest.param([0, 1, 2, 3, 4, 5] * 2, 40, (2.5 + 10 * 1.4826 * 1.5) / 40, id="spread"),
    ],
)
def test_the_limit_is_what_is_usual_and_ten_deviations(failing: list[int], tests: int, limit: float) -> None:
    assert shares(failing, tests).column("limit").to_pylist() == pytest.approx([limit] * len(failing))


def test_a_partial_outage_is_left_out_and_one_broken_test_is_not() -> None:
    answer = shares([0, 0, 1, 0, 0, 9, 0, 0])
    assert answer.column("left_out").to_pylist() == [False] * 5 + [True] + [False] * 2


def test_each_workflow_has_its_own_usual_share() -> None:
    nightly = [run(number, workflow="nightly" if number > 6 else "ci") for number in range(1, 13)]
    rows = [row for number in range(1, 13) for row in suite(number, 40, 20 if number > 6 else 0)]
    answer = outages.by_run(table("tests", rows), table("runs", nightly))
    assert not any(answer.column("left_out").to_pylist())


def test_on_a_simulated_history_the_guard_keeps_outages_from_looking_flaky() -> None:
    """200 runs of 120 tests with one rerun; 6 tests are flaky, 3 runs lose a sixth of their tests to an outage."""
    picks = np.random.default_rng(29)
    flaky_tests, outage_runs = set(range(6)), {40, 90, 160}
    rows: list[dict[str, Any]] = []
    for number in range(1, 201):
        lost = set(picks.choice(np.arange(6, 120), 20, replace=False).tolist()) if number in outage_runs else set()
        for i in range(120):
            failed = i in lost or (i in flaky_tests and picks.random() < 0.1)
            rows += executions(number, f"t{i}", "fp" if failed else "p", class_name="c", file="f")
    tests, history = table("tests", rows), runs(200)
    left_out = {row["number"] for row in outages.by_run(tests, history).to_pylist() if row["left_out"]}
    found = {row["test"] for row in flaky.by_test(tests, history).to_pylist() if row["class"] == "flaky"}
    naive = {row["test"] for row in rows if row["outcome"] == "failed"}
    assert left_out == outage_runs
    assert found == {f"t{i}" for i in flaky_tests}
    assert len(naive) > 40  # what "failed and passed on one tree" says without the guard
