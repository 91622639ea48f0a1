"""One row of facts per run."""

from typing import Any

import pytest

from pipelinekit.analysis import flaky, run_facts
from tests.analysis.made_tables import at, executions, run, runs, table

Row = dict[str, Any]


def facts(run_rows: list[Row], **rows: list[Row]) -> list[Row]:
    tables = {name: table(name, rows.get(name, [])) for name in ("jobs", "tests", "coverage", "caches")}
    tables["runs"] = table("runs", run_rows)
    found = flaky.find(tables["tests"], tables["runs"], tables["jobs"])
    answer: list[Row] = run_facts.by_run(tables, found).to_pylist()
    return answer


def colours(letters: str, **columns: Any) -> list[Row]:
    words = {"g": "success", "r": "failure", "c": "cancelled"}
    return [run(n, outcome=words[letter], **columns) for n, letter in enumerate(letters, start=1)]


@pytest.mark.parametrize(
    ("letters", "recoveries"),
    [
        pytest.param("gggg", {}, id="never-red"),
        pytest.param("grg", {3: (3600, 1)}, id="red-once"),
        pytest.param("grrgrg", {4: (7200, 2), 6: (3600, 1)}, id="two-streaks"),
        pytest.param("rg", {2: (3600, 1)}, id="red-from-the-start"),
        pytest.param("grr", {}, id="still-red"),
        pytest.param("grcg", {4: (7200, 1)}, id="a-cancelled-run-neither-breaks-nor-mends"),
    ],
)
def test_recovery_runs_from_the_end_of_the_first_red_run_to_the_end_of_the_next_green_one(
    letters: str, recoveries: dict[int, tuple[float, int]]
) -> None:
    found = {row["number"]: (row["recovery_seconds"], row["red_runs"]) for row in facts(colours(letters)) if row["red_runs"]}
    assert found == recoveries


def test_other_branches_and_workflows_recover_apart() -> None:
    rows = [run(1, outcome="failure"), run(2, branch="feature"), run(3, workflow="nightly"), run(4)]
    assert [row["number"] for row in facts(rows) if row["recovery_seconds"] is not None] == [4]


def test_a_run_in_which_a_leg_was_remembered_tells_nothing_of_the_time_of_runs() -> None:
    rows = facts([run(1), run(2)], jobs=[{"run_id": "r2", "leg": "a", "remembered": "r1"}, {"run_id": "r2", "leg": "b"}])
    assert [row["run_seconds"] for row in rows] == [60, None]


def test_a_run_without_tests_lost_nothing_that_is_known() -> None:
    rows = facts([run(1), run(2)], tests=executions(1, "a", "fp"))
    assert [row["lost_seconds"] for row in rows] == [2.0, None]


def test_only_success_has_a_run_time_and_a_cancelled_run_no_success() -> None:
    rows = facts(colours("grc"))
    assert [row["run_seconds"] for row in rows] == [60, None, None]
    assert [row["succeeded"] for row in rows] == [True, False, None]


def test_what_caches_saved_is_known_per_run() -> None:
    looked_up = {"job": "test", "leg": "test", "kind": "leg", "key": "k", "result": "hit", "saved_seconds": 30.0}
    rows = facts([run(1), run(2)], caches=[{**looked_up}, {**looked_up}, {**looked_up, "result": "saved", "saved_seconds": None}])
    assert [(row["lookups"], row["saved_seconds"]) for row in rows] == [(2, 60), (0, None)]


def test_coverage_is_that_of_the_run() -> None:
    rows = facts([run(1), run(2)], coverage=[{"leg": "test", "file": "a.py", "lines_covered": 3, "lines": 4}])
    assert [(row["lines_covered"], row["lines"]) for row in rows] == [(3, 4), (None, None)]


def test_every_run_has_one_row_oldest_first() -> None:
    assert [row["number"] for row in facts([run(2), run(1, created_at=at(500)), run(3)])] == [2, 3, 1]
    assert len(runs(3)) == 3
