"""What a live run says of itself: its word, the sentence of its head, what a person is likely to do next, where to look."""

from collections import Counter

from pipelinekit.model.outcome import State
from pipelinekit.model.run_state import LegState, StepState
from pipelinekit.run_views import parts as run_parts
from pipelinekit.run_views.live_run import END, STANDING, LiveRun
from pipelinekit.views.words import duration, listed, plural


def word(run: LiveRun) -> str:
    """Its state; one that has begun and waits for a verb is paused."""
    if run.state.started is None:
        return "running" if run.doing not in STANDING else "queued"
    return "paused" if run.state.state is State.RUNNING and not run.runs else run.state.state.value


def sentence(run: LiveRun) -> str:
    """What runs or why it stopped, then what is left."""
    attempt = f", attempt {run.attempt}" if run.attempt > 1 else ""
    return f"run {run.number}{attempt} · {_finding(run)}"


def _finding(run: LiveRun) -> str:
    legs = run.state.legs
    if run.state.started is None:
        jobs = len(run_parts.jobs(run.state))
        stops = "; stops where a step fails" if run.on_failure else ""
        return f"{'starting' if run.doing else 'not started'}: {plural(jobs, 'job')}, {plural(len(legs), 'leg')}{stops}"
    if run.state.state.finished:
        return _ended(run)
    if run.state.state is State.PAUSED:
        return f"paused: {run.state.reason or 'its place is kept'}"
    return _under_way(run) if run.runs else _stands(run)


def _ended(run: LiveRun) -> str:
    state, legs = run.state, run.state.legs
    took = duration((state.finished_at or 0.0) - (state.started.at if state.started else 0.0))
    if state.state is State.SUCCESS:
        kept = sum(1 for leg in legs if leg.remembered)
        remembered = f", {plural(kept, 'leg')} remembered" if kept else ""
        flaky = f"; {listed(sorted(run.flaky))} had failed on the same code" if run.flaky else ""
        again = f" on attempt {run.attempt}" if run.attempt > 1 else ""
        return f"succeeded{again} in {took}{remembered}{flaky}"
    if state.state is State.FAILURE and any(leg.state is State.FAILURE for leg in legs):
        return f"failed after {took}: {_failed(legs)}{_skipped(legs)}"
    reason = f": {state.reason}" if state.reason else ""
    said = {State.CANCELLED: f"cancelled after {took}", State.SKIPPED: "nothing ran"}.get(state.state, f"failed after {took}")
    return said + reason


def _failed(legs: tuple[LegState, ...]) -> str:
    failed = [leg for leg in legs if leg.state is State.FAILURE]
    names = dict.fromkeys(leg.failed_step.name for leg in failed if leg.failed_step)
    where = listed([leg.leg for leg in failed], 2)
    return f"{listed(list(names), 2)} in {where}" if names else where


def _skipped(legs: tuple[LegState, ...]) -> str:
    skipped = [leg.leg for leg in legs if leg.state is State.SKIPPED]
    return f"; {listed(skipped, 2)} {'was' if len(skipped) == 1 else 'were'} skipped" if skipped else ""


def _under_way(run: LiveRun) -> str:
    legs = run.state.legs
    running = [leg for leg in legs if leg.state is State.RUNNING]
    left = _left(run)
    end = f" · about {_about(left)} left" if left is not None and left > 1 else ""
    if len(running) == 1:
        step = _running_step(running[0])
        return (f"{step.name} in {running[0].leg}" if step else f"{running[0].leg} is set up") + end
    counts = Counter(leg.state for leg in legs)
    done = sum(number for state, number in counts.items() if state.finished)
    failed = f", {counts[State.FAILURE]} failed" if counts[State.FAILURE] else ""
    parts = [f"{len(running)} run"] if running else []
    parts += [f"{counts[State.QUEUED]} wait"] if counts[State.QUEUED] else []
    return f"{done} of {plural(len(legs), 'leg')} done{failed}" + (f"; {', '.join(parts)}" if parts else "") + end


