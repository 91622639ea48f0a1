"""Build times: slower since when, which job decides, where the time goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import critical_path, durations, stretches, windows
from pipelinekit.answers import speed
from pipelinekit.charts.build_times import build_times
from pipelinekit.report import recorded
from pipelinekit.report.drawn import drawn
from pipelinekit.report.labels import simulated
from pipelinekit.report.page import Page
from pipelinekit.report.span import span
from pipelinekit.run_views import parts as run_parts
from pipelinekit.views import waterfall
from pipelinekit.views.bars import bar, delta
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.sentences import code, empty, found, halves, heading, link, meta, section, verdict
from pipelinekit.views.tables import Column, Row, table, two_lines
from pipelinekit.views.words import NOTHING, Delta, duration, percent, plural, too_few
from pipelinekit.views.words import delta as change_words

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record

TITLE = "Build times"
NO_TIMES = "No run has succeeded yet, so nothing can be said about how long one takes."
COMMAND = "pipelinekit run ci.yml"
MOST_STEPS = 12


def build_times_page(evidence: Evidence) -> Page:
    workflows = durations.by_workflow(evidence.recent_main, evidence.table("jobs"), evidence.before_main).to_pylist()
    about = meta(f"branch {evidence.branch}" if evidence.branch else None, span(evidence, against=True), simulated(evidence))
    parts: list[Piece] = [heading(TITLE, about)]
    measured = [row for row in workflows if row["n"]]
    if not measured:
        parts.extend((verdict("Nothing has been measured yet."), empty(NO_TIMES, COMMAND)))
        return Page("build-times", TITLE, join(parts, "\n"))
    parts.append(_verdict(evidence, measured))
    with_charts = False
    for row in measured:
        picture = _chart(evidence, row["workflow"])
        with_charts = with_charts or picture is not None
        title = tag("h2", f"Workflow {row['workflow']}", id=f"workflow-{len(parts)}") if len(measured) > 1 else None
        parts.extend((title, picture))
    parts.extend((_jobs(evidence), _steps(evidence), _falls(evidence)))
    return Page("build-times", TITLE, join(parts, "\n"), with_charts=with_charts)


def _chart(evidence: Evidence, workflow: str) -> Html | None:
    picture = build_times(*_stretches(evidence, workflow), evidence.page_of)
    return drawn(picture) if picture else None


def _stretches(evidence: Evidence, workflow: str) -> tuple[pa.Table, pa.Table]:
    runs = windows.chosen(evidence.main, workflow=workflow)
    return stretches.of_runs(durations.by_run(runs, evidence.table("jobs")))


def _verdict(evidence: Evidence, workflows: list[Record]) -> Html:
    """The change of the workflow that runs most, and the job that decides it."""
    row = max(workflows, key=lambda each: each["n"])
    name = fill("Runs of {}", code(row["workflow"])) if len(workflows) > 1 else Html("Runs")
    if not row["enough"]:
        finding = fill("{} took {} at the latest.", name, duration(row["last_seconds"]))
        return verdict(finding, f"A median would pretend to know more: {too_few(row['n'])}.")
    usual = f"take {duration(row['p50_seconds'])} (p50), {duration(row['p95_seconds'])} (p95)"
    changed = speed.newest_change(_stretches(evidence, row["workflow"])[1].to_pylist(), evidence.window)
    if changed is not None:
        finding = fill("{} {}", name, found(speed.since(changed)))
    elif row["beyond_noise"]:
        how = "longer" if row["change"] > 0 else "less time"
        size = percent(abs(row["change"]), 1)
        finding = fill("{} take {} {} than in the 28 days before: {} → {}.", name, size, how,
                       duration(row["before_p50_seconds"]), duration(row["p50_seconds"]))  # fmt: skip
    elif row["before_n"]:
        finding = fill("{} {}: no change beyond noise.", name, usual)
    else:
        finding = fill("{} {}.", name, usual)
    return verdict(finding, _decides(evidence))


def _decides(evidence: Evidence) -> Piece:
    """The job with the largest share of the critical path, and its longest step."""
    jobs = [row for row in _paths(evidence) if row["share"]]
    if not jobs:
        return None
    first = max(jobs, key=lambda row: row["share"])
    steps = [row for row in _by_step(evidence) if row["job"] == first["job"] and row["enough"]]
    said = fill("{} is {} of the critical path", code(first["job"]), percent(first["share"], 1))
    if not steps:
        return join((said, "."))
    step = max(steps, key=lambda row: row["p50_seconds"])
    return fill("{}; its longest step is {}, {}.", said, tag("em", step["name"]), duration(step["p50_seconds"]))


def _paths(evidence: Evidence) -> list[Record]:
    return list(critical_path.by_job(evidence.table("jobs"), evidence.recent_main).to_pylist())


def _by_step(evidence: Evidence) -> list[Record]:
    return list(durations.by_step(evidence.table("steps"), evidence.recent_main, evidence.before_main).to_pylist())


def _jobs(evidence: Evidence) -> Html:
    jobs = durations.by_job(evidence.table("jobs"), evidence.recent_main, evidence.before_main).to_pylist()
    paths = {(row["workflow"], row["job"]): row for row in _paths(evidence)}
    several = len({row["workflow"] for row in jobs}) > 1
    columns = (
        Column("Job", "name"),
        Column("p50", "number"),
        Column("p95", "number"),
        Column("Queue p50", "number", spare=True),
        *_compared(jobs),
        Column("Of the critical path", definition="seconds on the longest chain of queue and run, over all runs"),
        Column("Alone", "number", spare=True, definition="p50 per run of the time in which no other job ran"),
        Column("n", "number", spare=True),
    )
    shown = [row for row in jobs if row["n"]]
    rows = (_job(row, paths.get((row["workflow"], row["job"])), several, _changes(jobs, row)) for row in shown)
    note = "Legs that succeeded. “Alone” is time in which nothing else ran: shorten these first."
    return section("Jobs", table(columns, rows, middle=True, stack=False), anchor="jobs", note=note)


def _job(row: Record, path: Record | None, several: bool, changes: tuple[Piece, ...]) -> Row:
    share = path["share"] if path else None
    alone = path["alone_p50_seconds"] if path else None
    name = two_lines(tag("b", row["job"]), row["workflow"] if several else None)
    return Row((
        name, _median(row, "p50_seconds"), _median(row, "p95_seconds"), duration(row["queued_p50_seconds"]), *changes,
        NOTHING if share is None else bar(share, percent(share, 1)), duration(alone), str(row["n"]),
    ))  # fmt: skip


def _median(row: Record, column: str) -> str:
    """Under five values the newest one stands in the place of a median, and says so."""
    if row["enough"]:
        return duration(row[column])
    return f"last {duration(row['last_seconds'])}" if column == "p50_seconds" else NOTHING


def _compared(rows: list[Record]) -> list[Column]:
    """The column of changes, where there is anything to compare with."""
    return [Column("Against 28 days before", spare=True)] if any(row["change_seconds"] is not None for row in rows) else []


def _changes(rows: list[Record], row: Record) -> tuple[Piece, ...]:
    return (_change(row),) if _compared(rows) else ()


def _change(row: Record) -> Piece:
    if row["change_seconds"] is None:
        return tag("span", "nothing to compare with", class_="pk-meta")
    good = "less" if row["beyond_noise"] else ""
    said: Delta = change_words(row["change_seconds"], good=good)  # type: ignore[arg-type]  # one of the two words
    return delta(said)


def _steps(evidence: Evidence) -> Piece:
    steps = [row for row in _by_step(evidence) if row["n"]]
    if not steps:
        return None
    longest = sorted(steps, key=lambda row: row["total_seconds"], reverse=True)[:MOST_STEPS]
    most = longest[0]["total_seconds"] or 1.0
    columns = (
        Column("Step", "name"),
        Column("p50", "number"),
        Column("p95", "number"),
        *_compared(steps),
        Column("All runs together"),
        Column("n", "number", spare=True),
    )
    rows = (
        Row((
            two_lines(row["name"], row["job"]), _median(row, "p50_seconds"), _median(row, "p95_seconds"), *_changes(steps, row),
            bar(row["total_seconds"] / most, duration(row["total_seconds"])), str(row["n"]),
        ))
        for row in longest
    )  # fmt: skip
    note = f"The {plural(len(longest), 'step')} that took most time in all. Steps that succeeded, over all legs of their job."
    return section("Steps", table(columns, rows, middle=True, stack=False), anchor="steps", note=note)


def _falls(evidence: Evidence) -> Piece:
    """A median and a slow run side by side, on one scale."""
    ended = [r for r in evidence.runs if _in(r, evidence.recent_main) and r["outcome"] == "success" and r["duration_seconds"]]
    if not ended:
        return None
    ordered = sorted(ended, key=lambda run: run["duration_seconds"])
    middle = ordered[(len(ordered) - 1) // 2]
    slow = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    picked = [("A median run", middle), ("A slow run (p95)", slow)] if slow is not middle else [("The run", middle)]
    total = max(run["duration_seconds"] for _, run in picked)
    falls, every = [], []
    for title, run in picked:
        state = recorded.run_state(evidence, run)
        jobs = evidence.store.table("jobs", run_id=run["run_id"], attempt=run["attempt"])
        on_path = {row["leg"] for row in critical_path.of_runs(jobs).to_pylist() if row["on_path"]}
        rows = run_parts.bars(state, on_path)
        every.extend(rows)
        name = link(evidence.run_page(run["run_id"], run["attempt"]), f"{run['number']}, {duration(run['duration_seconds'])}")
        falls.append(join((tag("h3", f"{title}: ", name), waterfall.waterfall(rows, total, most_ticks=5))))
    both = halves(falls[0], falls[1]) if len(falls) > 1 else falls[0]
    return section("Where the time goes", waterfall.key(every), both, anchor="where")


def _in(run: Record, runs: pa.Table) -> bool:
    return run["run_id"] in set(runs.column("run_id").to_pylist())
