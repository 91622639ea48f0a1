"""The six figures and their change, on two windows of five runs made by hand."""

from datetime import timedelta
from typing import Any

import pytest

from pipelinekit.analysis import flaky, health
from pipelinekit.analysis.windows import Window
from tests.analysis.made_tables import START, executions, run, table

Row = dict[str, Any]
WINDOW = Window(START + timedelta(days=28), START + timedelta(days=56))


def made(now: list[Row], before: list[Row]) -> list[Row]:
    """Runs r1 ... of the window before, then those of the window, a day apart."""
    rows = []
    for first, days, window in ((1, 1, before), (1 + len(before), 29, now)):
        for i, columns in enumerate(window):
            begun = START + timedelta(days=days + i)
            times = {"created_at": begun, "started_at": begun, "finished_at": begun + timedelta(minutes=1)}
            rows.append(run(first + i, **times | columns))
    return rows


def figures(now: list[Row], before: list[Row], **rows: list[Row]) -> dict[str, Row]:
    tables = {name: table(name, rows.get(name, [])) for name in ("jobs", "tests", "coverage", "caches")}
    tables["runs"] = table("runs", made(now, before))
    found = flaky.find(tables["tests"], tables["runs"], tables["jobs"])
    return {row["figure"]: row for row in health.figures(tables, found, WINDOW).to_pylist()}


GREEN: Row = {}
RED: Row = {"outcome": "failure"}


def test_the_figures_stand_in_their_order_even_where_nothing_was_measured() -> None:
    rows = figures([], [])
    assert list(rows) == ["success_rate", "run_time", "lost_to_flaky", "recovery", "cache", "coverage"]
    assert {row["verdict"] for row in rows.values()} == {"unknown"}
    assert {row["value"] for row in rows.values()} == {None}


def test_the_success_rate_has_an_interval_and_leaves_cancelled_runs_out() -> None:
    row = figures([GREEN] * 6 + [RED] * 2 + [{"outcome": "cancelled"}], [])["success_rate"]
    assert (row["value"], row["n"]) == (0.75, 8)
    assert row["low"] < 0.75 < row["high"]


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        pytest.param([GREEN] * 20, [GREEN] * 10 + [RED] * 10, "better", id="better"),
        pytest.param([GREEN] * 10 + [RED] * 10, [GREEN] * 20, "worse", id="worse"),
        pytest.param([GREEN] * 9 + [RED], [GREEN] * 10, "noise", id="one-failure-of-ten-is-luck"),
        pytest.param([GREEN] * 9, [GREEN] * 9, "noise", id="no-change"),
        pytest.param([GREEN] * 9, [GREEN] * 4, "unknown", id="too-few-before"),
    ],
)
def test_a_change_of_the_success_rate_is_judged_against_luck(now: list[Row], before: list[Row], verdict: str) -> None:
    assert figures(now, before)["success_rate"]["verdict"] == verdict


def timed(*seconds: float) -> list[Row]:
    return [{"duration_seconds": value} for value in seconds]


def test_run_time_is_the_median_of_what_succeeded() -> None:
    row = figures([*timed(60, 61, 62, 63, 64), {**RED, "duration_seconds": 1.0}], timed(90, 91, 92, 93, 94))["run_time"]
    assert (row["value"], row["before"], row["change"], row["n"]) == (62, 92, -30, 5)
    assert row["verdict"] == "better"


def test_four_runs_are_too_few_for_a_median() -> None:
    row = figures(timed(60, 61, 62, 63), [])["run_time"]
    assert (row["value"], row["enough"], row["n"]) == (None, False, 4)
    assert row["spark"] == [60, 61, 62, 63]


def test_time_lost_to_flaky_tests_is_summed() -> None:
    tests = [row for n in range(1, 11) for row in executions(n, "a", "fp" if n >= 8 else "p", duration_seconds=40.0)]
    row = figures([GREEN] * 5, [GREEN] * 5, tests=tests)["lost_to_flaky"]
    assert (row["value"], row["before"], row["verdict"]) == (120, 0, "worse")


def test_coverage_is_that_of_the_newest_run_that_measured_it() -> None:
    reports = [{"run_id": f"r{n}", "leg": "test", "file": "a.py", "lines_covered": c, "lines": 100} for n, c in ((3, 70), (7, 74), (8, 73))]
    row = figures([GREEN] * 5, [GREEN] * 5, coverage=reports)["coverage"]
    assert (row["value"], row["n"], row["verdict"]) == (0.73, 100, "better")
    assert row["change"] == pytest.approx(0.03)


def test_what_caches_saved_is_summed_over_the_window() -> None:
    lookups = [{"run_id": f"r{n}", "leg": "test", "kind": "leg", "key": "k", "result": "hit", "saved_seconds": 30.0} for n in (4, 7, 8)]
    row = figures([GREEN] * 5, [GREEN] * 5, caches=lookups)["cache"]
    assert (row["value"], row["before"], row["n"], row["verdict"]) == (60, 30, 2, "better")


def test_recovery_needs_five_of_them() -> None:
    row = figures([RED, GREEN] * 5, [RED, GREEN] * 3)["recovery"]
    assert (row["value"], row["n"], row["before"], row["before_n"]) == (86_400, 5, None, 3)


def test_a_spark_shows_eight_weeks_where_there_are_weeks() -> None:
    row = figures([GREEN] * 28, [])["success_rate"]
    assert (row["spark_of"], row["spark"]) == ("weeks", [None] * 3 + [None, 1.0, 1.0, 1.0, 1.0])


def test_a_spark_shows_single_runs_where_all_happened_in_a_week() -> None:
    row = figures([GREEN, RED, GREEN], [])["success_rate"]
    assert (row["spark_of"], row["spark"]) == ("runs", [1.0, 0.0, 1.0])
