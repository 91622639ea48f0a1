"""What changed in a window, and what to mend first: facts, of which the pages make sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import caches, coverage, durations, outages, query, run_facts, windows

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.analysis.flaky import Found
    from pipelinekit.analysis.windows import Window

CHANGES = {
    "kind": "string",  # see `changes`
    "icon": "string",  # failure, flaky, worse, suspect, fixed, better
    "at": "time",  # null where it came slowly
    "subject": "string",  # the test, workflow, job, cache, or run number
    "run_id": "string",
    "commit": "string",
    "facts": "string",  # JSON object, its keys fixed per kind
}
DO_FIRST = {
    "kind": "string",  # see `do_first`
    "subject": "string",
    "seconds": "float",  # what it costs in the window
    "run_id": "string",  # evidence
    "facts": "string",  # JSON object
}
ICONS = {  # worst first
    "red": "failure",
    "broken": "failure",
    "flaky": "flaky",
    "slower": "worse",
    "coverage_down": "worse",
    "cache_costs": "worse",
    "outage": "suspect",
    "mended": "fixed",
    "faster": "better",
    "coverage_up": "better",
}
LEAST_COVERAGE = 0.005  # half a point; less is not news

Row = dict[str, Any]
Tables = Mapping[str, "pa.Table"]


def changes(tables: Tables, found: Found, window: Window) -> pa.Table:
    """What changed in the window (columns CHANGES), worst kind first, in it newest first. Empty where nothing did.

    tables: as for `health.figures`. found: the answer of `flaky.find` for them. Kinds and their facts: red (the main branch is red:
    runs, number), mended (green again: runs, seconds, number), broken (a test: runs, file, legs), flaky (a test that failed in the
    window: failed_runs, runs, disagreements, legs, lost_seconds, file), slower and faster (a job: before_seconds, after_seconds,
    change, n), coverage_down and coverage_up (before, after, and the run that moved it
    most: number, step), cache_costs (seconds, low, high, hits), outage (a run that
    is no evidence: failed, tests, number).
    """
    rows = [
        *_main_branch(run_facts.by_run(tables, found).to_pylist(), window),
        *_tests(found, window),
        *_speed(tables, window),
        *_coverage(tables, window),
        *_caches(tables, window),
        *_outages(tables, window),
    ]
    kinds = list(ICONS)
    rows.sort(key=lambda row: (kinds.index(row["kind"]), -row["at"].timestamp() if row["at"] else 0.0, row["subject"]))
    return query.rows(
        [{**row, "icon": ICONS[row["kind"]], "facts": json.dumps(row["facts"], ensure_ascii=False)} for row in rows], CHANGES
    )


def do_first(tables: Tables, found: Found, window: Window) -> pa.Table:
    """What to mend first (columns DO_FIRST), dearest first, by what it cost in the window.

    Kinds and their facts: broken_test (time of the failed runs since; tests that broke in one run stand together: tests, runs,
    file), flaky_test (failed_runs, runs, file, legs), cache_misses (what hits would have saved: misses, lookups, per_hit_seconds),
    cache_costs (hits, per_hit_seconds), slower_job (before_seconds, after_seconds, n).
    """
    runs = windows.within(tables["runs"], window)
    rows = [*_broken(found, runs.to_pylist()), *_flaky(found, window), *_cache_costs(tables, runs)]
    for row in durations.by_job(tables["jobs"], runs, windows.within(tables["runs"], window.before)).to_pylist():
        if row["beyond_noise"] and row["change_seconds"] > 0:
            facts = {"before_seconds": row["before_p50_seconds"], "after_seconds": row["p50_seconds"], "n": row["n"]}
            seconds = row["change_seconds"] * row["n"]
            rows.append({"kind": "slower_job", "subject": row["job"], "seconds": seconds, "facts": facts})
    rows = [row for row in rows if row["seconds"] > 0]
    rows.sort(key=lambda row: (-row["seconds"], row["kind"], row["subject"]))
    return query.rows([{**row, "facts": json.dumps(row["facts"], ensure_ascii=False)} for row in rows], DO_FIRST)


def _change(kind: str, subject: str, row: Row, at: object, **facts: object) -> Row:
    known = {"run_id": row.get("run_id"), "commit": row.get("commit")}
    return {"kind": kind, "subject": subject, "at": at, **known, "facts": facts}


def _main_branch(facts: list[Row], window: Window) -> Iterable[Row]:
    red: dict[str, list[Row]] = {}
    for row in facts:
        if not row["on_main"] or row["succeeded"] is None or row["created_at"] > window.ends_at:
            continue
        streak = red.setdefault(row["workflow"], [])
        if not row["succeeded"]:
            streak.append(row)
            continue
        if streak and row["created_at"] > window.begins_at:
            seconds = row["recovery_seconds"]
            yield _change(
                "mended", row["workflow"], row, row["created_at"], runs=len(streak), seconds=seconds, number=row["number"]
            )
        streak.clear()
    for workflow, streak in red.items():
        if streak:
            yield _change("red", workflow, streak[0], streak[0]["created_at"], runs=len(streak), number=streak[0]["number"])


def _tests(found: Found, window: Window) -> Iterable[Row]:
    for row in found.by_test.to_pylist():
        if row["last_failed_at"] is None or not window.begins_at < row["last_failed_at"] <= window.ends_at:
            continue
        if row["class"] == "broken":
            since = {"run_id": row["since_run_id"], "commit": row["since_commit"]}
            facts = {"runs": row["since_runs"], "file": row["file"], "legs": row["legs"]}
            yield _change("broken", row["test"], since, row["last_failed_at"], **facts)
        elif row["class"] == "flaky":
            names = ("failed_runs", "runs", "disagreements", "lost_seconds", "file")
            facts = {**{name: row[name] for name in names}, "legs": row["disagreed_in"]}
            yield _change("flaky", row["test"], {"run_id": row["failed_run_id"]}, row["last_failed_at"], **facts)


def _speed(tables: Tables, window: Window) -> Iterable[Row]:
    runs, before = windows.within(tables["runs"], window), windows.within(tables["runs"], window.before)
    for row in durations.by_job(tables["jobs"], runs, before).to_pylist():
        if row["beyond_noise"]:
            kind = "slower" if row["change_seconds"] > 0 else "faster"
            facts = {"before_seconds": row["before_p50_seconds"], "after_seconds": row["p50_seconds"]}
            yield _change(kind, row["job"], {}, None, **facts, change=row["change"], n=row["n"])


def _coverage(tables: Tables, window: Window) -> Iterable[Row]:
    """Where coverage stands against where it stood before the window (else at its begin), and the run that moved it most."""
    rows = coverage.by_run(tables["coverage"], tables["runs"]).to_pylist()
    rows = [row for row in rows if row["share"] is not None and row["created_at"] <= window.ends_at]
    inside = [row for row in rows if row["created_at"] > window.begins_at]
    if not inside:
        return
    of_branch = [row for row in rows if (row["workflow"], row["branch"]) == (inside[-1]["workflow"], inside[-1]["branch"])]
    earlier = [row for row in of_branch if row["created_at"] <= window.begins_at]
    first, last = (earlier or of_branch)[-1 if earlier else 0], inside[-1]
    change = last["share"] - first["share"]
    if abs(change) >= LEAST_COVERAGE:
        steps = [row for row in of_branch if row in inside and row["change"] is not None]
        most = max(steps, key=lambda row: row["change"] * change)
        facts = {"before": first["share"], "after": last["share"], "number": most["number"], "step": most["change"]}
        yield _change("coverage_up" if change > 0 else "coverage_down", last["workflow"], most, most["created_at"], **facts)


def _caches(tables: Tables, window: Window) -> Iterable[Row]:
    runs = windows.within(tables["runs"], window)
    for row in caches.by_family(tables["caches"], tables["jobs"], runs).to_pylist():
        if row["saved_high"] is not None and row["saved_high"] < 0:
            facts = {"seconds": row["saved_seconds"], "low": row["saved_low"], "high": row["saved_high"], "hits": row["hits"]}
            yield _change("cache_costs", row["family"], {}, None, **facts)


def _outages(tables: Tables, window: Window) -> Iterable[Row]:
    for row in outages.by_run(tables["tests"], tables["runs"]).to_pylist():
        if row["left_out"] and window.begins_at < row["created_at"] <= window.ends_at:
            facts = {"failed": row["failed"], "tests": row["tests"], "number": row["number"]}
            yield _change("outage", str(row["number"]), row, row["created_at"], **facts)


def _broken(found: Found, runs: list[Row]) -> Iterable[Row]:
    """Tests that broke in one run have one cause, so the time of the failed runs is counted once for all of them."""
    together: dict[str, list[Row]] = {}
    for test in found.by_test.to_pylist():
        if test["class"] == "broken":
            together.setdefault(test["since_run_id"], []).append(test)
    for since, tests in together.items():
        run_ids = [run["run_id"] for run in runs]
        later = runs[run_ids.index(since):] if since in run_ids else runs
        failed = [run["duration_seconds"] or 0.0 for run in later if run["outcome"] == "failure"]
        facts = {"tests": len(tests), "runs": len(failed), "file": tests[0]["file"]}
        yield {"kind": "broken_test", "subject": tests[0]["test"], "seconds": sum(failed), "run_id": since, "facts": facts}


def _flaky(found: Found, window: Window) -> Iterable[Row]:
    for row in found.by_test.to_pylist():
        if row["class"] == "flaky" and row["lost_seconds"] and row["last_failed_at"] > window.begins_at:
            facts = {name: row[name] for name in ("failed_runs", "runs", "file")} | {"legs": row["disagreed_in"]}
            known = {"seconds": row["lost_seconds"], "run_id": row["failed_run_id"]}
            yield {"kind": "flaky_test", "subject": row["test"], **known, "facts": facts}


def _cache_costs(tables: Tables, runs: pa.Table) -> Iterable[Row]:
    for row in caches.by_family(tables["caches"], tables["jobs"], runs).to_pylist():
        per_hit = row["saved_per_hit_seconds"]
        if per_hit is None:
            continue
        facts = {name: row[name] for name in ("hits", "misses", "lookups")} | {"per_hit_seconds": per_hit}
        if per_hit < 0:
            yield {"kind": "cache_costs", "subject": row["family"], "seconds": -per_hit * row["hits"], "facts": facts}
        elif row["misses"]:
            known = {"seconds": per_hit * row["misses"], "run_id": row["last_miss_run_id"]}
            yield {"kind": "cache_misses", "subject": row["family"], **known, "facts": facts}
