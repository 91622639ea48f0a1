"""Expressions that ask `steps` for a step that there is not, or not yet."""

from collections.abc import Iterator, Sequence

from pipelinekit.checks.references import Reference, references
from pipelinekit.model.node import MapNode
from pipelinekit.model.problem import Problem, Severity
from pipelinekit.model.workflow import Step, Workflow
from pipelinekit.workflows.source import Source
from pipelinekit.workflows.suggest import suggestion


def step_reference(workflow: Workflow) -> Iterator[Problem]:
    """An expression that asks `steps` for a step which has not run by then: the answer is always empty.

    A step is known by the `id` it was given, in its own job only, and to the steps below it:

        - run: echo "${{ steps.version.outputs.text }}"   # too early
        - id: version
          run: echo "text=1.2" >> "$GITHUB_OUTPUT"
    """
    source = Source(workflow.source)
    for job in workflow.jobs:
        ids = [name for step in job.steps for name in _ids(step)]
        above: list[str] = []
        for step in job.steps:
            yield from _unknown(references(step.node, "steps", source), above, ids)
            above += _ids(step)
        rest = MapNode(tuple((key, value) for key, value in job.node.entries if key.text != "steps"), job.node.position)
        yield from _unknown(references(rest, "steps", source), ids, ids)


def _ids(step: Step) -> list[str]:
    """The ids that can be asked for once the step is done."""
    return [step.id] if step.id_given else []


def _unknown(found: Iterator[Reference], known: Sequence[str], ids: Sequence[str]) -> Iterator[Problem]:
    for reference in found:
        if reference.name.upper() in (name.upper() for name in known):
            continue
        message = f'no step has the id "{reference.name}", so this is always empty'
        hint = suggestion(reference.name, known, "steps above")
        if reference.name.upper() in (name.upper() for name in ids):
            message, hint = f'the step "{reference.name}" has not run yet, so this is always empty', "move that step up"
        length = len("steps.") + len(reference.name)
        yield Problem("step-reference", message, reference.position, Severity.WARNING, hint, length)
