"""A `run:` step: its script in a file, run by GitHub's own command line."""

from pipelinekit.executors.base import Command, CommandResult
from pipelinekit.expressions.tree import fill_text
from pipelinekit.model.node import Scalar
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.workflow import Job
from pipelinekit.runs.at_work import AtWork, Ended
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.shells import Shell, ShellInvalid, script_text, shell


def perform(work: AtWork) -> Ended:
    """Raises WorkflowInvalid where an expression or the shell is wrong."""
    functions = work.scope.functions()
    text = fill_text(work.step.run, work.contexts, functions)
    directory = fill_text(work.step.working_directory or usual_directory(work.job, work.scope), work.contexts, functions)
    shell_name, interpreter = _interpreter(work)
    work.start(text, interpreter.line)
    work.log.say(*(f"$ {line}" for line in text.rstrip("\n").split("\n")))
    command = Command(
        interpreter.argv(work.files.script(script_text(shell_name, text), interpreter.extension)),
        work.environment(),
        directory,
        work.seconds_left(),
    )
    return _ended(work, work.place.perform(command, work.log.lines), command)


def usual_directory(job: Job, scope: Scope) -> Scalar | None:
    """`defaults.run` of the job or the workflow, which does not reach into actions."""
    return None if scope.inside else job.default_directory or scope.request.plan.workflow.default_directory


def _interpreter(work: AtWork) -> tuple[str, Shell]:
    usual = None if work.scope.inside else work.job.default_shell or work.scope.request.plan.workflow.default_shell
    node = work.step.shell or usual
    name = fill_text(node, work.contexts, work.scope.functions())
    try:
        return name, shell(name, in_container=work.job.container is not None)
    except ShellInvalid as wrong:
        position = node.position if node else work.step.position
        raise WorkflowInvalid(Problem("shell", str(wrong), position)) from wrong


def _ended(work: AtWork, result: CommandResult, command: Command) -> Ended:
    if result.stopped:
        work.log.say("Error: The operation was canceled.")
        return Ended(Outcome.CANCELLED, result.exit_code, "the operation was canceled")
    if result.timed_out and work.parent is not None:  # the time was that of the step around it
        return work.fail("The action has timed out.", result.exit_code)
    if result.timed_out:
        minutes = (command.timeout_seconds or 0) / 60
        return work.fail(f"The action '{work.name}' has timed out after {minutes:g} minutes.", result.exit_code)
    if result.exit_code:
        work.fail(f"Process completed with exit code {result.exit_code}.")
        return Ended(Outcome.FAILURE, result.exit_code)
    return Ended(Outcome.SUCCESS, 0)
