"""What can't run yet: one table. A run of jobs that need it is refused before anything begins, by name and place.

The compatibility page of the documentation is made from it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pipelinekit.actions.all_actions import shim_for
from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.plan import Plan
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Severity
from pipelinekit.model.workflow import Job, Step
from pipelinekit.runs.mapped import SKIP, mapped
from pipelinekit.runs.shells import ELSEWHERE

Found = Iterator[tuple[Position, str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """name: of what is refused, in the workflow's own words. find: where a job uses it, each with what stands there."""

    name: str
    find: Callable[[Job], Found]
    hint: str = ""


def _key(key: str, what: str) -> Refusal:
    def find(job: Job) -> Found:
        node = job.node.key(key)
        value = job.node.get(key)
        if node is not None and not (isinstance(value, Scalar) and value.value in (None, "")):
            yield node.position, key

    return Refusal(what, find)


def _container_key(key: str) -> Refusal:
    def find(job: Job) -> Found:
        node = job.container.key(key) if isinstance(job.container, MapNode) else None
        if node is not None:
            yield node.position, f"container.{key}"

    return Refusal(f"`{key}` of a job's container", find)


def _steps(what: str, wanted: Callable[[Step], Scalar | None], hint: str = "") -> Refusal:
    def find(job: Job) -> Found:
        for step in job.steps:
            node = wanted(step)
            if node is not None:
                yield node.position, node.text

    return Refusal(what, find, hint)


def _uses(kind: str) -> Callable[[Step], Scalar | None]:
    def wanted(step: Step) -> Scalar | None:
        return step.uses if step.uses is not None and _kind_of_action(step.uses.text) == kind else None

    return wanted


def _kind_of_action(uses: str) -> str:
    if uses.startswith("docker://"):
        return "docker"
    if uses.startswith(("./", "../", "$/")):
        return "local"
    return "shim" if shim_for(uses) is not None else "foreign"


def _control(step: Step) -> Scalar | None:
    if step.control is not None:
        return step.node.key(step.control)
    return step.node.key("background") if step.background else None


def _elsewhere(step: Step) -> Scalar | None:
    return step.shell if step.shell is not None and step.shell.text in ELSEWHERE else None


_MAP = "[tool.pipelinekit.actions] can map it to \"skip\""


def _strategy(job: Job) -> Found:
    node = job.node.get("strategy")
    if isinstance(node, Scalar) and node.value is not None:
        yield node.position, node.text


REFUSALS: tuple[Refusal, ...] = (
    Refusal("a strategy that is an expression as a whole", _strategy, "write `matrix: ${{ ... }}` below `strategy:`"),
    _key("uses", "reusable workflows"),
    _key("services", "service containers"),
    _container_key("credentials"),
    _container_key("volumes"),
    _container_key("ports"),
    _container_key("options"),
    _steps("Docker actions", _uses("docker"), _MAP),
    _steps("actions in a folder", _uses("local"), _MAP),
    _steps("this action", _uses("foreign"), _MAP),
    _steps("background and parallel steps", _control),
    _steps("this shell", _elsewhere),
)

# Accepted, and said: they change nothing on one machine.
WITHOUT_EFFECT: Mapping[str, str] = {
    "permissions": "there is no token to give permissions to",
    "concurrency": "runs on this machine do not wait for one another",
    "run-name": "runs are named by their number and commit",
    "environment": "nothing guards environments here yet",
    "snapshot": "only GitHub's image-generation runners act on it",
}


def refused(plan: Plan, actions: Mapping[str, str]) -> list[Problem]:
    """What of the plan's jobs can't run yet. actions: `[tool.pipelinekit.actions]`, whose `skip` takes a step out."""
    problems = []
    for planned in plan.jobs:
        for refusal in REFUSALS:
            for position, text in refusal.find(planned.job):
                to = mapped(text, actions)
                if to == SKIP:
                    continue
                what = f'{refusal.name} can\'t run here yet: "{text}"'
                if to:
                    what = f'"{text}" is mapped to the folder "{to}", and actions in a folder can\'t run here yet'
                message = f'job "{planned.job.id}": {what}'
                problems.append(Problem("unsupported", message, position, hint=refusal.hint, length=len(text)))
    return sorted(problems, key=_place)


def without_effect(plan: Plan) -> list[Problem]:
    """Notes for keys that are accepted and change nothing here."""
    nodes = [plan.workflow.node, *(planned.job.node for planned in plan.jobs)]
    found: dict[str, Position] = {}
    for node in nodes:
        for key, _ in node.entries:
            if key.text in WITHOUT_EFFECT and not _empty(node.get(key.text)):
                found.setdefault(key.text, key.position)
    return [
        Problem("note", f"{key} has no effect: {WITHOUT_EFFECT[key]}", position, Severity.NOTE) for key, position in found.items()
    ]


def _place(problem: Problem) -> tuple[int, int]:
    return (problem.position.line, problem.position.column) if problem.position else (0, 0)


def _empty(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.value is None) or (isinstance(node, ListNode) and not node.items)
