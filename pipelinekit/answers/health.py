"""Is the pipeline getting better or worse, and what should be mended first?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipelinekit.analysis import attempts, caches, flaky, health, news
from pipelinekit.answers.grid import Cell, Grid, Name, State
from pipelinekit.answers.question import Answer, Asked, Row
from pipelinekit.charts.cache_hits import cache_hits
from pipelinekit.views import words
from pipelinekit.views.run_links import in_notebook, run_ref

BETTER_WORSE = {
    "success_rate": ("more reliable", "less reliable"),
    "run_time": ("faster", "slower"),
    "lost_to_flaky": ("less lost to flaky tests", "more lost to flaky tests"),
    "recovery": ("mended sooner", "mended later"),
}
LABELS = {
    "success_rate": "success rate", "run_time": "run time, p50", "lost_to_flaky": "lost to flaky tests",
    "recovery": "time to recovery, p50", "cache": "saved by caches", "coverage": "coverage",
}  # fmt: skip
KINDS = {
    "red": "the branch is red", "broken": "test fails in every run", "flaky": "test is flaky", "slower": "job became slower",
    "coverage_down": "coverage fell", "cache_costs": "cache costs more than it saves", "outage": "run left out: an outage",
    "mended": "green again", "faster": "job became faster", "coverage_up": "coverage rose",
}  # fmt: skip
TO_DO = {
    "broken_test": "mend the broken test", "flaky_test": "mend the flaky test", "cache_misses": "let the cache hit",
    "cache_costs": "drop or mend the cache", "slower_job": "look into the slower job",
}  # fmt: skip
NOUNS = {
    "runs": ("run",),
    "failures": ("failure",),
    "recoveries": ("recovery", "recoveries"),
    "lookups": ("lookup",),
    "lines": ("line",),
}
SUMS = ("lost_to_flaky", "cache")
MOST = 10


def answer(asked: Asked) -> Answer:
    """Figures, what changed, and what to mend first; `data` has `rows`, one a figure, `changes` and `do_first`."""
    import pyarrow as pa  # 0.1 s that only an answer needs

    names = ("jobs", "tests", "coverage", "caches")
    tables = {"runs": pa.concat_tables([asked.before, asked.runs]), **{name: asked.table(name) for name in names}}
    found = flaky.find(tables["tests"], tables["runs"], tables["jobs"])
    figures = health.figures(tables, found, asked.window).to_pylist()
    changes = news.changes(tables, found, asked.window).to_pylist()
    first = news.do_first(tables, found, asked.window).to_pylist()
    newest = asked.runs.to_pylist()[::-1]
    runs = {row["run_id"]: row for row in reversed(newest)}
    main = attempts.main_branch(asked.runs)
    grids = [
        Grid(("figure", ">now", ">before", "change", ">n"), [_figure(row) for row in figures], title="Figures"),
        Grid(("what", "which", "when", "commit", ">run"), [_change(row, runs) for row in changes[:MOST]], title="What changed"),
        Grid((">cost", "do first", "which", ">run"), [_to_do(row, runs) for row in first[:MOST]], title="Do first"),
    ]
    lookups = caches.by_run(asked.table("caches"), asked.runs)
    return Answer(
        sentence(figures, [row for row in newest if row["branch"] == main], first),
        [grid for grid in grids if grid.rows],
        {"rows": figures, "changes": changes, "do_first": first},
        draw=lambda: cache_hits(lookups, in_notebook),
        otherwise="No cache was looked up.",
    )


def sentence(figures: Sequence[Row], newest: Sequence[Row], first: Sequence[Row]) -> str:
    """figures, first: rows of `health.figures` and `news.do_first`. newest: the main branch's runs, newest first."""
    ended = [row["outcome"] for row in newest if row["outcome"] in ("success", "failure")]
    said = [finding(figures, newest)]
    if ended:
        said.append(f"{words.sentence(words.of(ended.count('failure'), len(ended)))} runs failed.")
    if first:
        said.append(
            f"To do first: {TO_DO[first[0]['kind']]} `{first[0]['subject']}`; it cost {words.minutes(first[0]['seconds'])}."
        )
    return " ".join(said)


def finding(figures: Sequence[Row], newest: Sequence[Row], days: int = 28) -> str:
    """Better or worse than in the window before; without one, whether the newest run that ended is green."""
    worse, better = (_changed(figures, verdict, at) for verdict, at in (("worse", 1), ("better", 0)))
    if worse or better:
        first = words.sentence(words.listed(worse or better))
        return f"{first} than in the {days} days before{', but ' + words.listed(better) if worse and better else ''}."
    ended = [run for run in newest if run["outcome"] in ("success", "failure")]
    if not ended:
        return "No run has ended yet."
    if any(row["before"] is not None for row in figures):
        return f"Nothing got worse in these {days} days." if ended[0]["outcome"] == "success" else "The main branch is red."
    return f"The main branch is {'green' if ended[0]['outcome'] == 'success' else 'red'}."


def _changed(figures: Sequence[Row], verdict: str, at: int) -> list[str]:
    return [BETTER_WORSE[row["figure"]][at] for row in figures if row["verdict"] == verdict and row["figure"] in BETTER_WORSE]


def _figure(row: Row) -> tuple[Cell, ...]:
    def written(value: float | None) -> str:
        return words.percent(value, row["n"]) if row["unit"] == "share" else form(row)(value)

    now = words.too_few(row["n"]) if row["value"] is None and 0 < row["n"] < words.ENOUGH else written(row["value"])
    before = words.NOTHING if row["before"] is None else written(row["before"])
    return (LABELS[row["figure"]], now, before, change(row), words.plural(row["n"], *NOUNS[row["n_of"]]))


def form(row: Row) -> Callable[[float | None], str]:
    """How the seconds of a figure are written: sums in minutes, measured times as they are."""
    return words.minutes if row["figure"] in SUMS else words.duration


def change(row: Row) -> words.Delta:
    """The change of a figure; its word is the verdict, none within noise."""
    if row["change"] is None:
        return words.Delta("")
    said = words.delta(row["change"], words.points if row["unit"] == "share" else form(row))
    if row["verdict"] not in ("better", "worse"):
        return said
    return words.Delta(f"{said.text} {row['verdict']}", row["verdict"])


def _change(row: Row, runs: Mapping[str, Row]) -> tuple[Cell, ...]:
    when = words.when_short(row["at"]) if row["at"] else "slowly"
    return (State(row["icon"]), f"{KINDS[row['kind']]}: {row['subject']}", when, Name((row["commit"] or "")[:7]), _run(row, runs))


def _to_do(row: Row, runs: Mapping[str, Row]) -> tuple[Cell, ...]:
    return (words.minutes(row["seconds"]), TO_DO[row["kind"]], Name(row["subject"]), _run(row, runs))


def _run(row: Row, runs: Mapping[str, Row]) -> Cell:
    return run_ref(runs[row["run_id"]]) if row["run_id"] in runs else words.NOTHING
