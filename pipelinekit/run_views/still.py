"""A run as it stands in a saved notebook, without a kernel, a script or a stylesheet: a picture, then jobs and steps as a table.

Inline styles and pictures that carry their data are what the sanitisers of notebooks and code hosts leave. The state's word comes
first, and no clock is in the text, so that two runs that went alike say the same.
"""

from collections.abc import Iterator

from pipelinekit.model.outcome import State
from pipelinekit.model.run_state import LegState, StepState
from pipelinekit.run_views import parts as run_parts
from pipelinekit.run_views import says as run_says
from pipelinekit.run_views.live_run import LiveRun
from pipelinekit.views import bare
from pipelinekit.views.graph import Node, drawn
from pipelinekit.views.marks import LETTER_OF_STATE
from pipelinekit.views.markup import Html, Piece, join, tag
from pipelinekit.views.pictures import picture
from pipelinekit.views.words import NOTHING, duration, listed, plural

MOST_LEGS = 60  # of more only those that need a look are listed
MOST_ROWS = 40  # of more rows only these legs have their steps below them
_TROUBLE = ("failure", "cancelled", "running", "paused")


def html(run: LiveRun) -> Html:
    """For `text/html`."""
    word = run_says.word(run)
    pieces: list[Piece] = [bare.text(tag("b", f"{word}: {run.title}"), f" · {run_says.sentence(run)}")]
    if run.state.legs:
        boxes = _nodes(run)
        critical = {leg.job for leg in run.state.legs if leg.leg in run.path}
        pieces.append(picture(drawn(boxes, critical), f"job graph: {listed([node.label for node in boxes], 12)}"))
    pieces += [_failure(run, at) for at in range(len(run.failures))]
    if run.state.legs:
        pieces.append(bare.table(("state", "job and step", "took", "why"), _rows(run), {2}))
    return tag("div", join(pieces))


def text(run: LiveRun) -> str:
    """For `text/plain`: without times."""
    word = run_says.word(run)
    lines = [f"run {run.number} of {run.title}: {word}" + (f", {run.state.reason}" if run.state.reason else "")]
    for leg in run.state.legs:
        lines.append(f"  {run.word(leg)}: {leg.leg}" + _because(_why(leg)))
        steps = (step for step in run_parts.ordered_steps(leg) if step.parent is None and step.index)
        lines += [f"    {step.state.value}: {step.name}" for step in steps]
    return "\n".join(lines)


def _because(why: str) -> str:
    return f", {why.splitlines()[0]}" if why else ""


def _nodes(run: LiveRun) -> list[Node]:
    found = []
    for job, legs in run_parts.jobs(run.state).items():
        words = [run.word(leg) for leg in legs]
        worst = min(words, key=run_parts.WORST_FIRST.index)
        needs = tuple(dict.fromkeys(need for leg in legs for need in leg.needs))
        letters = "".join(LETTER_OF_STATE[word] for word in words) if run_parts.is_matrix(legs) else ""
        says = run_parts.counted(words, worst) if letters else ""
        found.append(Node(job, needs, worst, _span(legs), says, letters))
    return found


def _span(legs: tuple[LegState, ...]) -> str:
    time = run_parts.span(legs)
    return "" if time == NOTHING and not any(leg.state.finished for leg in legs) else time


def _failure(run: LiveRun, at: int) -> Html:
    found = run.failures[at]
    where = f"{found.step} in {listed(found.legs)}" if found.step else listed(found.legs)
    said = bare.text(tag("b", f"failure: {found.finding}"), f" {where}. ", found.known)
    return join((said, bare.code("\n".join(line for _, line in found.lines)) if found.lines else None))


def _rows(run: LiveRun) -> Iterator[tuple[Piece, ...]]:
    words = [(run.word(leg), leg) for leg in run.state.legs]
    shown = [pair for pair in words if len(words) <= MOST_LEGS or pair[0] in _TROUBLE][:MOST_LEGS]
    short = sum(1 + len(leg.steps) for leg in run.state.legs) <= MOST_ROWS
    for word, leg in shown:
        yield word, tag("b", leg.leg), run_parts.took(leg), _why(leg)
        if short or (word in _TROUBLE and len(words) <= MOST_LEGS) or word == "failure":
            yield from map(_step, run_parts.ordered_steps(leg))
    if len(shown) < len(words):
        yield "", f"and {plural(len(words) - len(shown), 'leg')} more", "", ""


def _step(step: StepState) -> tuple[Piece, ...]:
    took = None if step.started_at is None or step.finished_at is None else step.finished_at - step.started_at
    why = step.reason or (f"exit code {step.exit_code}" if step.exit_code else "")
    return step.state.value, f"\u2003{step.name}", duration(took), tag("code", why) if why else None


def _why(leg: LegState) -> str:
    if leg.remembered:
        return "nothing that it reads had changed"
    return leg.reason if leg.state is not State.SUCCESS else ""
