"""Whether a job would still do what it did: its definition then and now, and what it waits for."""

import json
from collections.abc import Mapping, Sequence

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar, plain
from pipelinekit.workflows.comments import inputs_comments
from pipelinekit.workflows.yaml_tree import compose

_AROUND = ("env", "defaults")  # of the workflow: they change what every job does


def definitions(text: str) -> dict[str, str]:
    """Id of a job to what it is, in a form that can be compared. text: of a workflow, which need not be whole yet.

    Comments, blanks and the order of other jobs are no part of it; the one comment that says what a job reads is.
    """
    workflow, _ = compose(text, "")
    around = {key.text: plain(value) for key, value in _entries(workflow) if key.text in _AROUND}
    jobs = _jobs(workflow)
    reads: dict[str, str] = {}
    for job, _, words in inputs_comments(text, [(job.text, job.position.line) for job, _ in jobs]):
        reads[job] = reads.get(job, "") + words
    return {job.text: json.dumps([plain(node), around, reads.get(job.text)]) for job, node in jobs}


def needs(workflow: Node | None) -> dict[str, tuple[str, ...]]:
    """Id of a job to the ids of those that it needs, in the order written."""
    return {job.text: _needed(node.get("needs")) if isinstance(node, MapNode) else () for job, node in _jobs(workflow)}


def stale(now: Mapping[str, str], ran: Mapping[str, str], needed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The jobs that have run and would come out of something else now, by their own definition or one that they build on."""
    changed = [job for job in {**ran, **now} if ran.get(job) != now.get(job)]
    found = set().union(*(downstream(job, needed) for job in changed))
    return tuple(job for job in now if job in found and job in ran)


def downstream(job: str, needed: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The job, and all that build on it."""
    found = {job}
    while more := {one for one, needs_ in needed.items() if found & set(needs_)} - found:
        found |= more
    return found


def _jobs(workflow: Node | None) -> list[tuple[Scalar, Node]]:
    return [entry for key, jobs in _entries(workflow) if key.text == "jobs" for entry in _entries(jobs)]


def _entries(node: Node | None) -> Sequence[tuple[Scalar, Node]]:
    return node.entries if isinstance(node, MapNode) else ()


def _needed(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, ListNode) else (node,)
    return tuple(item.text for item in items if isinstance(item, Scalar))
