"""What a leg asks of its executor: labels, image and versions, read off the job with the leg's matrix filled in."""

import re

from pipelinekit.executors.base import PlaceRequest
from pipelinekit.expressions.tree import fill_node, fill_text, fill_texts
from pipelinekit.model.node import MapNode, Scalar, Value
from pipelinekit.model.plan import PlannedJob
from pipelinekit.runs.scope import Scope

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
        python=_version(planned, scope, "python"),
        node=_version(planned, scope, "node"),
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


def _version(planned: PlannedJob, scope: Scope, language: str) -> str:
    """The version that the job's setup action asks for, '' where it has none; of several lines the first."""
    action, name = _SETUPS[language]
    for step in planned.job.steps:
        if step.uses is not None and step.uses.text.split("@")[0] == action and isinstance(step.inputs, MapNode):
            value = step.inputs.get(name)
            if isinstance(value, Scalar):
                filled = fill_text(value, scope.contexts(), scope.functions())
                return next((line.strip() for line in filled.splitlines() if line.strip()), "")
    return ""


def _texts(value: Value) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value)] if value not in (None, "") else []


def _folder_name(name: str, index: int) -> str:
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name).strip('-')[:60] or 'leg'}-{index}"
