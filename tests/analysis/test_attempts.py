"""What makes two attempts comparable, and what is counted of them."""

from typing import Any

import pyarrow as pa
import pytest

from pipelinekit.analysis import attempts
from tests.analysis.made_tables import executions, history, run, runs, table


def of(rows: list[dict[str, Any]], asked: pa.Table) -> attempts.Attempts:
    return attempts.of(table("tests", rows), asked)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        pytest.param({"tree": "t"}, {"tree": "t"}, True, id="one-tree"),
        pytest.param({"tree": "t", "commit": "a"}, {"tree": "t", "commit": "b"}, True, id="a-rebase-is-the-same-code"),
        pytest.param({"tree": "t", "commit": "a"}, {"tree": "u", "commit": "a"}, False, id="uncommitted-changes"),
        pytest.param({"tree": None, "commit": "a"}, {"tree": None, "commit": "a"}, True, id="without-trees-the-commit"),
        pytest.param(
            {"tree": None, "commit": "a"}, {"tree": None, "commit": "a", "dirty": True}, False, id="a-dirty-commit-is-unknown"
        ),
        pytest.param({"tree": "", "commit": ""}, {"tree": "", "commit": ""}, False, id="outside-of-git-each-run-alone"),
    ],
)
def test_attempts_are_compared_on_one_code_version(first: dict[str, Any], second: dict[str, Any], together: bool) -> None:
    asked = table("runs", [run(1, **first), run(2, **second)])
    found = attempts.cells(of(executions(1, "a", "f") + executions(2, "a", "p"), asked))
    assert any(found.column("disagrees").to_pylist()) is together


def test_legs_and_workflows_are_not_attempts_of_each_other() -> None:
    asked = table("runs", [run(1, tree="t"), run(2, tree="t", workflow="nightly")])
    rows = executions(1, "a", "f", "test (3.9)") + executions(1, "a", "p", "test (3.11)") + executions(2, "a", "p", "test (3.9)")
    found = attempts.cells(of(rows, asked))
    assert len(found) == 3
    assert not any(found.column("disagrees").to_pylist())


def test_a_rerun_that_passes_is_a_disagreement() -> None:
    found = attempts.cells(of(executions(1, "a", "fp"), runs(1))).to_pylist()
    assert [(row["n"], row["x"], row["disagrees"]) for row in found] == [(2, 1, True)]


def test_skips_expected_failures_and_remembered_rows_are_no_attempts() -> None:
    rows = history("a", ["f", "s", "x", "p"]) + executions(4, "a", "p", "other", remembered="r3")
    totals = of(rows, runs(4)).totals.to_pylist()[0]
    assert (totals["attempts"], totals["failures"], totals["runs"], totals["versions"]) == (2, 1, 2, 2)


def test_runs_that_were_not_asked_for_are_not_looked_at() -> None:
    rows = history("a", ["p", "f", "p"])
    assert of(rows, runs(1)).totals.column("attempts").to_pylist() == [1]


@pytest.mark.parametrize(
    ("legs", "broken"),
    [
        pytest.param({"x": "ff"}, True, id="failed-twice"),
        pytest.param({"x": "f"}, False, id="failed-once"),
        pytest.param({"x": "f", "y": "f"}, True, id="failed-in-every-leg"),
        pytest.param({"x": "f", "y": "p"}, False, id="failed-in-one-leg-of-two"),
        pytest.param({"x": "fp", "y": "f"}, False, id="passed-on-a-rerun"),
    ],
)
def test_a_version_is_broken_where_two_or_more_attempts_all_failed(legs: dict[str, str], broken: bool) -> None:
    rows = [row for leg, word in legs.items() for row in executions(1, "a", word, leg)]
    assert any(attempts.cells(of(rows, runs(1))).column("broken").to_pylist()) is broken


@pytest.mark.parametrize(
    ("versions", "episodes"),
    [
        pytest.param("p f p", 1, id="one"),
        pytest.param("p f f p", 1, id="two-versions-are-one-episode"),
        pytest.param("p f p f p", 2, id="two"),
        pytest.param("p fp p fp p", 0, id="passed-in-the-end"),
        pytest.param("p ff p f p", 1, id="a-broken-version-is-passed-over"),
    ],
)
def test_an_episode_is_a_row_of_versions_that_failed_in_the_end(versions: str, episodes: int) -> None:
    words = versions.split()
    found = of(history("a", words), runs(len(words)))
    answer = attempts.episodes(found, attempts.cells(found)).to_pylist()
    assert (answer[0]["episodes"] if answer else 0) == episodes


def test_episodes_are_those_of_the_main_branch() -> None:
    asked = table("runs", [run(n, branch="main" if n % 2 else "feature") for n in range(1, 7)])
    found = of(history("a", ["p", "f", "p", "f", "p", "f"]), asked)
    assert len(attempts.episodes(found, attempts.cells(found))) == 0


def test_marks_stand_one_letter_a_run_newest_right() -> None:
    rows = history("a", ["p", "f", "fp", "s", "", "p"]) + history("always-there", ["p"] * 6)
    assert attempts.marks(of(rows, runs(6)), 60).column("marks").to_pylist() == ["pFks.p"]
    assert attempts.marks(of(rows, runs(6)), 3).column("marks").to_pylist() == ["s.p"]


def test_a_mark_shows_the_worst_leg() -> None:
    rows = executions(1, "a", "fp", "x") + executions(1, "a", "p", "y") + executions(2, "a", "fp", "x") + executions(2, "a", "f", "y")
    assert attempts.marks(of(rows, runs(2)), 60).column("marks").to_pylist() == ["kF"]


@pytest.mark.parametrize(
    ("branches", "main"),
    [
        pytest.param(["a", "a", "main"], "main", id="main-by-name"),
        pytest.param(["a", "master"], "master", id="master"),
        pytest.param(["a", "b", "b"], "b", id="most-runs"),
        pytest.param([], "", id="no-run"),
    ],
)
def test_the_main_branch_is_known_by_its_name_or_its_runs(branches: list[str], main: str) -> None:
    asked = table("runs", [run(number, branch=branch) for number, branch in enumerate(branches, start=1)])
    assert attempts.main_branch(asked) == main
