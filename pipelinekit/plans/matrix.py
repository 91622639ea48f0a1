"""A job's matrix cut into legs: the product, less `exclude`, with `include`, in the order written.

Source: actions/runner and the workflow parser of actions/languageservices; see the reference page of the matrix.
"""

from collections.abc import Callable
from itertools import product

from pipelinekit.expressions.evaluate import evaluate
from pipelinekit.expressions.tree import Contexts, Functions, fill_node, fill_text
from pipelinekit.model.node import MapNode, Node, Value
from pipelinekit.model.plan import Leg
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.workflow import Job

MOST_LEGS = 256
_LONGEST_NAME = 100

Point = dict[str, Value]


def legs(job: Job, contexts: Contexts, functions: Functions) -> tuple[Leg, ...]:
    """The job's legs, at least one. contexts: github, inputs, vars, needs.

    Raises WorkflowInvalid for a vector without values, a key of `exclude` that is no key of the matrix, over 256 legs.
    """
    if job.matrix is None:
        return (Leg(job.id, _name(job, {}, (), contexts, functions)),)
    filled = fill_node(job.matrix, contexts, functions)
    if not isinstance(filled, dict):
        raise _wrong(job, f"the matrix must be a mapping, here it is {_kind(filled)}")
    points = combinations(filled, lambda message: _wrong(job, message))
    if len(points) > MOST_LEGS:
        hint = "split the job in two, or exclude some"
        raise _wrong(job, f"the matrix makes {len(points)} legs, at most {MOST_LEGS} are allowed", hint)
    total = len(points)
    return tuple(
        Leg(job.id, _name(job, point, shown, contexts, functions), index, total, point)
        for index, (point, shown) in enumerate(points)
    )


def combinations(matrix: Point, wrong: Callable[[str], Exception]) -> list[tuple[Point, tuple[Value, ...]]]:
    """Each point with the values that stand in its name. wrong: makes the exception for a message."""
    includes, excludes = _dicts(matrix, "include", wrong), _dicts(matrix, "exclude", wrong)
    vectors = {key: value for key, value in matrix.items() if key not in ("include", "exclude")}
    for key, values in vectors.items():
        if not isinstance(values, list):
            raise wrong(f'the matrix vector "{key}" must be a list, here it is {_kind(values)}')
        if not values:
            raise wrong(f'the matrix vector "{key}" does not contain any values')
    for item in excludes:
        for key in item:
            if key not in vectors:
                raise wrong(f'"exclude" names "{key}", which is no key of the matrix: {", ".join(vectors) or "it has none"}')
    columns = [values for values in vectors.values() if isinstance(values, list)]
    originals: list[Point] = [dict(zip(vectors, values, strict=True)) for values in product(*columns)] if vectors else []
    originals = [point for point in originals if not any(_contains(point, item) for item in excludes)]
    points = [dict(point) for point in originals]
    alone: list[Point] = []
    for item in includes:
        filters = {key: value for key, value in item.items() if key in vectors}
        extras = {key: value for key, value in item.items() if key not in vectors}
        hits = [i for i, original in enumerate(originals) if _contains(original, filters)]
        for i in hits:
            points[i].update(extras)
        if not hits:
            alone.append(dict(item))
    named = [(point, tuple(point[key] for key in vectors)) for point in points]
    return named + [(point, tuple(point.values())) for point in alone]


def _dicts(matrix: Point, key: str, wrong: Callable[[str], Exception]) -> list[Point]:
    items = matrix.get(key) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise wrong(f'"{key}" must be a list of mappings')
    return [item for item in items if isinstance(item, dict)]


def _contains(value: Value, wanted: Value) -> bool:
    """Whether every leaf of `wanted` equals, by the language's loose `==`, the one at the same place in `value`."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(key in value and _contains(value[key], v) for key, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(value, list) and len(value) == len(wanted) and all(map(_contains, value, wanted))
    return bool(evaluate("a == b", {"a": value, "b": wanted}))


def _name(job: Job, point: Point, shown: tuple[Value, ...], contexts: Contexts, functions: Functions) -> str:
    if job.name is not None:
        strategy: Value = {}
        own = fill_text(job.name, {**contexts, "matrix": point, "strategy": strategy}, functions)
        if "${{" in job.name.text and "matrix" in job.name.text:
            return own
        base = own
    else:
        base = job.id
    leaves = [_text(leaf) for value in shown for leaf in _leaves(value)]
    if not leaves:
        return base
    name = f"{base} ({', '.join(leaves)})"
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 3] + "..."


def _leaves(value: Value) -> list[Value]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _text(value: Value) -> str:
    return str(evaluate("format('{0}', v)", {"v": value}))


def _kind(value: Value) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", bool: "a boolean", type(None): "empty"}
    return names.get(type(value), "a number")


def _position(node: Node | None, job: Job) -> Position:
    if isinstance(node, MapNode) and node.entries:
        return node.entries[0][0].position
    return node.position if node is not None else job.position


def _wrong(job: Job, message: str, hint: str = "") -> WorkflowInvalid:
    return WorkflowInvalid(Problem("matrix", message, _position(job.matrix, job), hint=hint))
