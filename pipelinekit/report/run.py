"""One run, from the top: what, why, where, when, everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import critical_path, failures
from pipelinekit.model.outcome import State
from pipelinekit.report import recorded, run_failure, run_log
from pipelinekit.report.labels import labels, state_word
from pipelinekit.report.page import Page, later
from pipelinekit.report.run_facts import facts, said_lines, summaries
from pipelinekit.run_views import parts as run_parts
from pipelinekit.views import log, waterfall
from pipelinekit.views.graph import graph
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.matrix import grid
from pipelinekit.views.sentences import code, halves, heading, link, meta, section, verdict
from pipelinekit.views.words import duration, listed, number, plural, when

if TYPE_CHECKING:
    from pipelinekit.model.run_state import RunState
    from pipelinekit.report.evidence import Evidence, Row


def run_page(evidence: Evidence, run: Row) -> Page:
    """run: a row of table `runs`."""
    key = (run["run_id"], run["attempt"])
    state = recorded.run_state(evidence, run)
    remembered = {row["leg"]: row["remembered"] for row in evidence.rows("jobs", key) if row["remembered"]}
    paths = critical_path.of_runs(_own(evidence, "jobs", run)).to_pylist()
    on_path = {row["leg"] for row in paths if row["on_path"]}
    deciding = _deciding(evidence, run, state)
    logs = {leg.leg: run_log.read(leg, evidence.store.log(*key, leg.leg)) for leg in state.legs if leg.lines or leg.steps}
    name = evidence.page_names[key]
    files = {leg: f"logs/{name}-{at}.txt" for at, leg in enumerate(logs) if logs[leg].lines}
    numbers = {leg.leg: {row["number"] for row in deciding if row["leg"] == leg.leg} for leg in state.legs}
    title = f"Run {run['number']}" + (f", attempt {run['attempt']}" if run["attempt"] > 1 else "")
    body = join(
        (
            _heading(run, title),
            _verdict(evidence, run, state),
            run_failure.callouts(run_failure.causes(state, deciding, _failed_tests(evidence, run)), state, "flaky.html"),
            section("Jobs", graph(run_parts.nodes(state, remembered), _jobs_on_path(state, on_path)), anchor="jobs"),
            _legs(evidence, run, state, remembered),
            _time(state, on_path, remembered),
            said_lines(state),
            summaries(state),
            section("Log", log.tools("log-box"), later("log"), anchor="logs"),
        ),
        "\n\n",
    )
    parts = {"log": run_log.section(state, logs, files, numbers, remembered)}
    return Page(name, title, body, files=tuple((file, logs[leg].text) for leg, file in files.items()), late=parts)


def _own(evidence: Evidence, table: str, run: Row):  # type: ignore[no-untyped-def]  # an Arrow table, imported for types only
    return evidence.store.table(table, run_id=run["run_id"], attempt=run["attempt"])


def _deciding(evidence: Evidence, run: Row, state: RunState) -> list[Row]:
    if not any(leg.state is State.FAILURE for leg in state.legs):
        return []
    found = failures.deciding_lines(_own(evidence, "logs", run), _own(evidence, "steps", run))
    return list(found.to_pylist())


def _failed_tests(evidence: Evidence, run: Row) -> list[Row]:
    if not any(row["outcome"] in ("failed", "error") for row in evidence.rows("tests", (run["run_id"], run["attempt"]))):
        return []
    return list(failures.failed_tests(_own(evidence, "tests", run), evidence.flaky).to_pylist())


def _heading(run: Row, title: str) -> Html:
    crumbs = join((link("runs.html", "Runs"), f" / {run['workflow'] or run['path']}"))
    about = meta(run["path"] or run["workflow"], when(run["started_at"]), f"attempt {run['attempt']}", labels(run))
    return heading(title, about, state=state_word(run), crumbs=crumbs)


def _verdict(evidence: Evidence, run: Row, state: RunState) -> Html:
    rest: list[Piece] = [run_failure.skipped(state)]
    if state.state is State.CANCELLED and state.reason:
        rest.insert(0, f"The reason: {state.reason}. ")
    if state.state is State.SUCCESS:
        rest.append(_rescued(evidence, run))
    said = [piece for piece in rest if piece]
    return verdict(run_failure.finding(state, duration(run["duration_seconds"])), join(said) if said else None)


def _rescued(evidence: Evidence, run: Row) -> Piece:
    """Tests that failed first and passed on a rerun: the success hides them."""
    tests = evidence.rows("tests", (run["run_id"], run["attempt"]))
    failed = {(t["leg"], t["class_name"], t["test"]) for t in tests if t["outcome"] in ("failed", "error")}
    names = list(dict.fromkeys(test for _, _, test in sorted(failed)))
    if not names:
        return None
    what = "failed first and passed when it ran again" if len(names) == 1 else "failed first and passed when they ran again"
    return fill("{} {}: see {}.", join((code(n) for n in names[:3]), ", "), what, link("flaky.html", "Flaky tests"))


def _jobs_on_path(state: RunState, on_path: set[str]) -> set[str]:
    return {leg.job for leg in state.legs if leg.leg in on_path}


def _legs(evidence: Evidence, run: Row, state: RunState, remembered: dict[str, str]) -> Html:
    """The grid of each matrix job, the first beside the facts of the run."""
    matrices = [job for job, legs in run_parts.jobs(state).items() if run_parts.is_matrix(legs)]
    about = facts(evidence, run, state)
    if not matrices:
        return section("About this run", about, anchor="facts")
    grids = [
        join((
            tag("h3", f"Legs of {job}") if len(matrices) > 1 else None,
            tag("div", grid(run_parts.cells(state, job, remembered)), id=run_parts.job_anchor(job, state)),
        ))
        for job in matrices
    ]  # fmt: skip
    title = f"Legs of {matrices[0]}" if len(matrices) == 1 else "Legs"
    return section(title, halves(join((*grids, _remembered(evidence, remembered))), about), anchor="legs")


def _remembered(evidence: Evidence, remembered: dict[str, str]) -> Piece:
    if not remembered:
        return None
    runs = sorted({evidence.numbers.get(run_id, 0) for run_id in remembered.values()})
    came = listed([f"run {n}" for n in runs if n]) or "an earlier run"
    return tag(
        "p",
        f"{plural(len(remembered), 'leg')} remembered: restored from {came}, because nothing that it reads had changed.",
        class_="pk-meta",
    )


def _time(state: RunState, on_path: set[str], remembered: dict[str, str]) -> Piece:
    rows = run_parts.bars(state, on_path, remembered)
    if not rows:
        return None
    note = None
    if on_path:
        note = f"The critical path, {number(len(on_path))} of {number(len(state.legs))} legs, decides how long the run takes."
    return section("Time", waterfall.key(rows), waterfall.waterfall(rows), anchor="time", note=note)
