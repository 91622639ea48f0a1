"""What the run widget draws, as JSON: its shape, which changes when legs come to be known, and its state, which always does.

The module static/run.js draws what stands here and decides nothing. Times that run are seconds since 1970, all others are written.
"""

from collections.abc import Sequence

from pipelinekit.model.run_state import LegState
from pipelinekit.run_views import panels as run_panels
from pipelinekit.run_views import parts as run_parts
from pipelinekit.run_views import says as run_says
from pipelinekit.run_views.live_run import Json, LiveRun
from pipelinekit.views.graph import extra, fit, per_row
from pipelinekit.views.graph_layout import Box, layout
from pipelinekit.views.icons import ICONS, SAME_AS
from pipelinekit.views.marks import LETTER_OF_STATE, shapes
from pipelinekit.views.matrix import axes
from pipelinekit.views.waterfall import KEY, STEPS, Part
from pipelinekit.views.words import duration, listed

TICKING = ("running",)

# Verb, button, key; nothing parts what goes on from what mends from what ends.
VERBS = (
    ("step", "Step", "s"), ("until", "Run to here", "u"), ("go", "Continue", "c"), (),
    ("retry", "Retry", "r"), ("skip", "Skip", "k"), ("shell", "Shell", "e"), (), ("cancel", "Cancel", "x"),
)  # fmt: skip


def words() -> Json:
    """What is the same for every run: drawings (kind, path, dashes), verbs with their keys, parts of a bar, ticks of an axis."""
    return {"icons": ICONS, "same": SAME_AS, "verbs": VERBS, "parts": KEY, "ticks": STEPS}


def shape(run: LiveRun) -> Json:
    """Where everything stands. jobs: in the order of the plan, each with its box and the numbers of its legs."""
    jobs = run_parts.jobs(run.state)
    number = {leg.leg: at for at, leg in enumerate(run.state.legs)}
    needs = {job: _needs(legs) for job, legs in jobs.items()}
    placed = layout(needs, {job: extra("p" * len(legs)) for job, legs in jobs.items() if run_parts.is_matrix(legs)})
    return {
        "size": [placed.width, placed.height],
        "jobs": [_box(job, legs, placed.boxes[job], [number[leg.leg] for leg in legs]) for job, legs in jobs.items()],
        "edges": [[edge.source, edge.target, edge.path] for edge in placed.edges],
        "legs": [[leg.leg, list(jobs).index(leg.job)] for leg in run.state.legs],
        "grids": [_grid(job, legs, number) for job, legs in jobs.items() if run_parts.is_matrix(legs)],
    }


def _needs(legs: Sequence[LegState]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need for leg in legs for need in leg.needs))


def _box(job: str, legs: Sequence[LegState], box: Box, numbers: list[int]) -> Json:
    needs = _needs(legs)
    said = f"needs {listed(needs)}" if needs else "starts at once"
    return {"id": job, "name": fit(job), "box": [box.x, box.y, box.width, box.height], "needs": said, "legs": numbers}


def _grid(job: str, legs: Sequence[LegState], number: dict[str, int]) -> Json:
    lie = axes([leg.matrix for leg in legs])
    rows = [[name, [None if at is None else number[legs[at].leg] for at in row]] for name, row in lie.rows]
    return {"job": job, "corner": lie.corner, "columns": lie.columns, "rows": rows}


def state(run: LiveRun) -> Json:
    """How everything stands now, in the order of `shape`."""
    jobs = run_parts.jobs(run.state)
    number = {leg.leg: at for at, leg in enumerate(run.state.legs)}
    began = run.state.started.at if run.state.started else None
    return {
        "id": run.run_id,
        "now": round(run.now, 2),
        "state": run_says.word(run),
        "title": run.title,
        "says": run_says.sentence(run),
        "clock": "" if began is None else began if run.runs else duration(_end(run) - began),
        "can": list(run.can),
        "likely": run_says.likely(run),
        "names": run_says.names(run),
        "doing": run.doing,
        "trouble": run.trouble,
        "at": [number[run.at[0]], run.at[1]] if run.at and run.at[0] in number else None,
        "upcoming": run_panels.upcoming(run.upcoming) if run.upcoming else None,
        "jobs": [_job(run, job, legs) for job, legs in jobs.items()],
        "path": [at for at, legs in enumerate(jobs.values()) if any(leg.leg in run.path for leg in legs)],
        "legs": [[run.word(leg), _time(run, [leg])] for leg in run.state.legs],
        "bars": _bars(run, number),
        "key": _key(run),
        "failures": run_panels.failures(run.failures, number),
        "focus": number.get(run_says.focus(run)),
        "tab": run_says.tab(run),
    }


