"""What a called workflow may do: never more than the job that calls it."""

from collections.abc import Iterator

from pipelinekit.model.node import MapNode, Node, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem
from pipelinekit.model.workflow import Job, Workflow
from pipelinekit.workflows.keys import PERMISSIONS

_LEVELS = ("none", "read", "write")


def permission_problems(job: Job, caller: Workflow, called: Workflow) -> list[Problem]:
    """Where `called` or a job in it asks for more than `job` of `caller` may have.

    Nothing is said where the caller states no permissions: they are then a setting of the repository.
    """
    stated = job.permissions or caller.permissions
    if stated is None or job.uses is None:
        return []
    allowed = _granted(stated)
    asking = [("the called workflow", called.permissions)]
    asking += [(f'its job "{inner.name or inner.id}"', inner.permissions) for inner in called.jobs]
    return [problem for who, node in asking if node for problem in _excess(job.position, job.id, who, _granted(node), allowed)]


def _granted(node: Node) -> dict[str, str]:
    """The level of every permission; what a mapping does not name is `none`."""
    if isinstance(node, Scalar):
        return dict.fromkeys(PERMISSIONS, node.text.removesuffix("-all"))
    entries = node.entries if isinstance(node, MapNode) else ()
    return dict.fromkeys(PERMISSIONS, "none") | {key.text: value.text for key, value in entries if isinstance(value, Scalar)}


def _excess(place: Position, job: str, who: str, wanted: dict[str, str], allowed: dict[str, str]) -> Iterator[Problem]:
    over = [name for name, level in wanted.items() if _LEVELS.index(level) > _LEVELS.index(allowed[name])]
    if over:
        asked = ", ".join(f"{name}: {wanted[name]}" for name in over)
        given = ", ".join(f"{name}: {allowed[name]}" for name in over)
        message = f'{who} asks for "{asked}", but "{job}" may only have "{given}"'
        hint = 'give the calling job the "permissions", or ask for less there'
        yield Problem("call", message, place, hint=hint, length=len(job))
