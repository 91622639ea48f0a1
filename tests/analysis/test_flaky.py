"""Which tests are flaky: five-row histories by hand, and a large one against pandas."""

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelinekit.analysis import flaky, outages
from tests.analysis.made_tables import at, executions, history, run, runs, table

Row = dict[str, Any]


def found(rows: list[Row], asked: pa.Table, jobs: pa.Table | None = None) -> dict[str, Row]:
    return {row["test"]: row for row in flaky.by_test(table("tests", rows), asked, jobs).to_pylist()}


def one(versions: list[str], **columns: Any) -> Row:
    return found(history("a", versions, **columns), runs(len(versions)))["a"]


@pytest.mark.parametrize(
    ("versions", "klass", "reason"),
    [
        pytest.param(["p"] * 6, "healthy", "never_failed", id="never-failed"),
        pytest.param(["p", "fp", "p", "p"], "flaky", "disagreed", id="a-rerun-passed"),
        pytest.param(["p", "f", "p", "f", "p", "p"], "flaky", "episodes", id="red-twice-on-main"),
        pytest.param(["p", "f", "p", "p"], "suspect", "failed_once_or_so", id="one-failure"),
        pytest.param(["p", "ff", "p", "p"], "healthy", "explained", id="one-broken-version"),
        pytest.param(["p"] * 20 + ["f"] * 4, "broken", "always_fails", id="fails-since-a-change"),
        pytest.param(["p", "p", "ff"], "broken", "always_fails", id="the-newest-version-is-broken"),
        pytest.param(["p", "fp", "ff"], "flaky", "disagreed", id="a-flaky-test-that-failed-twice-at-last"),
        pytest.param(["fp"] + ["p"] * 12, "healthy", "mended", id="clean-for-long-enough"),
        pytest.param(["s", "x", "s"], "healthy", "never_failed", id="skips-and-expected-failures"),
    ],
)
def test_the_class_follows_from_the_history(versions: list[str], klass: str, reason: str) -> None:
    row = one(versions)
    assert (row["class"], row["reason"]) == (klass, reason)


def test_the_score_is_the_posterior_of_the_attempts_on_good_code() -> None:
    row = one(["p", "fp", "p", "p", "ff", "p"])  # 6 attempts on good code, 1 failed; the version that failed twice is not
    assert row["prior"] == "fallback"
    assert row["rate"] == pytest.approx((0.05 + 1) / (0.05 + 0.5 + 6))
    assert row["rate_low"] < row["rate"] < row["rate_high"]
    assert (row["attempts"], row["failures"], row["disagreements"]) == (8, 3, 1)


def test_a_long_failing_stretch_does_not_raise_the_rate() -> None:
    row = one(["p"] * 20 + ["f"] * 8 + ["p"] * 20)
    assert row["rate"] == pytest.approx(0.05 / (0.55 + 40))
    assert row["class"] == "healthy"


def test_different_results_in_two_legs_are_no_disagreement() -> None:
    rows = [row for n in range(1, 4) for row in (*executions(n, "a", "f", "3.9"), *executions(n, "a", "p", "3.11"))]
    row = found(rows, runs(3))["a"]
    assert row["disagreements"] == 0
    assert row["legs"] == ["3.11", "3.9"]


def test_the_legs_that_disagreed_are_named() -> None:
    rows = executions(1, "a", "fp", "3.9") + executions(1, "a", "p", "3.11")
    assert found(rows, runs(1))["a"]["disagreed_in"] == ["3.9"]


def test_the_evidence_is_the_newest_pair_that_disagrees() -> None:
    rows = history("a", ["fp", "p", "fp", "p"])
    row = found(rows, runs(4))["a"]
    assert (row["failed_run_id"], row["failed_leg"], row["failed_execution"]) == ("r3", "test", 1)
    assert (row["passed_run_id"], row["passed_leg"], row["passed_execution"]) == ("r3", "test", 2)
    assert row["message"] == "assert 3"


def test_a_second_run_of_one_tree_is_evidence_too() -> None:
    asked = table("runs", [run(1, tree="t"), run(1, attempt=2, tree="t", created_at=at(90))])
    rows = executions(1, "a", "f") + executions(1, "a", "p", attempt=2)
    row = found(rows, asked)["a"]
    assert row["class"] == "flaky"
    assert (row["failed_attempt"], row["passed_attempt"]) == (1, 2)


def test_remembered_executions_count_once() -> None:
    rows = executions(1, "a", "fp") + executions(2, "a", "fp", remembered="r1")
    row = found(rows, runs(2))["a"]
    assert (row["attempts"], row["disagreements"], row["runs"]) == (2, 1, 1)


def test_an_outage_is_no_evidence_but_stays_in_the_marks() -> None:
    rows = [row for i in range(30) for row in history(f"t{i}", ["p", "p", "fp", "p", "p"])]
    asked = found(rows, runs(5))
    assert {row["class"] for row in asked.values()} == {"healthy"}
    assert asked["t0"]["reason"] == "explained"
    assert asked["t0"]["marks"] == "ppkpp"


def test_a_broken_test_says_since_when() -> None:
    row = one(["p"] * 20 + ["f"] * 4)
    assert (row["since_run_id"], row["since_commit"], row["since_runs"]) == ("r21", "c21", 4)
    assert row["marks"] == "p" * 20 + "FFFF"


