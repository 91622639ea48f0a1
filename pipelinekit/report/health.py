"""Health: better or worse, why, and what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import health as answers
from pipelinekit.analysis import news
from pipelinekit.answers.health import change, finding, form
from pipelinekit.report import health_news, history
from pipelinekit.report.labels import simulated
from pipelinekit.report.page import Page
from pipelinekit.report.runs import COMMAND, NO_RUNS
from pipelinekit.report.span import span
from pipelinekit.views.bars import spark
from pipelinekit.views.figures import Figure, figures
from pipelinekit.views.history_grid import history_grid
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.sentences import code, empty, halves, heading, items, link, meta, note, section, todo, verdict
from pipelinekit.views.words import (
    ENOUGH,
    THIN,
    interval,
    minutes,
    number,
    of,
    percent,
    plural,
    sample,
    too_few,
)

if TYPE_CHECKING:
    from pipelinekit.analysis.windows import Window
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record

TITLE = "CI health"
MOST_CHANGES, MOST_TODO = 7, 3

COSTS = fill(
    "Waiting that each has cost in these days, dearest first. How it is computed: see {}.", link("methods.html", "Methods")
)

# figure -> label, definition, noun of its n, the page with the evidence, what it reads as when it changes
FIGURES = {
    "success_rate": ("Success rate", "successes ÷ (successes + failures), on the main branch", "run", "runs.html"),
    "run_time": ("Run time, p50", "median of successful runs, without queue", "run", "build-times.html"),
    "lost_to_flaky": ("Lost to flaky tests", "runs that failed only through flaky tests, and reruns of tests", "run", "flaky.html"),
    "recovery": (
        "Time to recovery, p50",
        "end of the first failed run on the main branch → end of the next success",
        "recovery",
        "runs.html",
    ),
    "cache": ("Saved by caches", "per hit: median of the job on a miss − on a hit; times the hits", "lookup", "cache.html"),
    "coverage": ("Coverage", "covered ÷ executable lines, in the newest run that measured it", "line", "coverage.html"),
}
MANY = {"recovery": "recoveries"}


def health_page(evidence: Evidence) -> Page:
    window = evidence.window
    if window is None:
        body = join((heading(TITLE), verdict("Nothing has run yet."), empty(NO_RUNS, COMMAND)))
        return Page("index", "Health", body)
    rows = answers.figures(evidence.main_tables, evidence.main_flaky, window).to_pylist()
    about = meta(span(evidence, against=True), plural(evidence.executions, "test execution"), simulated(evidence))
    body = join(
        (
            heading(TITLE, about),
            _verdict(evidence, rows),
            figures([_figure(row) for row in rows], _sparks(rows)),
            _news(evidence, window),
            _grid(evidence),
        ),
        "\n",
    )
    return Page("index", "Health", body)


# --- the answer


def _verdict(evidence: Evidence, rows: list[Record]) -> Html:
    main = [run for run in evidence.runs if run["branch"] == evidence.branch]
    found = {row["figure"]: row for row in rows}
    return verdict(finding(rows, main), _cause(evidence, found, main))


def _cause(evidence: Evidence, found: dict[str, Record], main: list[Record]) -> Html:
    ended = [run for run in main if run["outcome"] in ("success", "failure")]
    failed = sum(run["outcome"] == "failure" for run in ended)
    where = code(evidence.branch) if evidence.branch else "the main branch"
    flaky = [row for row in evidence.flaky.to_pylist() if row["class"] in ("flaky", "suspect")]
    said: list[Piece] = [fill("{} of {} on {} failed", str(failed), plural(len(ended), "run"), where)]
    lost = found["lost_to_flaky"]["value"]
    if flaky and lost:
        classes = "flaky" if all(row["class"] == "flaky" for row in flaky) else "flaky or suspect"
        tests = f"{number(len(flaky))} {classes} {'test' if len(flaky) == 1 else 'tests'} cost {minutes(lost)}"
        said.append(fill("; {}.", link("flaky.html", tests)))
    else:
        said.append(".")
    return join(said)


# --- the figures


def _figure(row: Record) -> Figure:
    label, definition, noun, _ = FIGURES[row["figure"]]
    value, unit = _value(row)
    n = sample(row["n"], noun) if noun not in MANY else f"n = {plural(row['n'], noun, MANY[noun])}"
    if row["figure"] == "success_rate" and row["low"] is not None:
        n = f"{n}, {interval(row['low'], row['high'])}"
    return Figure(label, definition, value, unit, change(row), n, _spark(row, label))


def _value(row: Record) -> tuple[str, str]:
    if row["value"] is None:
        return (too_few(row["n"]) if 0 < row["n"] < ENOUGH else "not known" if row["n"] else "–", "")
    if row["unit"] == "share":
        return percent(row["value"], row["n"]).split(THIN, 1)[0], f"{THIN}%"
    return form(row)(row["value"]), ""


def _spark(row: Record, label: str) -> Html:
    values = row["spark"] or []
    known = [value for value in values if value is not None]
    least = 0.1 if row["unit"] == "share" else 0.3 * (max(known, default=0.0))
    return spark(values, f"{label}, {row['spark_of']}", least)


def _sparks(rows: list[Record]) -> str:
    if not any(len([v for v in row["spark"] or [] if v is not None]) > 1 for row in rows):
        return ""
    what = "the last 8 weeks" if rows[0]["spark_of"] == "weeks" else "the last runs"
    return f"Lines: {what}, each on its own scale"


# --- what changed, what to do


def _news(evidence: Evidence, window: Window) -> Html:
    tables, found = evidence.main_tables, evidence.main_flaky
    changes = health_news.changes(evidence, news.changes(tables, found, window).to_pylist())
    first = [health_news.to_do(evidence, row) for row in news.do_first(tables, found, window).to_pylist()[:MOST_TODO]]
    more = len(changes) - MOST_CHANGES
    left = section(
        "What changed",
        items(changes[:MOST_CHANGES]) if changes else tag("p", "Nothing got better or worse that is more than noise."),
        note(f"{plural(more, 'more change')} of less weight.") if more > 0 else None,
        anchor="changed",
    )
    right = section(
        "Do first",
        todo(first)
        if first
        else tag("p", "Nothing stands out: no flaky test, no cache and no job costs time that could be saved."),
        note(COSTS) if first else None,
        anchor="first",
    )
    return halves(left, right, wide_left=True)


# --- the grid


def _grid(evidence: Evidence) -> Piece:
    runs = history.columns(evidence)
    if not runs:
        return None
    tests = history.rows(evidence, runs)
    bad = sum(run.letter in "Fk" for run in runs if not run.left_out)
    drawn = history_grid(runs, tests, of(bad, sum(not run.left_out for run in runs)))
    told = "Read down a column for a bad run, along a row for a bad test."
    latest = f"The {plural(len(runs), 'latest run')}" if len(runs) > 1 else "The one run"
    none = None if tests else note("No test has failed in them.")
    where = f" on {evidence.branch}" if evidence.branch else ""
    return section("Every run, every test that failed", drawn, none, anchor="grid", note=f"{latest}{where}. {told}")
