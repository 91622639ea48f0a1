"""Which tests fail although the code is good, how sure is that, and what do they cost?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

from pipelinekit.analysis import flaky
from pipelinekit.answers.grid import Cell, Estimate, Grid, Marks, Name, State
from pipelinekit.answers.question import Answer, Asked, Row
from pipelinekit.charts.flaky_rates import flaky_rates
from pipelinekit.views import words
from pipelinekit.views.run_links import RunRef

LAST = 24  # runs in a row's marks
TOPS = (0.05, 0.1, 0.2, 0.5, 1.0)  # ends of the axis of rates
HEAD = ("test", "class", ">failed", ">rate on good code", ">lost", "last runs", "disagreed in", ">failed in run")
KEY = "last runs: . passed, F failed, k failed and then passed, - skipped; newest right"
DRAWN = "Newest run right. Grey tick: passed. Full bar: failed. Split bar: failed and then passed. Dash: skipped."


def answer(asked: Asked) -> Answer:
    """The tests that are not healthy, the dearest first; `data["rows"]` has one row a test, also of the healthy ones."""
    tests = flaky.by_test(asked.table("tests"), asked.runs, asked.table("jobs"))
    rows = tests.to_pylist()
    shown = [row for row in rows if row["class"] != "healthy"]
    numbers = {(row["run_id"], row["attempt"]): row["number"] for row in asked.runs.to_pylist()}
    top = axis_top(shown)
    cells = [_cells(row, top, numbers) for row in shown]
    grid = Grid(HEAD, cells, title="Tests that are not healthy", key=KEY, drawn=DRAWN)
    return Answer(
        sentence(rows, asked.window.days),
        [grid] if shown else [],
        {"rows": rows},
        empty="Every test is healthy." if rows else "There is no test to judge.",
        draw=lambda: flaky_rates(tests),
        otherwise=f"No test is {'flaky or suspect' if rows else 'reported'}, so there is no rate to draw.",
    )


def axis_top(tests: Sequence[Row]) -> float:
    """Where the axis of rates ends, so that every interval of a test that is not broken fits."""
    highest = max((row["rate_high"] or 0.0 for row in tests if row["class"] != "broken"), default=0.05)
    return next(end for end in TOPS if end >= min(highest, 1.0))


def named(row: Row) -> Name:
    """The test with the file or class that it is in."""
    return Name(row["test"], row["file"] or row["class_name"])


def rate(row: Row, top: float) -> Cell:
    """How often it fails on good code, with its interval; nothing for a test that always fails."""
    if row["rate"] is None:
        return words.NOTHING
    said = words.estimate(row["rate"], row["rate_low"], row["rate_high"], row["attempts"])
    return Estimate(row["rate_low"], row["rate"], row["rate_high"], top, said)


def _cells(row: Row, top: float, numbers: Mapping[tuple[str, int], int]) -> tuple[Cell, ...]:
    key = (row["failed_run_id"], row["failed_attempt"])
    return (
        named(row),
        State(row["class"]),
        f"{words.of(row['failed_runs'], row['runs'])} runs",
        rate(row, top),
        words.minutes(row["lost_seconds"]) if row["lost_seconds"] else words.NOTHING,
        Marks(row["marks"][-LAST:]),
        words.listed(row["disagreed_in"]) or words.NOTHING,
        RunRef(numbers[key], *key) if key in numbers else words.NOTHING,
    )


def sentence(tests: Sequence[Row], days: int) -> str:
    """tests: rows of `analysis.flaky.by_test`."""
    if not tests:
        return "No test was reported. Add `--junitxml=report.xml` to pytest, or your runner's JUnit output."
    broken = [row for row in tests if row["class"] == "broken"]
    found = [row for row in tests if row["class"] == "flaky"]
    said = []
    if broken:
        names = words.listed([f"`{row['test']}`" for row in broken])
        said.append(f"{names} {'fails' if len(broken) == 1 else 'fail'} in every run now.")
    if found:
        worst = found[0]
        others = f", the dearest of {words.count(len(found))} flaky tests," if len(found) > 1 else ""
        cost = f"; it cost {words.minutes(worst['lost_seconds'])}" if worst["lost_seconds"] else ""
        failed = f"failed {words.of(worst['failed_runs'], worst['runs'])} runs on unchanged code"
        said.append(f"`{worst['test']}`{others} {failed}{cost} in {words.plural(days, 'day')}.")
    else:
        attempts = median(row["attempts"] for row in tests)
        rarest = 1 - math.pow(0.05, 1 / attempts) if attempts else None
        unseen = f" One that fails less often than {words.percent(rarest)} may not have shown yet." if rarest else ""
        said.append(f"None of {words.plural(len(tests), 'test')} failed and passed on the same code.{unseen}")
    return " ".join(said)
