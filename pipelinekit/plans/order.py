"""Jobs in an order in which each comes after what it needs, else as written; and what a choice of jobs brings along."""

import difflib
from collections.abc import Iterable

from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.workflow import Job, Workflow


def order(workflow: Workflow, chosen: Iterable[str] = ()) -> tuple[Job, ...]:
    """All jobs, or the chosen ones and all that they need. Raises WorkflowInvalid for a job that is not there, or a circle."""
    by_id = {job.id: job for job in workflow.jobs}
    wanted = list(chosen) or list(by_id)
    for name in wanted:
        if name not in by_id:
            raise _no_such_job(name, by_id)
    done: dict[str, Job] = {}
    keep = _with_needs(wanted, by_id)

    def visit(job: Job, above: tuple[str, ...]) -> None:
        if job.id in above:
            circle = " -> ".join((*above[above.index(job.id) :], job.id))
            raise WorkflowInvalid(Problem("needs", f"jobs need each other in a circle: {circle}", job.position))
        if job.id not in done:
            for need in job.needs:
                if need.text in by_id:
                    visit(by_id[need.text], (*above, job.id))
            done[job.id] = job

    for job in workflow.jobs:
        if job.id in keep:
            visit(job, ())
    return tuple(done.values())


def _with_needs(wanted: Iterable[str], by_id: dict[str, Job]) -> set[str]:
    keep: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name in by_id and name not in keep:
            keep.add(name)
            waiting += [need.text for need in by_id[name].needs]
    return keep


def _no_such_job(name: str, by_id: dict[str, Job]) -> WorkflowInvalid:
    close = difflib.get_close_matches(name, by_id, 1)
    guess = f'did you mean "{close[0]}"? ' if close else ""
    jobs = ", ".join(f'"{job}"' for job in by_id)
    return WorkflowInvalid(Problem("job", f'no job has the id "{name}"', hint=f"{guess}jobs here: {jobs}"))
