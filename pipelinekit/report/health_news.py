"""Facts about what changed and what it costs, as sentences: cause after fact, whom it costs, no blame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipelinekit.views.markup import Html, Piece, fill, join
from pipelinekit.views.sentences import Item, code, commit, link, meta
from pipelinekit.views.words import (
    day_short,
    duration,
    interval,
    listed,
    minutes,
    number,
    of,
    percent,
    plural,
    points,
    when_short,
)

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record


def changes(evidence: Evidence, rows: list[Record]) -> list[Item]:
    """rows: of `analysis.news.changes`. What happened to a thing several times is told once, by the newest time."""
    told: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        told.setdefault((row["kind"], row["subject"]), []).append(row)
    return [_item(evidence, same[0], len(same) - 1) for same in told.values()]


def _item(evidence: Evidence, row: Record, earlier: int) -> Item:
    text, small = _said(evidence, row, json.loads(row["facts"]))
    times = f"and {number(earlier)} {'time' if earlier == 1 else 'times'} before in these days" if earlier else None
    return Item(row["icon"], text, meta(small, times))


def _said(evidence: Evidence, row: Record, facts: Record) -> tuple[Html, Piece]:  # noqa: PLR0911 - one sentence a kind
    subject, at = code(row["subject"]), when_short(row["at"]) if row["at"] else None
    run = _run(evidence, row, facts)
    match row["kind"]:
        case "red":
            text = fill("{} has failed since {}: {} in a row.", subject, run, plural(facts["runs"], "run"))
            return text, meta(f"since {at}", commit(row["commit"] or ""))
        case "mended":
            text = fill("{} was red for {}; {} mended it.", subject, plural(facts["runs"], "run"), run)
            return text, meta(at, f"recovery {duration(facts['seconds'])}", commit(row["commit"] or ""))
        case "broken":
            text = fill("{} has failed in every run since {}, {} ago.", subject, run, plural(facts["runs"] or 1, "run"))
            return text, meta(facts["file"], listed(facts["legs"] or []))
        case "flaky":
            return _flaky(row, facts)
        case "slower" | "faster":
            how = "longer" if row["kind"] == "slower" else "less"
            times = f"{duration(facts['before_seconds'])} → {duration(facts['after_seconds'])}"
            text = fill("{} takes {} {}: {}.", link("build-times.html", subject), percent(abs(facts["change"]), 1), how, times)
            return text, f"p50 of {plural(facts['n'], 'leg')}, against the 28 days before"
        case "coverage_down" | "coverage_up":
            return _coverage(row, facts, run)
        case "cache_costs":
            told = f"{minutes(facts['seconds'])} {interval(facts['low'], facts['high'], minutes)}"
            return fill("The cache {} costs more than it saves.", link("cache.html", subject)), meta(
                told, plural(facts["hits"], "hit")
            )
        case _:
            text = fill("{} was left out of the evidence: {} failed in it, an outage rather than the code.", run,
                        of(facts["failed"], facts["tests"]) + " tests")  # fmt: skip
            return text, meta(at, "share of failures above median + 10 MAD")


def _flaky(row: Record, facts: Record) -> tuple[Html, Piece]:
    failed = f"failed in {of(facts['failed_runs'], facts['runs'])} runs"
    times = facts["disagreements"]
    proof = f", and {number(times)} {'time' if times == 1 else 'times'} passed on the same code" if times else ""
    text = fill("{} is flaky: it {}{}.", link("flaky.html", code(row["subject"])), failed, proof)
    cost = f"cost {minutes(facts['lost_seconds'])}" if facts["lost_seconds"] else None
    return text, meta(f"last failed {when_short(row['at'])}" if row["at"] else None, listed(facts["legs"] or []), cost)


def _coverage(row: Record, facts: Record, run: Html) -> tuple[Html, Piece]:
    how = "rose" if row["kind"] == "coverage_up" else "fell"
    change = facts["after"] - facts["before"]
    told = f"{points(abs(change))}, from {percent(facts['before'])} to {percent(facts['after'])}"
    text = fill("{} {} by {}; most of it in {}.", link("coverage.html", "Coverage"), how, told, run)
    return text, meta(day_short(row["at"]) if row["at"] else None, commit(row["commit"] or ""))


def _run(evidence: Evidence, row: Record, facts: Record) -> Html:
    """The run as a link, with its commit."""
    target = evidence.run_page(row["run_id"])
    named = facts.get("number") or evidence.numbers.get(row["run_id"] or "", None)
    name = f"run {named}" if named else "an earlier run"
    return link(target, name) if target else Html(name)


def to_do(evidence: Evidence, row: Record) -> Item:
    """row: of `analysis.news.do_first`."""
    facts = json.loads(row["facts"])
    subject = code(row["subject"])
    match row["kind"]:
        case "broken_test":
            others = f" and {plural(facts['tests'] - 1, 'more test')} that broke with it" if facts["tests"] > 1 else ""
            text = join((link(evidence.run_page(row["run_id"]) or "runs.html", fill("Mend {}", subject)), others))
            small = f"Red in {plural(facts['runs'], 'run')} since it broke. {facts['file'] or ''}"
        case "flaky_test":
            text = link("flaky.html", fill("Mend {}", subject))
            where = f", in {listed(facts['legs'])}" if facts["legs"] else ""
            small = f"Failed in {of(facts['failed_runs'], facts['runs'])} runs{where}."
        case "cache_misses":
            text = link("cache.html", fill("Let the cache {} hit", subject))
            small = f"Missed {of(facts['misses'], facts['lookups'])} lookups; a hit spares {duration(facts['per_hit_seconds'])}."
        case "cache_costs":
            text = link("cache.html", fill("Drop or mend the cache {}", subject))
            small = f"Each of {plural(facts['hits'], 'hit')} costs {duration(-facts['per_hit_seconds'])} more than a miss."
        case _:
            text = link("build-times.html", fill("Look at job {}", subject))
            times = f"{duration(facts['before_seconds'])} → {duration(facts['after_seconds'])}"
            small = f"p50 {times}, {plural(facts['n'], 'leg')}."
    return Item(minutes(row["seconds"]), text, small)
