"""What changed, and what to mend first."""

import json
from datetime import timedelta
from typing import Any

import pytest

from pipelinekit.analysis import flaky, news
from pipelinekit.analysis.windows import Window
from tests.analysis.made_tables import START, at, executions, history, run, table

Row = dict[str, Any]
WINDOW = Window(START, START + timedelta(days=28))


def told(question: Any, run_rows: list[Row], **rows: list[Row]) -> list[Row]:
    tables = {name: table(name, rows.get(name, [])) for name in ("jobs", "tests", "coverage", "caches")}
    tables["runs"] = table("runs", run_rows)
    found = flaky.find(tables["tests"], tables["runs"], tables["jobs"])
    answer = question(tables, found, WINDOW).to_pylist()
    return [{**row, "facts": json.loads(row["facts"])} for row in answer]


def ten(**outcomes: str) -> list[Row]:
    """r1 ... r10; r3="failure" makes the third one red."""
    return [run(n, outcome=outcomes.get(f"r{n}", "success")) for n in range(1, 11)]


def kinds(rows: list[Row]) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject"]) for row in rows]


def test_nothing_changed_is_no_row() -> None:
    assert told(news.changes, ten(), tests=history("a", ["p"] * 10)) == []
    assert told(news.do_first, ten(), tests=history("a", ["p"] * 10)) == []


def test_a_red_streak_that_ended_says_who_mended_it_and_after_how_long() -> None:
    (row,) = told(news.changes, ten(r3="failure", r4="failure"))
    assert kinds([row]) == [("mended", "ci")]
    assert (row["icon"], row["commit"], row["facts"]) == ("fixed", "c5", {"runs": 2, "seconds": 7200, "number": 5})


def test_a_main_branch_that_is_red_says_since_when() -> None:
    (row,) = told(news.changes, ten(r9="failure", r10="failure"))
    assert (row["kind"], row["icon"], row["commit"], row["facts"]["runs"]) == ("red", "failure", "c9", 2)


def test_a_streak_before_the_window_is_no_news() -> None:
    early = START - timedelta(days=2)
    rows = [run(1, outcome="failure", created_at=early), run(2, created_at=early + timedelta(hours=1)), run(3)]
    assert told(news.changes, rows) == []


def test_a_broken_test_says_since_which_commit() -> None:
    rows = told(news.changes, ten(), tests=history("pdf", ["p"] * 7 + ["ff"] * 3) + history("fine", ["p"] * 10))
    assert kinds(rows) == [("broken", "pdf")]
    assert (rows[0]["commit"], rows[0]["facts"]["runs"]) == ("c8", 3)


def test_a_flaky_test_brings_its_evidence() -> None:
    (row,) = told(news.changes, ten(), tests=history("race", ["p", "fp"] * 5))
    assert (row["kind"], row["run_id"], row["facts"]["failed_runs"], row["facts"]["legs"]) == ("flaky", "r10", 5, ["test"])


def test_the_worst_kind_comes_first() -> None:
    tests = history("race", ["p", "fp"] * 5) + history("pdf", ["p"] * 7 + ["ff"] * 3)
    rows = told(news.changes, ten(r2="failure", r10="failure"), tests=tests)
    assert [row["kind"] for row in rows] == ["red", "broken", "flaky", "mended"]


def test_an_outage_is_told() -> None:
    tests = [row for i in range(20) for row in history(f"t{i}", ["p"] * 4 + ["fp"] + ["p"] * 5)]
    assert kinds(told(news.changes, ten(), tests=tests)) == [("outage", "5")]


def test_coverage_is_told_once_with_the_run_that_moved_it_most() -> None:
    reports = [
        {"run_id": f"r{n}", "leg": "test", "file": "a.py", "lines_covered": covered, "lines": 100}
        for n, covered in ((1, 80), (2, 79), (3, 72), (4, 73))
    ]
    (row,) = told(news.changes, ten(), coverage=reports)
    assert (row["kind"], row["commit"]) == ("coverage_down", "c3")
    assert (row["facts"]["before"], row["facts"]["after"], row["facts"]["number"]) == (0.8, 0.73, 3)


