"""How a plan and a workflow look in plain text."""

from pipelinekit.model.plan import Plan
from pipelinekit.model.workflow import Workflow


def plan_text(plan: Plan) -> str:
    """A job a line, what it needs beside it, its legs below; then the notes."""
    lines = [f"{plan.workflow.title} on {plan.trigger.event} of {plan.trigger.ref_name}", ""]
    for planned in plan.jobs:
        lines.append(_job(planned.job.id, planned.needs, planned.job.condition.text if planned.job.condition else ""))
        if planned.legs is None:
            lines.append("  legs: known when what it needs has ended")
        elif planned.legs[0].matrix or len(planned.legs) > 1:
            lines += [f"  {leg.name}" for leg in planned.legs]
    if plan.notes:
        lines += ["", *(f"note: {note.message}" for note in plan.notes)]
    return "\n".join(lines) + "\n"


def workflow_text(workflow: Workflow) -> str:
    """What starts it, then a job a line with what it needs, as it is written."""
    lines = [f"{workflow.title} ({workflow.path}), on {', '.join(on.event for on in workflow.on)}", ""]
    for job in workflow.jobs:
        needs = tuple(need.text for need in job.needs)
        lines.append(_job(job.id, needs, job.condition.text if job.condition else ""))
    return "\n".join(lines) + "\n"


def _job(job: str, needs: tuple[str, ...], condition: str) -> str:
    return job + (f"  <- {', '.join(needs)}" if needs else "") + (f"  if {condition.strip()}" if condition else "")
