from typing import Any

import pytest

from pipelinekit.answers.two_runs import neighbours
from pipelinekit.model.problem import WorkflowInvalid


def run(number: int, outcome: str = "success", branch: str = "main") -> dict[str, Any]:
    return {"number": number, "run_id": f"r{number}", "outcome": outcome, "workflow": "ci", "branch": branch}


RUNS = [run(1), run(2, "failure"), run(3), run(4, "failure", "search"), run(5), run(6)]


@pytest.mark.parametrize(
    ("before", "after", "chosen"),
    [
        pytest.param("", "", (2, 3), id="the-newest-turn-of-a-branch"),
        pytest.param("", "6", (5, 6), id="and-the-run-before"),
        pytest.param("3", "", (3, 5), id="and-the-run-after-on-its-branch"),
    ],
)
def test_what_is_not_named_is_the_nearest(before: str, after: str, chosen: tuple[int, int]) -> None:
    first, second = neighbours(RUNS, before, after)
    assert tuple(int(one if isinstance(one, str) else one["number"]) for one in (first, second)) == chosen


def test_where_nothing_turned_the_newest_two_are_compared() -> None:
    assert neighbours([run(1), run(2), run(3)]) == (run(2), run(3))


def test_two_that_are_named_are_taken_as_they_are() -> None:
    assert neighbours([], "7.1", "7.2") == ("7.1", "7.2")


@pytest.mark.parametrize(
    ("runs", "after", "what"),
    [
        pytest.param([run(1)], "", "there are no two runs of one workflow and branch", id="one-run"),
        pytest.param([run(1), run(2, branch="b")], "", "there are no two runs of one workflow and branch", id="two-branches"),
        pytest.param(RUNS, "1", "run 1 has no neighbour", id="the-first"),
    ],
)
def test_where_there_are_no_two_one_is_told(runs: list[dict[str, Any]], after: str, what: str) -> None:
    with pytest.raises(WorkflowInvalid, match=what):
        neighbours(runs, "", after)
