"""One leg of a live run as JSON: its steps with why they were skipped, what changed, what it left behind."""

from collections.abc import Iterator, Sequence

from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.run_state import LegState, StepState
from pipelinekit.run_views import parts as run_parts
from pipelinekit.run_views.live_run import Json, LiveRun
from pipelinekit.run_views.panels import panels
from pipelinekit.views.words import duration, listed

MOST_WRITTEN = 300  # characters of a command: every leg has all of them


def leg(run: LiveRun, found: LegState) -> Json:
    """step: the one to look at. why: by step, what is to be said of it in place of a log."""
    steps = list(_steps(run, found))
    return {
        "leg": found.leg,
        "job": found.job,
        "state": run.word(found),
        "says": _says(found),
        "steps": steps,
        "step": _main(run, found, steps),
        "why": _ahead(run, found) | {str(step.index): step.reason for step in found.steps if step.reason and _silent(step)},
        "place": _enter(found),
        "lines": found.lines,
        "panels": panels(found, run.state.notes),
    }


def _ahead(run: LiveRun, found: LegState) -> dict[str, str]:
    """What the steps that have not begun do, as they are written."""
    if found.state.finished:
        return {}
    known = {step.index for step in found.steps}
    written = enumerate(run.written.get(found.job, ()), start=1)
    return {str(at): f"It has not run yet. As it is written:\n{text[:MOST_WRITTEN]}" for at, text in written if at not in known}


def _says(found: LegState) -> str:
    """Why it is as it is, where its steps do not say it."""
    if found.remembered:
        return f"remembered from run {found.remembered[:13]}: nothing that it reads had changed"
    if found.reason:
        return f"{found.state.value}: {found.reason}"
    return f"needs {listed(found.needs)}" if found.state is State.QUEUED and found.needs else ""


def _steps(run: LiveRun, found: LegState) -> Iterator[Json]:
    """Number, depth, name, state, time, whether it has a breakpoint; what has not begun stands as it is written."""
    known = {step.index for step in found.steps}
    rest = "skipped" if found.state in (State.SUCCESS, State.FAILURE) else found.state.value if found.state.finished else "queued"
    written = run.steps.get(found.job, ())
    for step in run_parts.ordered_steps(found):
        depth = min(len(found.around(step)), 5)
        stop = depth == 0 and (found.job, step.index) in run.stops
        yield [step.index, depth, step.name, _word(run, found, step), _time(run, step), stop]
    if found.remembered and found.steps:
        return
    for at, name in enumerate(("Set up job", *written)):
        if at not in known:
            yield [at, 0, name, rest, "", (found.job, at) in run.stops]


def _word(run: LiveRun, found: LegState, step: StepState) -> str:
    if step.state is State.RUNNING and not run.runs:
        return "paused"
    remembered = step.was_done or (found.remembered and step.state is State.SUCCESS)
    return "remembered" if remembered else step.state.value


def _time(run: LiveRun, step: StepState) -> float | str:
    if step.started_at is None:
        return "–"
    if step.finished_at is None:
        return step.started_at if run.runs else duration(max(0.0, run.now - step.started_at))
    return duration(step.finished_at - step.started_at)


def _main(run: LiveRun, found: LegState, steps: Sequence[Json]) -> int | None:
    """The failed step, the running one, else the last of the author's that ran; where none has, the one that is next."""
    failed = found.failed_step
    running = [step.index for step in found.steps if step.state is State.RUNNING]
    if failed is not None and (found.state is State.FAILURE or not running):
        return failed.index
    ran = [number for number, _, _, state, _, _ in steps if state in ("success", "remembered", "cancelled", "failure")]
    author = [number for number in ran if 0 < number <= len(run.steps.get(found.job, ()))]
    upcoming = [run.at[1]] if run.at is not None and run.at[0] == found.leg and not run.doing else []
    return next(iter([*running[-1:], *author[-1:], *upcoming, *ran[-1:], *(step[0] for step in steps)]), None)


def _silent(step: StepState) -> bool:
    return step.state is State.SKIPPED or step.outcome is Outcome.FAILURE


def _enter(found: LegState) -> str:
    """The command that leads to where it runs, while its place is there."""
    if found.kept is not None and found.image:
        place = found.kept.place[:12]
        return f"docker start {place} && docker exec -it {place} sh"
    if found.started_at is None or found.state.finished or not found.place:
        return ""
    return f"docker exec -it {found.place[:12]} sh" if found.image else f"cd {found.place}"
