"""The pipeline of a notebook in a cell: a sentence, and its stages as a graph with what they came to."""

from collections.abc import Mapping

from pipelinekit.model.shown import Bundle
from pipelinekit.views.graph import Node, drawn
from pipelinekit.views.markup import join, tag
from pipelinekit.views.pictures import picture
from pipelinekit.views.words import listed, plural, sentence

_NOT_RUN = "not run yet"


def bundle(path: str, needs: Mapping[str, tuple[str, ...]], states: Mapping[str, str]) -> Bundle:
    """needs: stage to those it needs, in the order written. states: stage to its state, `stale`, or '' where it has not run."""
    said = _sentence(path, states)
    lines = [f"  {stage}: {states[stage] or _NOT_RUN}{f'  <- {listed(needs[stage])}' if needs[stage] else ''}" for stage in needs]
    text = "\n".join([said, *lines])
    title = tag("div", said, style="font-size:13px;margin:4px 0")
    if not needs:
        return {"text/plain": text, "text/html": title}
    nodes = [Node(stage, _known(needs, stage), states[stage], "", states[stage] or _NOT_RUN) for stage in needs]
    return {"text/plain": text, "text/html": join((title, picture(drawn(nodes), text)))}


def _sentence(path: str, states: Mapping[str, str]) -> str:
    if not states:
        return f"{path} has no stage yet: a cell that begins with %%stage NAME makes one"
    said = f"{path}: {plural(len(states), 'stage')}"
    stale = [stage for stage, state in states.items() if state == "stale"]
    failed = [stage for stage, state in states.items() if state == "failure"]
    parts = [f"failed: {listed(failed)}"] if failed else []
    parts += [f"stale until the next run: {listed(stale)}"] if stale else []
    return f"{said}. {sentence('; '.join(parts))}" if parts else said


def _known(needs: Mapping[str, tuple[str, ...]], stage: str) -> tuple[str, ...]:
    """What it needs, of what is there: a stage may be defined before the ones that it needs."""
    return tuple(one for one in needs[stage] if one in needs)
