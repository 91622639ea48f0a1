"""Where durations changed for good, on the chart of build times."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipelinekit.charts.build_times import build_times
from pipelinekit.charts.picture import Picture

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def picture(*changes: dict[str, Any]) -> Picture:
    rows = [
        {
            "run_id": f"r{n}", "attempt": 1, "number": n, "created_at": START + timedelta(days=n), "outcome": "success",
            "duration_seconds": 295.0 if n < 10 else 372.0, "queued_seconds": 0.0, "usual_p95_seconds": 400.0,
            "stretch_seconds": 295.0 if n < 10 else 372.0,
        }
        for n in range(1, 21)
    ]  # fmt: skip
    found = build_times(pa.Table.from_pylist(rows), pa.Table.from_pylist(list(changes)))
    assert found is not None
    return found


def change(number: int, **columns: Any) -> dict[str, Any]:
    return {
        "run_id": f"r{number}", "attempt": 1, "at": START + timedelta(days=number), "kind": "slower", "gradual": False,
        "before_commit": "a41f9c2e", "commit": "7be0d13f", "before_seconds": 295.0, "after_seconds": 372.0, "change": 0.26, **columns,
    }  # fmt: skip


def test_a_dotted_line_stands_at_the_first_run_after_the_change() -> None:
    (line,) = picture(change(10)).layout["shapes"]
    assert (line["x0"], line["x1"]) == ("2026-11-11 09:00:00", "2026-11-11 09:00:00")
    assert line["line"]["color"] == "pk:failure"


def test_the_newest_change_is_written_above_with_its_numbers_and_commits() -> None:
    notes = picture(change(10)).layout["annotations"]
    said = next(note for note in notes if "Nov" in note["text"])
    assert said["text"] == "<b>11 Nov: +26\u202f%</b>, 4m\u00a055s → 6m\u00a012s, between a41f9c2 and 7be0d13"
    assert said["narrow"] == "<b>11 Nov: +26\u202f%</b>"
    assert said["xanchor"] == "right"


def test_earlier_changes_have_their_share_beside_their_line() -> None:
    found = picture(change(10, kind="faster", change=-0.1), change(15))
    assert [line["line"]["color"] for line in found.layout["shapes"]] == ["pk:success", "pk:failure"]
    assert [note["text"] for note in found.layout["annotations"] if note["text"].startswith("\u2212")] == ["\u221210\u202f%"]


def test_a_slope_and_a_run_that_is_not_drawn_have_no_line() -> None:
    assert picture(change(10, gradual=True), change(99)).layout["shapes"] == []


def test_the_step_line_is_the_median_of_each_stretch() -> None:
    line = next(trace for trace in picture().data if trace["name"] == "p50")
    assert line["line"]["shape"] == "hv"
    assert [line["y"][0], line["y"][-1]] == [295 / 60, 372 / 60]
