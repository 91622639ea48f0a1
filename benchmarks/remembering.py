"""Runs that have nothing to do: every leg is remembered."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import IMAGE, REMEMBERING
from benchmarks.measure import Row, median, seconds, spread
from benchmarks.workflows import checking_out, repository
from pipelinekit.records.store import Store

LEGS = 10


def rows(work: Path) -> Iterator[Row]:
    folder = repository(work / "ten", checking_out(LEGS), IMAGE)
    times = seconds(REMEMBERING, folder)  # the one to warm up runs the legs
    ran = Store(folder / ".pipelinekit").sql("SELECT count(*) AS legs FROM jobs WHERE remembered IS NULL").to_pylist()[0]["legs"]
    yield Row("ten legs all remembered, process start included", median(times), "s", 0.5, spread(times))
    yield Row("legs that ran in all of these runs but the first", ran - LEGS, "", 0)
