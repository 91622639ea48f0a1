"""Coverage of runs and files."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelinekit.analysis import coverage
from tests.analysis.made_tables import run, runs, table

Row = dict[str, Any]


def report(number: int, file: str, covered: int, lines: int, leg: str = "test", **columns: Any) -> Row:
    return {"run_id": f"r{number}", "job": "test", "leg": leg, "flag": "", "file": file, "lines_covered": covered, "lines": lines,
            "branches_covered": 0, "branches": 0, **columns}  # fmt: skip


def by_run(*reports: Row, count: int = 3) -> list[Row]:
    rows: list[Row] = coverage.by_run(table("coverage", reports), runs(count)).to_pylist()
    return rows


def test_a_file_takes_the_leg_that_covers_most_of_it() -> None:
    (row,) = by_run(
        report(1, "a.py", 8, 10, "3.9"), report(1, "a.py", 9, 10, "3.11"), report(1, "b.py", 5, 10, "3.9"), report(1, "b.py", 1, 10, "3.11")
    )
    assert (row["lines_covered"], row["lines"], row["files"], row["reports"]) == (14, 20, 2, 2)
    assert row["share"] == pytest.approx(0.7)


def test_flags_of_one_leg_are_reports_of_their_own() -> None:
    (row,) = by_run(report(1, "a.py", 8, 10, flag="unit"), report(1, "a.py", 3, 10, flag="browser"))
    assert (row["lines_covered"], row["reports"]) == (8, 2)


@given(st.lists(st.sets(st.integers(0, 19), max_size=20), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_it_is_never_above_the_union_of_the_legs(legs: list[set[int]]) -> None:
    (row,) = by_run(*(report(1, "a.py", len(lines), 20, f"leg {i}") for i, lines in enumerate(legs)))
    assert max(map(len, legs)) == row["lines_covered"] <= len(set.union(*legs))


def test_the_change_is_against_the_run_before_on_the_same_branch() -> None:
    asked = table("runs", [run(1), run(2, branch="feature"), run(3), run(4)])
    reports = [report(n, "a.py", covered, 10) for n, covered in ((1, 5), (2, 9), (4, 7))]
    changes = coverage.by_run(table("coverage", reports), asked).select(["number", "change"]).to_pylist()
    assert [row["number"] for row in changes] == [1, 2, 4]
    assert [row["change"] for row in changes] == [None, None, pytest.approx(0.2)]


def test_branches_are_shown_where_they_are_measured() -> None:
    rows = by_run(report(1, "a.py", 5, 10, branches_covered=1, branches=4), report(2, "a.py", 5, 10))
    assert [row["branch_share"] for row in rows] == [0.25, None]


def test_no_executable_line_is_no_share() -> None:
    assert by_run(report(1, "empty.py", 0, 0))[0]["share"] is None


def test_what_a_remembered_leg_brings_back_counts_and_is_flagged() -> None:
    rows = by_run(report(1, "a.py", 5, 10), report(2, "a.py", 5, 10, remembered="r1"))
    assert [(row["share"], row["carried_forward"]) for row in rows] == [(0.5, False), (0.5, True)]


def test_files_of_the_newest_run_come_with_most_to_gain_first() -> None:
    reports = [report(1, "a.py", 5, 10), report(1, "gone.py", 1, 2), report(2, "a.py", 8, 12), report(2, "new.py", 1, 9)]
    answer = coverage.by_file(table("coverage", reports), runs(2)).to_pylist()
    assert [(row["file"], row["missing"], row["missing_change"]) for row in answer] == [("new.py", 8, None), ("a.py", 4, -1)]
    assert answer[1]["change"] == pytest.approx(8 / 12 - 5 / 10)
    assert answer[0]["before_share"] is None


def test_files_are_compared_within_one_branch() -> None:
    asked = table("runs", [run(1), run(2, branch="feature"), run(3)])
    reports = [report(1, "a.py", 5, 10), report(2, "a.py", 10, 10), report(3, "a.py", 6, 10)]
    assert coverage.by_file(table("coverage", reports), asked).column("change").to_pylist() == [pytest.approx(0.1)]


def test_without_reports_there_is_nothing_to_say() -> None:
    assert by_run() == []
    assert len(coverage.by_file(table("coverage"), runs(2))) == 0
