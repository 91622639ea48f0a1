"""What jobs need: names that no job has, and jobs that wait for each other."""

from collections.abc import Sequence

from pipelinekit.model.node import MapNode, Scalar
from pipelinekit.model.problem import Problem
from pipelinekit.model.workflow import Job
from pipelinekit.workflows.suggest import suggestion


def needs_problems(jobs: Sequence[Job], node: MapNode) -> list[Problem]:
    """jobs: in the order written. node: the mapping that they stand in."""
    ids = [job.id for job in jobs]
    unknown = [_unknown(need, ids) for job in jobs for need in job.needs if need.text not in ids]
    circles = _circles(jobs)
    if circles and all(job.needs for job in jobs) and not unknown:
        first = circles[0]
        return [
            Problem(
                "needs",
                f"no job can start, since all need others: {_told(first)}",
                node.position,
                hint="take one of these needs away",
                length=len(jobs[0].id),
                related=tuple((need.position, f'"{job.id}" needs "{need.text}"') for job, need in first),
            )
        ]
    return unknown + [_circular(circle) for circle in circles]


def _unknown(need: Scalar, ids: Sequence[str]) -> Problem:
    hint = suggestion(need.text, ids, "jobs here")
    return Problem("needs", f'no job has the id "{need.text}"', need.position, hint=hint, length=max(1, len(need.text)))


Circle = tuple[tuple[Job, Scalar], ...]  # each job with the need that leads on to the next; the last leads to the first


def _circular(circle: Circle) -> Problem:
    (job, need), *others = circle
    message = f'"{job.id}" needs itself' if not others else f"these jobs wait for each other: {_told(circle)}"
    return Problem(
        "needs",
        message,
        need.position,
        hint="take one of these needs away",
        length=max(1, len(need.text)),
        related=tuple((need.position, f'"{job.id}" needs "{need.text}"') for job, need in others),
    )


def _told(circle: Circle) -> str:
    return ", ".join(f'"{job.id}" needs "{need.text}"' for job, need in circle)


def _circles(jobs: Sequence[Job]) -> list[Circle]:
    """The circles that a walk along the needs runs into, depth first in the order written."""
    by_id = {job.id: job for job in jobs}
    left = {name: list(job.needs) for name, job in by_id.items()}  # the first is the one being followed
    circles: list[Circle] = []
    for start in by_id:
        path = [start]
        while path:
            name = path[-1]
            if not left[name]:
                path.pop()
                if path:
                    left[path[-1]].pop(0)
                continue
            target = left[name][0].text
            if target in path:
                circles.append(tuple((by_id[step], left[step][0]) for step in path[path.index(target) :]))
            if target in path or not left.get(target):
                left[name].pop(0)
            else:
                path.append(target)
    return circles
