"""How much of the code do the tests run, and does that grow?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import coverage, windows
from pipelinekit.answers.grid import Grid, Name, Share
from pipelinekit.answers.question import Answer, Asked, Row
from pipelinekit.charts.coverage_trend import coverage_trend
from pipelinekit.views import words
from pipelinekit.views.run_links import in_notebook, run_ref

if TYPE_CHECKING:
    from pipelinekit.charts.picture import Picture

MOST = 10  # files and runs: the first and the last ones matter
NOISE = 0.0005  # what does not change a written tenth of a point
NONE = "No coverage was reported. Add `--cov --cov-report=xml` to pytest."


def answer(asked: Asked) -> Answer:
    """Coverage over the runs and what is covered least; `data` has `rows`, one a run, and `files`."""
    trend = coverage.by_run(asked.table("coverage"), asked.runs).to_pylist()
    files = coverage.by_file(asked.table("coverage"), asked.runs).to_pylist()
    if not trend:
        return Answer(NONE, data={"rows": [], "files": []}, empty=NONE, otherwise=NONE)
    by_file = Grid(
        ("file", ">lines covered", ">to gain", "change"),
        [(Name(row["file"]), _share(row), words.count(row["missing"]), _delta(row)) for row in files[:MOST]],
        title="Files, most lines to gain first",
    )
    by_run = Grid(
        (">run", "commit", ">lines covered", ">of", "change"),
        [
            (run_ref(row), words.commit(row["commit"] or ""), _share(row),
             words.count(row["lines"]), _delta(row))
            for row in trend[-MOST:]
        ],
        title="Runs",
    )  # fmt: skip
    data = {"rows": trend, "files": files}
    return Answer(sentence(trend[-1]), [by_file, by_run], data, draw=lambda: _chart(asked, trend[-1]), otherwise=NONE)


def _chart(asked: Asked, newest: Row) -> Picture | None:
    """Of the newest run's workflow and branch: others cover other code."""
    runs = windows.chosen(asked.runs, newest["workflow"], newest["branch"])
    return coverage_trend(coverage.by_run(asked.table("coverage"), runs), in_notebook)


def _share(row: Row) -> Share | str:
    return words.NOTHING if row["share"] is None else Share(row["share"], words.percent(row["share"], row["lines"]))


def _delta(row: Row) -> words.Delta:
    return words.delta(row["change"], words.points, good="more", noise=NOISE)


def sentence(newest: Row) -> str:
    """newest: the last row of `analysis.coverage.by_run`."""
    covered, change = words.percent(newest["share"], newest["lines"]), _delta(newest).text
    against = f", {change} against the run before" if change else ""
    carried = " Some of it is carried forward from a remembered leg." if newest["carried_forward"] else ""
    return f"{covered} of {words.plural(newest['lines'], 'line')} are covered{against}.{carried}"
