"""A command of a person's where a step ran or would run: with its environment, in its folder."""

from pipelinekit.executors.base import Command
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.tree import fill_text, fill_texts
from pipelinekit.model.node import Value
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.model.workflow import Job, Step
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.script import usual_directory
from pipelinekit.runs.step_files import StepFiles


def inside(step: Step | None, index: int, job: Job, scope: Scope, argv: tuple[str, ...]) -> Command:
    """As if the step with this index came now: what was set meanwhile counts too.

    Without a step, or where its `env` or its folder can't be evaluated, the job's environment, in the workspace.
    """
    if step is None or scope.place is None:
        return Command(argv, scope.complete_environment({}))
    files: dict[str, Value] = StepFiles(scope.place, index).github()
    functions, folder = scope.functions(), step.working_directory or usual_directory(job, scope)
    try:
        own = fill_texts(step.env, scope.contexts(None, action=step.id, **files), functions)
        directory = fill_text(folder, scope.contexts({**scope.environment(), **own}, action=step.id, **files), functions)
    except (WorkflowInvalid, ExpressionError):
        return Command(argv, scope.complete_environment({}))
    return Command(argv, scope.complete_environment(own, action=step.id, **files), directory)
