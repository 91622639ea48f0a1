"""What can't run yet: one table. A run of jobs that need it is refused before anything begins, by name and place.

The compatibility page of the documentation is made from it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.plan import Plan
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Severity
from pipelinekit.model.workflow import Job, Step
from pipelinekit.runs.folders import Actions
from pipelinekit.runs.shells import ELSEWHERE
from pipelinekit.runs.used import Kind, Use, every_step, used


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands that can't run, in the author's words, and the other places to blame for it."""

    position: Position
    text: str
    related: tuple[tuple[Position, str], ...] = ()


Find = Callable[[Job, Actions], Iterator[Spot]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """name: of what is refused, in the workflow's own words. find: where a job uses it, each with what stands there."""

    name: str
    find: Find
    hint: str = ""


def _key(key: str, what: str) -> Refusal:
    def find(job: Job, _: Actions) -> Iterator[Spot]:
        node = job.node.key(key)
        value = job.node.get(key)
        if node is not None and not (isinstance(value, Scalar) and value.value in (None, "")):
            yield Spot(node.position, key)

    return Refusal(what, find)


def _container_key(key: str) -> Refusal:
    def find(job: Job, _: Actions) -> Iterator[Spot]:
        node = job.container.key(key) if isinstance(job.container, MapNode) else None
        if node is not None:
            yield Spot(node.position, f"container.{key}")

    return Refusal(f"`{key}` of a job's container", find)


def _steps(what: str, wanted: Callable[[Step], Scalar | None]) -> Refusal:
    def find(job: Job, actions: Actions) -> Iterator[Spot]:
        for step in every_step(job.steps, actions):
            node = wanted(step)
            if node is not None:
                yield Spot(node.position, node.text)

    return Refusal(what, find)


def _uses(what: str, kind: Kind) -> Refusal:
    def find(job: Job, actions: Actions) -> Iterator[Spot]:
        for use in used(job.steps, actions):
            if use.kind is kind:
                yield Spot(use.uses.position, use.uses.text, (*_said(use), *use.blamed(actions)))

    return Refusal(what, find, "[tool.pipelinekit.actions] can map it to \"skip\", or to a folder with a composite action")


def _said(use: Use) -> tuple[tuple[Position, str], ...]:
    """Where a folder says which kind of action it holds."""
    using = use.found.action.using if use.found and use.found.action else None
    return ((using.position, f'the action is of the kind "{using.text}"'),) if using else ()


def _control(step: Step) -> Scalar | None:
    if step.control is not None:
        return step.node.key(step.control)
    return step.node.key("background") if step.background else None


def _elsewhere(step: Step) -> Scalar | None:
    return step.shell if step.shell is not None and step.shell.text in ELSEWHERE else None


def _strategy(job: Job, _: Actions) -> Iterator[Spot]:
    node = job.node.get("strategy")
    if isinstance(node, Scalar) and node.value is not None:
        yield Spot(node.position, node.text)


REFUSALS: tuple[Refusal, ...] = (
    Refusal("a strategy that is an expression as a whole", _strategy, "write `matrix: ${{ ... }}` below `strategy:`"),
    _key("uses", "reusable workflows"),
    _key("services", "service containers"),
    _container_key("credentials"),
    _container_key("volumes"),
    _container_key("ports"),
    _container_key("options"),
    _uses("Docker actions", Kind.DOCKER),
    _uses("JavaScript actions", Kind.JAVASCRIPT),
    _uses("this action", Kind.FOREIGN),
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


def refused(plan: Plan, actions: Actions) -> list[Problem]:
    """What of the plan's jobs can't run: what can't yet, and actions that are mapped to a folder without one, or can't be read."""
    problems: dict[tuple[Position | None, str], Problem] = {}  # jobs may use the same broken action
    for planned in plan.jobs:
        for refusal in REFUSALS:
            for spot in refusal.find(planned.job, actions):
                message = f'job "{planned.job.id}": {refusal.name} can\'t run here yet: "{spot.text}"'
                found = Problem(
                    "unsupported", message, spot.position, hint=refusal.hint, length=len(spot.text), related=spot.related
                )
                problems.setdefault((found.position, message), found)
        for use in used(planned.job.steps, actions):
            for found in _broken(use, actions):
                problems.setdefault((found.position, found.message), found)
    return sorted(problems.values(), key=lambda problem: _place(problem, plan))


def _broken(use: Use, actions: Actions) -> Iterator[Problem]:
    if use.kind is Kind.ABSENT and use.folder is not None:
        told, text = actions.told(use.uses.text), use.uses.text
        where = f'"{text}" is mapped to the folder "{told}"' if use.folder.row else f'the folder of "{text}"'
        what = "holds no action.yml" if use.folder.path.is_dir() else "is not there"
        message = f"{where}, which {what}" if use.folder.row else f"{where} {what}"
        hint = "a folder is seen from the repository's top" if use.folder.row else ""
        yield Problem("actions", message, use.uses.position, hint=hint, length=len(text), related=use.blamed(actions))
    if use.kind is Kind.INVALID and use.found is not None:
        here = (use.uses.position, f'"{use.uses.text}" is used here')
        for problem in use.found.problems:
            if problem.severity is Severity.ERROR:
                yield replace(problem, related=(*problem.related, here, *use.blamed(actions)))


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


def _place(problem: Problem, plan: Plan) -> tuple[bool, str, int, int]:
    """The workflow's own first, then those of the files of actions."""
    place = problem.position
    if place is None:
        return (True, "", 0, 0)
    elsewhere = place.file != plan.workflow.node.position.file
    return (elsewhere, place.file if elsewhere else "", place.line, place.column)


def _empty(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.value is None) or (isinstance(node, ListNode) and not node.items)
