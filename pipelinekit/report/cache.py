"""Cache: minutes saved before the hit rate, because they are the point; and which keys are broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import caches as answers
from pipelinekit.charts.cache_hits import cache_hits
from pipelinekit.report.drawn import drawn
from pipelinekit.report.labels import simulated
from pipelinekit.report.page import Page
from pipelinekit.report.span import span
from pipelinekit.views.bars import bar, interval
from pipelinekit.views.figures import Figure, figures
from pipelinekit.views.marks import strip
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.sentences import SIMULATED, code, empty, heading, label, link, meta, note, section, verdict
from pipelinekit.views.tables import Column, Row, table, two_lines
from pipelinekit.views.words import ENOUGH, THIN, listed, minutes, of, percent, plural, sample, size, too_few
from pipelinekit.views.words import interval as span_words

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record

TITLE = "Cache"
NO_LOOKUPS = "No cache was looked up. A cache spares downloading the same packages in every run, for example:"
COMMAND = "- uses: actions/setup-python@v5\n  with: {python-version: '3.11', cache: pip}"


def cache_page(evidence: Evidence) -> Page:
    families = answers.by_family(evidence.table("caches"), evidence.table("jobs"), evidence.recent).to_pylist()
    lookups = sum(row["lookups"] for row in families)
    about = meta(span(evidence), plural(lookups, "lookup"), simulated(evidence))
    if not lookups:
        body = join((heading(TITLE, about), verdict("No cache has been used."), empty(NO_LOOKUPS, COMMAND)))
        return Page("cache", TITLE, body)
    picture = cache_hits(answers.by_run(evidence.table("caches"), evidence.recent), evidence.page_of)
    body = join(
        (
            heading(TITLE, about),
            _verdict(families),
            _figures(families),
            _keys(evidence, families),
            section("Lookups", drawn(picture), anchor="lookups") if picture else None,
        ),
        "\n",
    )
    return Page("cache", TITLE, body, with_charts=picture is not None)


def _saved(families: list[Record]) -> float | None:
    known = [row["saved_seconds"] for row in families if row["saved_seconds"] is not None]
    return sum(known) if known else None


def _verdict(families: list[Record]) -> Html:
    saved = _saved(families)
    costly = [row for row in families if row["saved_seconds"] is not None and row["saved_seconds"] < 0]
    if saved is None:
        lookups, hits = sum(row["lookups"] for row in families), sum(row["hits"] for row in families)
        return verdict(
            f"{of(hits, lookups)} cache lookups hit.", "What that saves is not known: it takes hits and misses to compare."
        )  # fmt: skip
    finding = f"Caches saved {minutes(saved)}." if saved >= 0 else f"Caches cost {minutes(-saved)} more than they saved."
    if costly:
        names = listed([f"`{row['family']}`" for row in costly])
        return verdict(finding, _marked(f"{names} costs more than it saves."))
    weak = max(families, key=lambda row: row["misses"] + row["partial"])
    missed = weak["misses"] + weak["partial"]
    if not missed:
        return verdict(finding, "Every lookup hit.")
    return verdict(finding, fill("{} missed in {} lookups.", code(weak["family"]), of(missed, weak["lookups"])))


def _marked(words: str) -> Html:
    parts = words.split("`")
    return join(code(part) if at % 2 else part for at, part in enumerate(parts))


def _figures(families: list[Record]) -> Html:
    lookups, hits = sum(row["lookups"] for row in families), sum(row["hits"] for row in families)
    saved, restore = _saved(families), sum(row["restore_seconds"] or 0.0 for row in families)
    bounded = [row for row in families if row["saved_low"] is not None]
    between = None
    if bounded and len(bounded) == len([row for row in families if row["saved_seconds"] is not None]):
        low, high = sum(row["saved_low"] for row in bounded), sum(row["saved_high"] for row in bounded)
        between = f"95 % {span_words(low, high, minutes)}"
    rate = too_few(lookups) if lookups < ENOUGH else percent(hits / lookups, lookups).split(THIN, 1)[0]
    return figures([
        Figure("Time saved", "per hit: median of the job on a miss − on a hit, or what the cache itself says; times the hits",
               minutes(saved) if saved is not None else "not known", note=between or "too few hits or misses of a key to compare"),
        Figure("Hit rate", "exact hits ÷ lookups; partial hits count as misses", rate, "" if lookups < ENOUGH else f"{THIN}%",
               note=sample(lookups, "lookup")),
        Figure("Restoring took", "seconds spent on download and unpacking of hits", minutes(restore),
               note=f"in {plural(hits, 'hit')}"),
        Figure("Saving took", "seconds spent on packing and storing after a miss",
               minutes(sum(row["save_seconds"] or 0.0 for row in families)),
               note=f"in {plural(sum(row['misses'] for row in families), 'miss', 'misses')}"),
    ])  # fmt: skip


def _keys(evidence: Evidence, families: list[Record]) -> Html:
    ends = [abs(row[c]) for row in families for c in ("saved_low", "saved_seconds", "saved_high") if row[c] is not None]
    top = max(ends, default=60.0) or 60.0
    below = min((row["saved_low"] if row["saved_low"] is not None else row["saved_seconds"] or 0.0) for row in families)
    bottom = min(0.0, below)
    axis = f"{minutes(bottom)} to {minutes(top)}" if bottom < 0 else f"0–{minutes(top)}"
    columns = (
        Column("Keys", "name"),
        Column("Exact hits"),
        Column("n", "number", spare=True),
        Column("Last 24 lookups", spare=True),
        Column(f"Saved, {axis}", "name", width="22%"),
        Column("Estimate", "number"),
        Column("Size", "number", spare=True),
        Column("Last miss", spare=True),
    )
    rows = (_family(evidence, row, bottom, top) for row in families)
    told = "Keys without their hashes; versions as *. Tall mark: a miss. Bar: 95 % interval of the time saved, where there is one."
    return section("Keys", table(columns, rows, middle=True), note(told), anchor="keys")


def _family(evidence: Evidence, row: Record, bottom: float, top: float) -> Row:
    below = meta(row["kind"], listed(row["jobs"] or []), label(SIMULATED) if row["simulated"] else None)
    name = two_lines(tag("span", row["family"], class_="pk-id"), below)
    marks = (row["marks"] or "").replace("k", "m")
    miss = evidence.run_page(row["last_miss_run_id"])
    return Row((
        name, bar(row["hit_share"] or 0.0, percent(row["hit_share"], row["lookups"])), of(row["hits"], row["lookups"]),
        strip(marks, 6, 18, what="lookups"), _interval(row, bottom, top), tag("b", _estimate(row)), size(row["size_bytes"]),
        link(miss, f"run {evidence.numbers[row['last_miss_run_id']]}") if miss else "–",
    ))  # fmt: skip


def _estimate(row: Record) -> str:
    seconds = row["saved_seconds"]
    if seconds is None:
        return "not known"
    return f"+{minutes(seconds)}" if seconds > 0 else minutes(seconds)


def _interval(row: Record, bottom: float, top: float) -> Piece:
    seconds, low, high = row["saved_seconds"], row["saved_low"], row["saved_high"]
    if seconds is None:
        return tag("span", "too few hits or misses to compare", class_="pk-meta")
    text = f"saved {minutes(seconds)} {span_words(low, high, minutes)}"
    known = low is not None and high is not None
    return interval(low if known else seconds, seconds, high if known else seconds, bottom=bottom, top=top, text=text)
