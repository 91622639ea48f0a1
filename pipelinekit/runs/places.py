"""What a leg asks of its executor: labels, image and versions, read off the job with the leg's matrix filled in."""

import re
from collections.abc import Sequence

from pipelinekit.executors.base import PlaceRequest
from pipelinekit.expressions.tree import fill_node, fill_text, fill_texts
from pipelinekit.model.node import MapNode, Scalar, Value
from pipelinekit.model.plan import PlannedJob
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.model.workflow import Step
from pipelinekit.runs.action_inputs import action_inputs
from pipelinekit.runs.folders import MOST_LEVELS
from pipelinekit.runs.scope import Inside, Scope

_ELSEWHERE = re.compile(r"(windows|macos)\b", re.IGNORECASE)
_SETUPS = {"python": ("actions/setup-python", "python-version"), "node": ("actions/setup-node", "node-version")}


def place_request(planned: PlannedJob, scope: Scope) -> PlaceRequest:
    """Raises WorkflowInvalid where an expression can't be evaluated."""
    job, leg, request = planned.job, scope.leg, scope.request
    container = fill_node(job.container, scope.contexts(), scope.functions())
    image = container if isinstance(container, str) else container.get("image", "") if isinstance(container, dict) else ""
    environment = job.container.get("env") if isinstance(job.container, MapNode) else None
    return PlaceRequest(
        run_id=request.run_id,
        leg=leg.name,
        repository=request.plan.trigger.repository,
        folder=request.folder / _folder_name(leg.name, leg.index),
        labels=labels(planned, scope),
        image=str(image or ""),
        python=_version(job.steps, scope, "python"),
        node=_version(job.steps, scope, "node"),
        environment=fill_texts(environment, scope.contexts(), scope.functions()),
        runners=request.runners,
        engine_socket=request.engine_socket,
        keep=request.keep_seconds > 0,
    )


def labels(planned: PlannedJob, scope: Scope) -> tuple[str, ...]:
    """The leg's `runs-on`: text, a list, or a mapping with `labels`."""
    value = fill_node(planned.job.runs_on, scope.contexts(), scope.functions())
    if isinstance(value, dict):
        value = value.get("labels") or value.get("group") or ""
    return tuple(_texts(value))


def elsewhere(runner: tuple[str, ...]) -> str:
    """The label that asks for Windows or macOS, or ''."""
    return next((label for label in runner if _ELSEWHERE.match(label)), "")


def _version(steps: Sequence[Step], scope: Scope, language: str) -> str:
    """The version that the setup action among the steps asks for, '' where there is none; of several lines the first."""
    action, name = _SETUPS[language]
    for step in steps:
        if step.uses is None:
            continue
        inner = _within(step, step.uses.text, scope)
        if inner is not None and (found := _version(*inner, language)):
            return found
        if step.uses.text.split("@", maxsplit=1)[0] == action and isinstance(step.inputs, MapNode):
            value = step.inputs.get(name)
            if isinstance(value, Scalar):
                filled = fill_text(value, scope.contexts(), scope.functions())
                return next((line.strip() for line in filled.splitlines() if line.strip()), "")
    return ""


def _within(step: Step, uses: str, scope: Scope) -> tuple[Sequence[Step], Scope] | None:
    """The steps of the composite action that the step uses, and what they see; None where none is known yet."""
    actions, around = scope.request.actions, scope.inside
    folder = actions.folder(uses, around.root if around else None)
    action = actions.find(folder).action if folder is not None else None
    depth = around.depth + 1 if around else 1
    if folder is None or action is None or depth > MOST_LEVELS:
        return None
    try:
        given = fill_texts(step.inputs, scope.contexts(), scope.functions())
        inputs = action_inputs(action, given, scope.contexts(), scope.functions())
    except WorkflowInvalid:  # what a step before it gives is not there yet
        return None
    return action.steps, scope.within(Inside(inputs, {}, "", "", folder.root, depth, scope.status))


def _texts(value: Value) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value)] if value not in (None, "") else []


def _folder_name(name: str, index: int) -> str:
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name).strip('-')[:60] or 'leg'}-{index}"