def _stands(run: LiveRun) -> str:
    leg = standing(run)
    if leg is not None and run.doing == "shell":
        return f"paused; a command runs in {leg.leg}"
    failed = leg.failed_step if leg else None
    if leg is not None and failed is not None:
        kept = "its container is kept" if leg.image else "its folder is kept"
        return f"paused after {failed.name} failed in {leg.leg}; {kept}"
    if run.at is None:
        return "paused"
    name, step = run.at
    if step == END:
        return f"paused before the end of {name}"
    steps = step_names(run, name)
    stop = "at the breakpoint " if (_job(run, name), max(step, 1)) in run.stops else ""
    upcoming = str(run.upcoming.get("name") or (steps[step - 1] if 0 < step <= len(steps) else ""))
    return f"paused {stop}before {upcoming} of {name}" if step and upcoming else f"paused {stop}before {name}"


def standing(run: LiveRun) -> LegState | None:
    """The leg that the next verb is about, where it has begun."""
    found = next((leg for leg in run.state.legs if run.at and leg.leg == run.at[0]), None)
    return found if found is not None and found.started_at is not None else None


def step_names(run: LiveRun, leg: str) -> tuple[str, ...]:
    """The steps of a leg as they are written."""
    return run.steps.get(_job(run, leg), ())


def _job(run: LiveRun, leg: str) -> str:
    return next((each.job for each in run.state.legs if each.leg == leg), "")


def _running_step(leg: LegState) -> StepState | None:
    """The innermost step that runs."""
    return next((step for step in reversed(leg.steps) if step.state is State.RUNNING), None)


def _left(run: LiveRun) -> float | None:
    """Seconds until all is through: the longest chain of what is not, as long as it usually takes. None where that is unknown."""
    jobs = run_parts.jobs(run.state)
    ends: dict[str, float] = {}

    def end(job: str) -> float:
        if job not in ends:
            legs = jobs[job]
            before = max((end(need) for leg in legs for need in leg.needs if need in jobs and need != job), default=0.0)
            open_legs = [leg for leg in legs if not leg.state.finished]
            spent = {leg.leg: run.now - leg.started_at for leg in open_legs if leg.started_at is not None}
            own = [max(0.0, run.usual[leg.leg] - spent.get(leg.leg, 0.0)) for leg in open_legs]
            ends[job] = before + max(own, default=0.0)
        return ends[job]

    try:
        return max((end(job) for job in jobs), default=None)
    except KeyError:  # a leg that never succeeded here before: nobody knows
        return None


def _about(seconds: float) -> str:
    return f"{round(seconds / 5) * 5 or 5}s" if seconds < 55 else f"{round(seconds / 60)}m"


def likely(run: LiveRun) -> str:
    """The one verb that stands out, '' where a person only watches."""
    if run.doing or run.state.state.finished:
        return ""
    leg = standing(run)
    wanted = "retry" if leg is not None and leg.failed_step is not None else "go" if run.state.state is State.PAUSED else "step"
    return wanted if wanted in run.can else ""


def names(run: LiveRun) -> dict[str, str]:
    """Buttons that are called otherwise now."""
    if run.doing == "shell":
        return {"cancel": "Stop command"}
    if run.state.state is State.FAILURE:
        return {"retry": "Re-run failed"}
    if run.state.state.finished:
        return {"retry": "Run again"}
    return {"retry": "Retry step", "skip": "Skip step"} if standing(run) is not None else {}


def focus(run: LiveRun) -> str:
    """The leg to look at: the one that the run stands in, one that failed, one that runs, else the last one that ended."""
    legs = run.state.legs
    failed = next((leg.leg for leg in legs if run.word(leg) == "failure"), "")
    running = next((leg.leg for leg in legs if leg.state is State.RUNNING), "")
    stands = run.at[0] if run.at and not run.doing else ""
    ended = sorted((leg for leg in legs if leg.finished_at is not None and leg.steps), key=lambda leg: leg.finished_at or 0.0)
    return stands or failed or running or next((leg.leg for leg in (*reversed(ended), *legs)), "")


def tab(run: LiveRun) -> str:
    """What matters: the waterfall when all went well, the grid while a matrix runs, else the log."""
    if run.state.state.finished and run.state.state is not State.FAILURE:
        return "waterfall"
    jobs = run_parts.jobs(run.state)
    busy = any(sum(run.word(leg) == "running" for leg in legs) > 1 for legs in jobs.values())
    return "matrix" if busy else "log"
