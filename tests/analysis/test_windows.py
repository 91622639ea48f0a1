"""Which runs are asked about."""

from datetime import timedelta

import pyarrow as pa
import pytest

from pipelinekit.analysis import windows
from tests.analysis.made_tables import at, run, table


def numbers(runs: pa.Table) -> list[int]:
    found: list[int] = runs.column("number").to_pylist()
    return found


def five() -> pa.Table:
    days = [0, 10, 27, 29, 30]
    return table("runs", [run(n, created_at=at(0) + timedelta(days=day)) for n, day in enumerate(days, start=1)])


def test_the_window_ends_with_the_newest_run_and_the_equal_one_before_ends_where_it_begins() -> None:
    window = windows.last(five(), days=10)
    assert window is not None
    assert (window.ends_at, window.days) == (at(0) + timedelta(days=30), 10)
    assert window.before.ends_at == window.begins_at
    assert window.before.days == 10


def test_a_run_lies_in_one_window_only() -> None:
    window = windows.last(five(), days=20)
    assert window is not None
    assert numbers(windows.within(five(), window)) == [3, 4, 5]
    assert numbers(windows.within(five(), window.before)) == [1, 2]  # 2 stands at the border: in the earlier one


def test_without_runs_there_is_no_window() -> None:
    assert windows.last(table("runs")) is None


@pytest.mark.parametrize(
    ("workflow", "branch", "expected"),
    [
        pytest.param("", "", [1, 2, 3], id="all"),
        pytest.param("ci", "", [1, 3], id="by-name"),
        pytest.param("ci.yml", "", [1, 3], id="by-file-name"),
        pytest.param(".github/workflows/nightly.yml", "", [2], id="by-path"),
        pytest.param("", "feature", [3], id="by-branch"),
        pytest.param("nightly", "feature", [], id="both"),
        pytest.param("yml", "", [], id="not-by-a-part"),
    ],
)
def test_runs_are_chosen_by_workflow_and_branch(workflow: str, branch: str, expected: list[int]) -> None:
    rows = [run(1), run(2, workflow="nightly", path=".github/workflows/nightly.yml"), run(3, branch="feature")]
    assert numbers(windows.chosen(table("runs", rows), workflow, branch)) == expected


def test_runs_come_oldest_first() -> None:
    assert numbers(windows.chosen(table("runs", [run(2), run(3), run(1)]))) == [1, 2, 3]
