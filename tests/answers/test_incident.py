"""Which pair of runs is looked at."""

from typing import Any

import pytest

from pipelinekit.analysis import windows
from pipelinekit.answers.incident import Pair, pair
from pipelinekit.answers.question import Asked
from pipelinekit.records.store import Store
from tests.analysis.made_tables import run, table


def asked(*rows: dict[str, Any]) -> Asked:
    runs = table("runs", rows)
    window = windows.last(runs)
    assert window is not None
    return Asked(Store("nowhere"), runs, runs.slice(0, 0), window)


def numbers(found: Pair | None) -> tuple[int | None, int, int | None] | None:
    if found is None:
        return None
    return (found.good["number"] if found.good else None, found.bad["number"], found.mended["number"] if found.mended else None)


def story(outcomes: str, **columns: Any) -> list[dict[str, Any]]:
    """One run a letter: g good, b bad, c cancelled."""
    words = {"g": "success", "b": "failure", "c": "cancelled"}
    return [run(at, outcome=words[letter], **columns) for at, letter in enumerate(outcomes, 1)]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        pytest.param("ggg", None, id="nothing-failed"),
        pytest.param("gbg", (1, 2, 3), id="broken-and-mended"),
        pytest.param("gbbg", (1, 2, 4), id="the-first-of-a-red-row"),
        pytest.param("gbgbb", (3, 4, None), id="what-is-red-now"),
        pytest.param("gbggbg", (4, 5, 6), id="the-newest"),
        pytest.param("gcbg", (1, 3, 4), id="cancelled-neither-breaks-nor-mends"),
        pytest.param("bbg", (None, 1, 3), id="red-from-the-start"),
    ],
)
def test_what_turned_red_last_is_looked_at(outcomes: str, expected: tuple[int | None, int, int | None] | None) -> None:
    assert numbers(pair(asked(*story(outcomes)))) == expected


def test_the_main_branch_comes_first_and_what_is_still_red() -> None:
    other = [{**row, "run_id": f"o{row['number']}", "number": row["number"] + 10, "branch": "search"} for row in story("gb")]
    assert numbers(pair(asked(*story("gbg"), *other))) == (1, 2, 3)
    nightly = [{**row, "run_id": f"n{row['number']}", "number": row["number"] + 10, "workflow": "nightly"} for row in story("gb")]
    assert numbers(pair(asked(*story("gbg"), *nightly))) == (11, 12, None)


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        pytest.param(None, 2, (1, 2, 3), id="a-bad-run"),
        pytest.param(3, None, (3, 5, 6), id="a-good-run"),
        pytest.param(1, 5, (1, 5, 6), id="both"),
        pytest.param(None, 3, (1, 3, None), id="a-run-that-went-well-needs-no-mending"),
    ],
)
def test_a_given_run_is_taken_and_the_other_is_the_nearest(
    good: int | None, bad: int | None, expected: tuple[int, int, int | None]
) -> None:
    about = asked(*story("gbggbg"))
    rows = {row["number"]: row for row in about.runs.to_pylist()}
    chosen = (None if number is None else rows[number] for number in (good, bad))
    assert numbers(pair(about, *chosen)) == expected


def test_after_a_good_run_without_a_bad_one_there_is_no_incident() -> None:
    about = asked(*story("bg"))
    assert pair(about, good=about.runs.to_pylist()[1]) is None
