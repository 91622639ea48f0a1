import pytest

from pipelinekit.answers.grid import lines, runs_of
from pipelinekit.answers.one_test import History, grids, history, sentence
from pipelinekit.answers.question import Asked
from pipelinekit.model.problem import WorkflowInvalid
from tests.made_store import BROKEN, FLAKY


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(FLAKY, id="alone"),
        pytest.param(f"tests.test_orders::{FLAKY}", id="with-its-class"),
        pytest.param(f"tests/test_orders.py::{FLAKY}", id="with-its-file"),
    ],
)
def test_a_test_is_found_by_its_name(name: str, about: Asked) -> None:
    assert history(about, name).test["test"] == FLAKY


def test_the_marks_tell_each_run_in_which_it_ran(histories: dict[str, History]) -> None:
    assert histories[FLAKY].marks == "pppkFppppkp"  # the cancelled run 10 ran no test


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param(
            FLAKY,
            f"`{FLAKY}` failed in 3 of 11 runs, and 4\u00a0times it failed and passed on the same code; it cost 19s. It is flaky.",
            id="flaky",
        ),
        pytest.param(
            BROKEN,
            f"`{BROKEN}` failed in 1 of 11 runs, each time while its code was broken or much failed at once. It is healthy.",
            id="explained",
        ),
        pytest.param("test_front_page", "`test_front_page` never failed in 11\u00a0runs.", id="healthy"),
    ],
)
def test_the_sentence_says_when_it_fails(name: str, said: str, histories: dict[str, History]) -> None:
    assert sentence(histories[name]) == said


def test_the_attempts_that_disagree_stand_beside_each_other(histories: dict[str, History]) -> None:
    found = histories[FLAKY]
    assert len({(row["run_id"], row["leg"]) for row in found.attempts}) <= 2
    assert [row["outcome"] for row in found.attempts][:2] == ["failed", "passed"]
    proof = next(grid for grid in grids(found) if grid.title == "Both outcomes on one version of the code")
    assert "AssertionError: both buyers got item 7" in lines(proof)


def test_a_test_that_never_failed_has_no_proof(histories: dict[str, History]) -> None:
    found = histories["test_front_page"]
    assert found.attempts == []
    assert [grid.title for grid in grids(found)][1:] == ["The 11\u00a0latest runs with it"]


def test_the_runs_stand_newest_first(histories: dict[str, History]) -> None:
    newest = [run.number for run in runs_of(grids(histories["test_front_page"])[-1:])]
    assert newest == sorted(newest, reverse=True)


def test_a_name_that_no_test_has_comes_with_those_that_come_near(about: Asked) -> None:
    with pytest.raises(WorkflowInvalid, match="no test is called") as raised:
        history(about, "test_two_buyers_race_for_an_item")
    assert FLAKY in str(raised.value.problems[0].hint)
