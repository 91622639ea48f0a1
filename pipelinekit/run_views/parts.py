"""A run's state as what the pictures take: nodes of its graph, rows of its waterfall, cells of its matrices."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from pipelinekit.model.outcome import FINISHED, State
from pipelinekit.model.run_state import LegState, RunState, StepState
from pipelinekit.views.graph import Node
from pipelinekit.views.marks import LETTER_OF_STATE
from pipelinekit.views.matrix import Cell
from pipelinekit.views.waterfall import Bar, Part
from pipelinekit.views.words import NOTHING, duration

OVER = frozenset(FINISHED) | {"remembered", "flaky"}
WORST_FIRST = ("failure", "cancelled", "running", "paused", "waiting", "queued", "flaky", "success", "remembered", "skipped")


def jobs(state: RunState) -> dict[str, tuple[LegState, ...]]:
    """The legs of each job, in the order of the plan."""
    found: dict[str, tuple[LegState, ...]] = {}
    for leg in state.legs:
        found[leg.job] = (*found.get(leg.job, ()), leg)
    return found


def word(leg: LegState, remembered: Collection[str] = ()) -> str:
    """The state's word; a leg that was not run again because nothing it reads had changed is remembered."""
    return "remembered" if leg.leg in remembered and leg.state is State.SUCCESS else leg.state.value


def seconds(leg: LegState) -> float | None:
    """How long it ran; None where it did not start or has not ended."""
    if leg.started_at is None or leg.finished_at is None:
        return None
    return leg.finished_at - leg.started_at


def took(leg: LegState) -> str:
    """The same, written."""
    return duration(seconds(leg))


def is_matrix(legs: Collection[LegState]) -> bool:
    """Whether a job stands for several legs."""
    return len(legs) > 1


def leg_anchor(leg: LegState, state: RunState) -> str:
    """The id of a leg's log on the page of its run."""
    return f"leg-{state.legs.index(leg)}"


def job_anchor(job: str, state: RunState) -> str:
    """The id of a matrix job's grid on the page of its run."""
    return f"legs-{list(jobs(state)).index(job)}"


def nodes(state: RunState, remembered: Collection[str] = ()) -> list[Node]:
    """One node a job; a matrix shows its worst leg, and a mark for each."""
    return [_node(job, legs, state, remembered) for job, legs in jobs(state).items()]


def _node(job: str, legs: tuple[LegState, ...], state: RunState, remembered: Collection[str]) -> Node:
    words = [word(leg, remembered) for leg in legs]
    worst = min(words, key=WORST_FIRST.index)
    needs = tuple(dict.fromkeys(need for leg in legs for need in leg.needs))
    if not is_matrix(legs):
        return Node(job, needs, worst, took(legs[0]), target=f"#{leg_anchor(legs[0], state)}")
    letters = "".join(LETTER_OF_STATE[each] for each in words)
    return Node(job, needs, worst, span(legs), counted(words, worst), letters, f"#{job_anchor(job, state)}")


def counted(words: Sequence[str], worst: str) -> str:
    """How many legs of a matrix are what the worst of them is, or how many are through while some are not."""
    if worst == "failure":
        return f"{words.count('failure')} of {len(words)} failed"
    if worst in ("running", "paused", "queued"):
        done = sum(each in OVER for each in words)
        return f"{done} of {len(words)} done"
    return worst if words.count(worst) == len(words) else f"{words.count(worst)} of {len(words)} {worst}"


def span(legs: Iterable[LegState]) -> str:
    """From the first start to the last end."""
    ran = [(leg.started_at, leg.finished_at) for leg in legs if leg.started_at is not None and leg.finished_at is not None]
    if not ran:
        return NOTHING
    return duration(max(end for _, end in ran) - min(start for start, _ in ran))


def bars(state: RunState, on_path: Collection[str] = (), remembered: Collection[str] = ()) -> list[Bar]:
    """One row a leg that started, in order of start. on_path: legs on the critical path."""
    begin = state.started.at if state.started else 0.0
    ran = sorted((leg for leg in state.legs if leg.started_at is not None), key=lambda leg: leg.started_at or 0.0)
    return [Bar(leg.leg, word(leg, remembered), parts(leg, begin, remembered), took(leg), leg.leg in on_path) for leg in ran]


def parts(leg: LegState, begin: float, remembered: Collection[str] = (), now: float | None = None) -> tuple[Part, ...]:
    """Where the time of a leg that started went, counted from `begin`. now: how far one that runs has come."""
    start = leg.started_at or begin
    end = leg.finished_at if leg.finished_at is not None else now
    if end is None:
        end = max([start, *(s.finished_at or start for s in leg.steps)])
    if leg.leg in remembered:
        return (Part("cache", start - begin, end - start),)
    works = min(max(start, _first_command(leg.steps) or start), end)
    ready = min(leg.ready_at if leg.ready_at is not None else start, start)
    return (
        Part("queue", ready - begin, start - ready),
        Part("setup", start - begin, works - start),
        *_restored(leg, begin),
        Part("run", works - begin, end - works),
    )


def _restored(leg: LegState, begin: float) -> Iterable[Part]:
    """What was spent on restoring caches, within the steps that did so."""
    started = {step.index: step.started_at for step in leg.steps}
    for used in leg.caches:
        at = started.get(used.step)
        if used.result in ("hit", "partial") and used.seconds and at is not None:
            yield Part("cache", at - begin, used.seconds)


def _first_command(steps: Iterable[StepState]) -> float | None:
    """When the first step of the author's that runs a command began: until then the leg was pulling and setting up."""
    starts = [s.started_at for s in steps if s.index > 0 and not s.uses and s.started_at is not None]
    return min(starts, default=None)


def cells(state: RunState, job: str, remembered: Collection[str] = ()) -> list[Cell]:
    """One cell a leg of a matrix job."""
    return [Cell(word(leg, remembered), took(leg), leg.matrix, leg.leg, f"#{leg_anchor(leg, state)}") for leg in jobs(state)[job]]


def failed_first(legs: Iterable[LegState], remembered: Collection[str] = ()) -> list[LegState]:
    """Legs in the order in which one wants to read their logs."""
    return sorted(legs, key=lambda leg: WORST_FIRST.index(word(leg, remembered)))


def ordered_steps(leg: LegState) -> list[StepState]:
    """The steps as they ran, each before those that are part of it; one that was skipped stands where it would have run."""
    inside: dict[int | None, list[StepState]] = {}
    for step in sorted(leg.steps, key=lambda each: each.index):
        around = leg.around(step)
        inside.setdefault(around[-1].index if around else None, []).append(step)
    return list(_in_order(inside, None))


def _in_order(inside: dict[int | None, list[StepState]], parent: int | None) -> Iterator[StepState]:
    start, ordered = 0.0, []
    for step in inside.get(parent, ()):
        start = step.started_at if step.started_at is not None else start
        ordered.append((start, step.index, step))
    for _, index, step in sorted(ordered, key=lambda each: each[:2]):
        yield step
        yield from _in_order(inside, index)
