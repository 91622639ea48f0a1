from typing import Any

import pyarrow as pa

from pipelinekit.analysis import durations, stretches
from tests.analysis.made_tables import run, table


def trend(*rows: dict[str, Any]) -> pa.Table:
    return durations.by_run(table("runs", rows), table("jobs"))


def step(**columns: Any) -> list[dict[str, Any]]:
    """Twelve runs of a minute, then twelve that take a quarter longer."""
    return [run(n, duration_seconds=60.0 if n <= 12 else 75.0, **columns) for n in range(1, 25)]


def test_a_change_names_the_runs_and_commits_on_either_side() -> None:
    _, changes = stretches.of_runs(trend(*step()))
    (change,) = changes.to_pylist()
    assert (change["before_number"], change["number"], change["before_commit"], change["commit"]) == (12, 13, "c12", "c13")
    assert (change["kind"], change["change"], change["runs_after"], change["gradual"]) == ("slower", 0.25, 12, False)


def test_each_run_has_the_median_of_its_stretch() -> None:
    runs, _ = stretches.of_runs(trend(*step()))
    assert set(runs.column("stretch_seconds").to_pylist()[:12]) == {60}
    assert set(runs.column("stretch_seconds").to_pylist()[12:]) == {75}
    assert runs.schema.names == list(stretches.BY_RUN)


def test_a_run_that_failed_is_not_measured_and_lies_in_a_stretch() -> None:
    rows = step()
    rows[5] |= {"outcome": "failure", "duration_seconds": 2.0}
    rows[20] |= {"outcome": "failure", "duration_seconds": 900.0}
    runs, changes = stretches.of_runs(trend(*rows))
    assert changes.num_rows == 1
    assert [runs.column("stretch_seconds").to_pylist()[at] for at in (5, 20)] == [60, 75]


def test_workflows_are_looked_at_one_by_one() -> None:
    rows = [{**row, "workflow": "nightly", "run_id": f"n{row['number']}"} for row in step()]
    _, changes = stretches.of_runs(trend(*step(), *rows))
    assert changes.column("workflow").to_pylist() == ["ci", "nightly"]


def test_few_runs_have_no_median() -> None:
    runs, changes = stretches.of_runs(trend(*[run(n) for n in range(1, 5)]))
    assert runs.column("stretch_seconds").to_pylist() == [None] * 4
    assert changes.num_rows == 0


def test_no_runs_are_no_rows() -> None:
    runs, changes = stretches.of_runs(trend())
    assert (runs.num_rows, changes.num_rows) == (0, 0)
