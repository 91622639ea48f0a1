"""What would run: the jobs in order, cut into legs as far as that can be known before anything has run."""

from collections.abc import Mapping, Sequence

from pipelinekit.expressions.evaluate import evaluate
from pipelinekit.expressions.template import expressions_in
from pipelinekit.model.node import ListNode, MapNode, Node, Scalar, Value
from pipelinekit.model.plan import Leg, Plan, PlannedJob
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.model.trigger import Trigger
from pipelinekit.model.workflow import Job, Workflow
from pipelinekit.plans.matrix import legs
from pipelinekit.plans.order import order
from pipelinekit.plans.triggers import why_not


def make_plan(
    workflow: Workflow,
    trigger: Trigger,
    github: Mapping[str, Value],
    *,
    jobs: Sequence[str] = (),
    matrix: Mapping[str, Sequence[str]] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Plan:
    """jobs: only these and what they need. matrix: only legs with one of these values under each key.

    github: the context of that name. Raises WorkflowInvalid.
    """
    variables = dict(variables or {})
    contexts: dict[str, object] = {"github": github, "inputs": trigger.inputs, "vars": variables}
    planned = tuple(_planned(job, contexts, matrix or {}) for job in order(workflow, jobs))
    if matrix and not any(p.legs is None or p.legs for p in planned):
        wish = ", ".join(f"{key}:{value}" for key, values in matrix.items() for value in values)
        raise WorkflowInvalid(Problem("matrix", f'no leg matches "{wish}"'))
    return Plan(workflow, trigger, tuple(p for p in planned if p.legs != ()), _notes(workflow, trigger), variables)


def _planned(job: Job, contexts: dict[str, object], matrix: Mapping[str, Sequence[str]]) -> PlannedJob:
    needs = tuple(need.text for need in job.needs)
    if needs and _mentions_needs(job.matrix):
        return PlannedJob(job, needs, None)
    return PlannedJob(job, needs, tuple(leg for leg in legs(job, contexts, {}) if chosen(leg, matrix)))


def chosen(leg: Leg, matrix: Mapping[str, Sequence[str]]) -> bool:
    """Whether the leg has one of the wished values under each wished key that its matrix has; a job without them stays whole."""
    return all(_as_text(leg.matrix[key]) in values for key, values in matrix.items() if key in leg.matrix)


def _as_text(value: Value) -> str:
    return str(evaluate("format('{0}', v)", {"v": value}))


def _mentions_needs(node: Node | None) -> bool:
    match node:
        case Scalar(value=str(text)):
            return any("needs" in expression for _, expression in expressions_in(text))
        case ListNode(items=items):
            return any(map(_mentions_needs, items))
        case MapNode(entries=entries):
            return any(_mentions_needs(value) for _, value in entries)
        case _:
            return False


def _notes(workflow: Workflow, trigger: Trigger) -> tuple[Problem, ...]:
    reason = why_not(workflow, trigger)
    if not reason:
        return ()
    return (Problem("on", f"GitHub would not start this workflow: {reason}", severity=Severity.NOTE),)
