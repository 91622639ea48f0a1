"""Whole runs in Docker, beside `docker run --rm` and, where it is installed, beside act."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import ACT, ENGINE, IMAGE, RUN
from benchmarks.measure import RUNS, Row, median, peak_kilobytes, seconds, spread
from benchmarks.workflows import ONE_JOB, jobs, printing, repository, steps


def rows(work: Path) -> Iterator[Row]:
    empty = seconds([ENGINE, "run", "--rm", IMAGE, "true"], work)
    yield Row("docker run --rm IMAGE true", median(empty), "s", note=spread(empty))
    workflows = {"one-job workflow": (ONE_JOB, 0.9), "50 steps": (steps(50), 0.08), "ten one-step jobs": (jobs(10), 0.6)}
    took = {}
    for name, (text, against_act) in workflows.items():
        folder = repository(work / name.replace(" ", "-"), text, IMAGE)
        times = seconds(RUN, folder)
        took[name] = median(times)
        yield Row(name, took[name], "s", note=spread(times))
        if shutil.which("act"):
            beside = seconds(ACT, folder, runs=1 if name == "50 steps" else RUNS)
            yield Row(f"{name}: act", median(beside), "s", note=spread(beside))
            yield Row(f"{name} / act", took[name] / median(beside), "x", against_act)
    yield Row("one-job workflow / docker run --rm", took["one-job workflow"] / median(empty), "x", 2.5)
    yield Row("a step of 50, over the step itself", 1000 * (took["50 steps"] - took["one-job workflow"]) / 49, "ms", 10)
    yield from _memory(work)


def _memory(work: Path) -> Iterator[Row]:
    """The process while a job prints: ten times the lines may need little more memory than one row group of them."""
    peaks = {}
    for lines in (100_000, 1_000_000):
        folder = repository(work / f"print-{lines}", printing(lines), IMAGE)
        peaks[lines] = peak_kilobytes(RUN, folder)
        yield Row(f"peak memory while a job prints {lines:,} lines", peaks[lines] / 1000, "MB")
    yield Row("1,000,000 lines / 100,000 lines", peaks[1_000_000] / peaks[100_000], "x", 1.3)