def test_clean_attempts_count_from_the_last_failure() -> None:
    row = one(["p", "fp", "p", "p"])
    assert row["clean"] == 2
    assert row["clean_needed"] == 9  # 1 of the first 3 attempts failed: ln 0.05 / ln(1 - 1.05 / 3.55)


def test_the_dearest_flaky_test_comes_first_and_broken_before_flaky() -> None:
    rows = history("cheap", ["fp", "p", "p"], duration_seconds=1.0) + history("dear", ["fp", "p", "p"], duration_seconds=9.0)
    rows += history("broken", ["p", "p", "ff"]) + history("fine", ["p", "p", "p"])
    answer = flaky.by_test(table("tests", rows), runs(3), table("jobs"))
    assert answer.column("test").to_pylist() == ["broken", "dear", "cheap", "fine"]


def test_without_jobs_no_cost_is_claimed() -> None:
    assert one(["fp"])["lost_seconds"] is None


def test_tests_of_one_name_in_two_files_are_two_tests() -> None:
    rows = executions(1, "a", "f", file="one.py") + executions(1, "a", "p", file="two.py")
    answer = flaky.by_test(table("tests", rows), runs(1))
    assert sorted(zip(*(answer.column(name).to_pylist() for name in ("file", "failures")), strict=True)) == [
        ("one.py", 1),
        ("two.py", 0),
    ]


def test_missing_names_do_not_hide_a_test() -> None:
    row = found(history("a", ["fp", "p"], suite=None, class_name=None, file=None), runs(2))["a"]
    assert (row["class"], row["suite"], row["message"]) == ("flaky", "", "assert 1")


def test_a_made_up_history_is_flagged() -> None:
    rows = table("tests", history("a", ["p"]))
    assert flaky.by_test(rows, runs(1, simulated=True)).column("simulated").to_pylist() == [True]


def test_no_tests_give_no_rows() -> None:
    answer = flaky.find(table("tests"), runs(3), table("jobs"))
    assert answer.by_test.column_names == list(flaky.BY_TEST)
    assert len(answer.by_test) == len(answer.lost_by_run) == len(answer.marked_runs) == 0


def test_every_mark_has_its_run() -> None:
    answer = flaky.find(table("tests", history("a", ["p", "", "fp"])), runs(3))
    assert answer.marked_runs.column("run_id").to_pylist() == ["r1", "r3"]
    assert answer.by_test.column("marks").to_pylist() == ["pk"]


@given(
    st.lists(st.lists(st.sampled_from(["p", "f", "fp", "ffp", "ff", "s", ""]), min_size=4, max_size=4), min_size=1, max_size=4),
)
@settings(max_examples=15, deadline=None)
def test_counts_agree_with_a_slow_count(tests: list[list[str]]) -> None:
    rows = [row for i, versions in enumerate(tests) for row in history(f"t{i}", versions)]
    answer = found(rows, runs(4))
    for i, versions in enumerate(tests):
        if not any(versions):
            assert f"t{i}" not in answer
            continue
        row, letters = answer[f"t{i}"], "".join(versions).replace("s", "")
        assert (row["attempts"], row["failures"]) == (len(letters), letters.count("f"))
        assert row["failed_runs"] == sum("f" in word for word in versions)
        assert 0 <= row["rate_low"] <= row["rate_high"] <= 1
        assert (row["class"] == "healthy") or row["failures"] > 0


def recorded() -> Path:
    conformance = Path(os.environ.get("PIPELINEKIT_CONFORMANCE", Path(__file__).parents[3] / "shared" / "conformance"))
    path = conformance.parent / "data" / "history" / "iofrol.csv"
    if not path.exists():
        pytest.skip(f"the recorded history {path} is not here")
    return path


def test_disagreements_of_a_recorded_history_agree_with_pandas() -> None:
    """32,260 executions of 1,941 tests in 320 cycles; a cycle stands for a run and its code version."""
    frame = pd.read_csv(recorded(), sep=";").sort_values("Id")
    frame["execution"] = frame.groupby(["Cycle", "Name"]).cumcount() + 1
    tests = table(
        "tests",
        (
            {"run_id": f"r{row.Cycle}", "leg": "rig", "suite": "s", "test": str(row.Name), "execution": row.execution,
             "outcome": "failed" if row.Verdict else "passed"}
            for row in frame.itertuples()
        ),
    )  # fmt: skip
    asked = runs(320)
    left_out = {row["number"] for row in outages.by_run(tests, asked).to_pylist() if row["left_out"]}
    kept = frame[~frame["Cycle"].isin(left_out)]
    counts = kept.groupby(["Name", "Cycle"])["Verdict"].agg(["sum", "count"])
    both = counts[(counts["sum"] > 0) & (counts["sum"] < counts["count"])]
    answer = flaky.by_test(tests, asked)
    assert len(frame.groupby(["Name", "Cycle"])["Verdict"].nunique().loc[lambda n: n == 2]) == 1_966
    assert len(answer) == frame["Name"].nunique() == 1_941
    assert sum(answer.column("attempts").to_pylist()) == 32_260
    assert sum(answer.column("failures").to_pylist()) == 9_289
    assert sum(answer.column("disagreements").to_pylist()) == len(both) > 1_000
    assert set(answer.column("prior").to_pylist()) == {"fitted"}
