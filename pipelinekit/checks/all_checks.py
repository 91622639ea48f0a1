"""Every check: the name of its rule, and the function that finds what goes against it."""

from collections.abc import Callable, Iterator

from pipelinekit.checks.always_true import always_true
from pipelinekit.checks.deprecated_command import deprecated_command
from pipelinekit.checks.need_reference import need_reference
from pipelinekit.checks.step_reference import step_reference
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Problems
from pipelinekit.model.workflow import Workflow

Check = Callable[[Workflow], Iterator[Problem]]

ALL_CHECKS: dict[str, Check] = {
    "always-true": always_true,
    "deprecated-command": deprecated_command,
    "need-reference": need_reference,
    "step-reference": step_reference,
}


def check(workflow: Workflow) -> Problems:
    """What the checks have to say about a workflow that was read, in the order of the places."""
    found = [problem for rule in ALL_CHECKS.values() for problem in rule(workflow)]
    return Problems(sorted(found, key=lambda problem: problem.position or Position(workflow.path, 0, 0)))
