"""The file of an action -> Action, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import replace

from pipelinekit.model.action import Action, ActionInput, ActionOutput
from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Problems, Severity
from pipelinekit.workflows.action_keys import ACTION, COMPOSITE, DOCKER, JAVASCRIPT
from pipelinekit.workflows.identifiers import step_id_problems
from pipelinekit.workflows.parts import steps_of
from pipelinekit.workflows.rules import run_problems
from pipelinekit.workflows.source import Source
from pipelinekit.workflows.text import decoded, root_of
from pipelinekit.workflows.validate import validate

ACTION_FILES = ("action.yml", "action.yaml")  # the first of them that a folder has is taken

_WHAT = "an action"
_START = "an action has `runs:`, and under it `using:`"
_NEEDED = {COMPOSITE: "steps", DOCKER: "image", **dict.fromkeys(JAVASCRIPT, "main")}


def read_action(file: str, content: bytes) -> tuple[Action | None, Problems]:
    """The action, or None where a problem is an error, and the problems in the order of their places.

    file: as the author names it; positions carry it. Raises nothing: content that is empty or no text is a problem too.
    A key that nobody knows is a warning at the top of the file, where a runner passes over it, and an error below.
    """
    text, unreadable = decoded(content, file)
    if unreadable:
        return None, Problems([unreadable])
    node, problems = root_of(text, file, _WHAT, _START)
    if node is None:
        return None, Problems(problems)
    top = {key.position for key, _ in node.entries}
    problems += [_weighed(problem, top) for problem in validate(node, ACTION, Source(text))]
    problems += _rules(node)
    problems.sort(key=lambda problem: problem.position or Position(file, 0, 0))
    invalid = any(problem.severity is Severity.ERROR for problem in problems)
    return (None if invalid else _action(node, file)), Problems(problems)


def _weighed(problem: Problem, top: set[Position]) -> Problem:
    passed_over = problem.code == "key" and problem.position in top
    return replace(problem, severity=Severity.WARNING) if passed_over else problem


def _rules(node: MapNode) -> Iterator[Problem]:
    runs = node.get("runs")
    if not isinstance(runs, MapNode):
        return
    using, steps = runs.get("using"), runs.get("steps")
    if using is None:
        first = runs.entries[0][0].position if runs.entries else runs.position
        yield Problem("missing", '"runs" needs "using"', first, hint=f"possible: {', '.join(_NEEDED)}")
    elif isinstance(using, Scalar) and using.text in _NEEDED:
        needed = _NEEDED[using.text]
        if runs.key(needed) is None and any(runs.key(other) is not None for other in _NEEDED.values()):
            message = f'"using: {using.text}" goes with "{needed}", which is not there'
            yield Problem("missing", message, using.position, length=len(using.text))
    written = [step for step in steps if isinstance(step, MapNode)] if isinstance(steps, ListNode) else []
    yield from step_id_problems(written, "action")
    yield from run_problems(written)


def _action(node: MapNode, file: str) -> Action:
    runs = node.get("runs")
    assert isinstance(runs, MapNode)  # noqa: S101 - its shape was found right
    using, name = runs.get("using"), node.get("name")
    assert isinstance(using, Scalar)  # noqa: S101
    return Action(
        path=file,
        node=node,
        using=using,
        name=name if isinstance(name, Scalar) else None,
        inputs=tuple(_input(key, value) for key, value in _entries(node.get("inputs"))),
        outputs=tuple(_output(key, value) for key, value in _entries(node.get("outputs"))),
        steps=steps_of(runs.get("steps")),
    )


def _input(key: Scalar, node: MapNode) -> ActionInput:
    required, deprecated = _scalar(node.get("required")), _scalar(node.get("deprecationMessage"))
    return ActionInput(
        key.text, key.position, _scalar(node.get("default")), required is not None and required.value is True,
        deprecated.text if deprecated else "",
    )  # fmt: skip


def _output(key: Scalar, node: MapNode) -> ActionOutput:
    return ActionOutput(key.text, key.position, _scalar(node.get("value")))


def _entries(node: Node | None) -> Iterator[tuple[Scalar, MapNode]]:
    for key, value in node.entries if isinstance(node, MapNode) else ():
        if isinstance(value, MapNode):
            yield key, value


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None
