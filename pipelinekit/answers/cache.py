"""Do caches hit, and how much time do they save?"""

from __future__ import annotations

from collections.abc import Sequence

from pipelinekit.analysis import caches
from pipelinekit.answers.grid import Cell, Estimate, Grid, Marks, Name
from pipelinekit.answers.question import Answer, Asked, Row
from pipelinekit.charts.cache_hits import cache_hits
from pipelinekit.charts.cache_saved import cache_saved
from pipelinekit.views import words
from pipelinekit.views.run_links import in_notebook

NONE = "No cache was looked up."
HEAD = ("cache", "kind", ">hits", ">size", ">restore p50", ">saved", "", "last lookups")
KEY = "last lookups: . hit, k partial, m miss; newest right"
DRAWN = "Newest lookup right. Grey tick: hit. Tall bar: missed, or hit in part."


def answer(asked: Asked) -> Answer:
    """What each family of keys hit and saved; `data` has `rows`, one a family, and `trend`, one a run."""
    families = caches.by_family(asked.table("caches"), asked.table("jobs"), asked.runs)
    rows = families.to_pylist()
    trend = caches.by_run(asked.table("caches"), asked.runs)
    if not rows:
        return Answer(NONE, data={"rows": [], "trend": []}, empty=NONE, otherwise=NONE)
    bounds = [row[end] for row in rows for end in ("saved_low", "saved_high") if row[end] is not None]
    bottom, top = min([0.0, *bounds]), max([1.0, *bounds])
    grid = Grid(HEAD, [_cells(row, bottom, top) for row in rows], title="Caches, most time saved first", key=KEY, drawn=DRAWN)
    return Answer(
        sentence(rows, asked.window.days),
        [grid],
        {"rows": rows, "trend": trend.to_pylist()},
        draw=lambda: cache_saved(families) or cache_hits(trend, in_notebook),
        otherwise=NONE,
    )


def _cells(row: Row, bottom: float, top: float) -> tuple[Cell, ...]:
    return (
        Name(row["family"]),
        row["kind"],
        words.of(row["hits"], row["lookups"]),
        words.size(row["size_bytes"]),
        words.duration(row["restore_p50_seconds"]),
        words.minutes(row["saved_seconds"]) if row["enough"] else "too few",
        _interval(row, bottom, top),
        Marks(row["marks"], "lookups"),
    )


def _interval(row: Row, bottom: float, top: float) -> Cell:
    low, high = row["saved_low"], row["saved_high"]
    if low is None or high is None:
        return ""
    return Estimate(low, row["saved_seconds"], high, top, words.interval(low, high, words.minutes), bottom)


def sentence(families: Sequence[Row], days: int) -> str:
    """families: rows of `analysis.caches.by_family`."""
    hits, lookups = sum(row["hits"] for row in families), sum(row["lookups"] for row in families)
    hit = f"{words.of(hits, lookups)} lookups hit"
    known = [row for row in families if row["enough"]]
    if not known:
        return f"{hit}; there are too few hits and misses of one leg to say what they save."
    costs = [row for row in known if row["saved_high"] is not None and row["saved_high"] < 0]
    saved = words.minutes(sum(row["saved_seconds"] for row in known))
    said = [f"Caches saved {saved} in {words.plural(days, 'day')}; {hit}."]
    said += [f"`{row['family']}` costs more than it saves ({words.minutes(row['saved_seconds'])})." for row in costs]
    return " ".join(said)