def test_a_tenth_of_a_point_is_no_news() -> None:
    reports = [{"run_id": f"r{n}", "leg": "test", "file": "a", "lines_covered": 800 + n, "lines": 1000} for n in (1, 2)]
    assert told(news.changes, ten(), coverage=reports) == []


def speed(now: float) -> tuple[list[Row], list[Row]]:
    """Ten runs of which the first five lie in the window before; the job takes 100 s there, and `now` in the window."""
    rows = [run(n, created_at=at(60 * n) - (timedelta(days=28) if n <= 5 else timedelta())) for n in range(1, 11)]
    jobs = [
        {"run_id": f"r{n}", "job": "test", "leg": "test", "outcome": "success", "started_at": at(60 * n),
         "duration_seconds": (100.0 if n <= 5 else now) + n / 10}
        for n in range(1, 11)
    ]  # fmt: skip
    return rows, jobs


def test_a_slower_job_is_told_and_costs_what_it_takes_longer() -> None:
    rows, jobs = speed(130.0)
    (change,) = told(news.changes, rows, jobs=jobs)
    assert (change["kind"], change["subject"], change["facts"]["n"]) == ("slower", "test", 5)
    (todo,) = told(news.do_first, rows, jobs=jobs)
    assert todo["kind"] == "slower_job"
    assert todo["seconds"] == pytest.approx(30.5 * 5)


def test_a_faster_job_is_told_and_needs_no_mending() -> None:
    rows, jobs = speed(70.0)
    assert kinds(told(news.changes, rows, jobs=jobs)) == [("faster", "test")]
    assert told(news.do_first, rows, jobs=jobs) == []


def test_tests_that_broke_together_stand_as_one_by_the_time_of_the_failed_runs() -> None:
    tests = history("pdf", ["p"] * 7 + ["ff"] * 3) + history("mail", ["p"] * 7 + ["ff"] * 3)
    (row,) = told(news.do_first, ten(r8="failure", r9="failure", r10="failure"), tests=tests)
    assert (row["kind"], row["seconds"], row["run_id"], row["facts"]["tests"]) == ("broken_test", 180, "r8", 2)


def test_the_dearest_stands_first() -> None:
    lookups = [
        {"run_id": f"r{n}", "leg": "x", "kind": "leg", "key": "k", "result": "miss" if n < 9 else "hit",
         "saved_seconds": None if n < 9 else 20.0}
        for n in range(1, 11)
    ]  # fmt: skip
    tests = history("race", ["p", "fp"] * 5, duration_seconds=4.0)
    rows = told(news.do_first, ten(), tests=tests, caches=lookups)
    assert [(row["kind"], row["seconds"]) for row in rows] == [("cache_misses", 160), ("flaky_test", 20)]
    assert rows[0]["run_id"] == "r8"


def test_a_cache_that_costs_is_told_and_is_to_mend() -> None:
    looked_up = [{"run_id": f"r{n}", "job": "t", "leg": "t", "kind": "actions", "key": "k",
                  "result": "miss" if n <= 4 else "hit", "seconds": 0.0} for n in range(1, 11)]  # fmt: skip
    jobs = [{"run_id": f"r{n}", "job": "t", "leg": "t", "outcome": "success", "duration_seconds": (10.0 if n <= 4 else 15.0) + n / 100}
            for n in range(1, 11)]  # fmt: skip
    assert kinds(told(news.changes, ten(), caches=looked_up, jobs=jobs)) == [("cache_costs", "k")]
    (row,) = told(news.do_first, ten(), caches=looked_up, jobs=jobs)
    assert row["kind"] == "cache_costs"
    assert row["seconds"] > 25


def test_executions_of_a_test_that_recovered_long_ago_are_no_news() -> None:
    early = START - timedelta(days=9)
    rows = [run(1, created_at=early), *(run(n) for n in range(2, 6))]
    tests = executions(1, "race", "fp") + [row for n in range(2, 6) for row in executions(n, "race", "p")]
    assert told(news.changes, rows, tests=tests) == told(news.do_first, rows, tests=tests) == []
