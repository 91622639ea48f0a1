"""Expressions that ask `needs` for a job that is not needed."""

from collections.abc import Iterator

from pipelinekit.checks.references import references
from pipelinekit.model.problem import Problem, Severity
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.source import Source
from pipelinekit.workflows.suggest import suggestion


def need_reference(workflow: Workflow) -> Iterator[Problem]:
    """An expression that asks `needs` for a job which this job does not need: the answer is always empty.

    Only the jobs listed in a job's own `needs` are in its `needs` context, not those that they need in turn:

        deploy:
          needs: test
          if: needs.build.outputs.changed == 'true'   # "build" must be listed too
    """
    source = Source(workflow.source)
    jobs = [job.id for job in workflow.jobs]
    for job in workflow.jobs:
        needed = {need.text.upper() for need in job.needs}
        for reference in references(job.node, "needs", source):
            if reference.name.upper() in needed:
                continue
            hint = suggestion(reference.name, [need.text for need in job.needs], "needed here")
            if reference.name.upper() in (name.upper() for name in jobs):
                hint = f"add it: needs: [{', '.join([*(need.text for need in job.needs), reference.name])}]"
            yield Problem(
                "need-reference",
                f'"{job.id}" does not need "{reference.name}", so this is always empty',
                reference.position,
                Severity.WARNING,
                hint,
                len("needs.") + len(reference.name),
            )