def _end(run: LiveRun) -> float:
    return run.now if run.state.finished_at is None else run.state.finished_at


def _job(run: LiveRun, job: str, legs: Sequence[LegState]) -> Json:
    words = [run.word(leg) for leg in legs]
    worst = min(words, key=run_parts.WORST_FIRST.index)
    found: Json = {"state": _look(run, words, worst), "word": worst, "time": _time(run, legs)}
    if run_parts.is_matrix(legs):
        found["word"] = run_parts.counted(words, worst)
        found["marks"] = _marks("".join(LETTER_OF_STATE[word] for word in words))
    if "running" in words and (usual := [run.usual[leg.leg] for leg in legs if leg.leg in run.usual]):
        found["usual"] = round(max(usual), 1)
    if any(stop[0] == job for stop in run.stops):
        found["stop"] = True
    return found


def _look(run: LiveRun, words: Sequence[str], worst: str) -> str:
    """Of a job whose next leg waits while others are through: it has begun."""
    begun = worst == "queued" and any(word != "queued" for word in words)
    return ("running" if run.runs else "paused") if begun else worst


def _marks(letters: str) -> Json:
    """Each row of marks: its paths with their classes."""
    per, pitch = per_row(letters)
    return [shapes(letters[at : at + per], pitch, 16) for at in range(0, len(letters), per)]


def _time(run: LiveRun, legs: Sequence[LegState]) -> float | str:
    """Written, or when it started where it still runs; of what waits what it usually takes."""
    started = [leg.started_at for leg in legs if leg.started_at is not None]
    if not started:
        usual = [run.usual[leg.leg] for leg in legs if leg.leg in run.usual and not leg.state.finished]
        return f"~{duration(max(usual))}" if usual else "–" if all(leg.state.finished for leg in legs) else ""
    if any(run.word(leg) in TICKING for leg in legs):
        return min(started)
    ends = [leg.finished_at if leg.finished_at is not None else run.now for leg in legs if leg.started_at is not None]
    return duration(max(ends) - min(started))


def _bars(run: LiveRun, number: dict[str, int]) -> Json:
    """One row a leg that started, in order of start: its number, whether it is on the critical path, its parts."""
    ran = sorted((leg for leg in run.state.legs if leg.started_at is not None), key=lambda leg: leg.started_at or 0.0)
    return [[number[leg.leg], leg.leg in run.path, [_written(part) for part in _parts(run, leg)]] for leg in ran]


def _written(part: Part) -> Json:
    return [part.kind, round(part.start, 2), round(part.seconds, 2)]


def _parts(run: LiveRun, leg: LegState) -> list[Part]:
    """What a leg's bar is made of."""
    begin = run.state.started.at if run.state.started else 0.0
    parts = run_parts.parts(leg, begin, {leg.leg} if leg.remembered else (), run.now)
    return [part for part in parts if part.seconds > 0 or part.kind == "run"]


def _key(run: LiveRun) -> list[str]:
    """Which kinds of parts there are, in the order in which they are explained."""
    found = {"crit"} if any(leg.leg in run.path and leg.started_at is not None for leg in run.state.legs) else set()
    for leg in run.state.legs:
        if leg.started_at is not None:
            failed = run.word(leg) == "failure"
            found |= {"fail" if failed and part.kind == "run" else part.kind for part in _parts(run, leg)}
    return [kind for kind in KEY if kind in found]
