"""A `run:` step: its script in a file, run by GitHub's own command line."""

from pipelinekit.executors.base import Command, CommandResult
from pipelinekit.expressions.tree import fill_node, fill_text
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.runs.at_work import AtWork, Ended
from pipelinekit.runs.shells import Shell, ShellInvalid, script_text, shell


def perform(work: AtWork) -> Ended:
    """Raises WorkflowInvalid where an expression or the shell is wrong."""
    functions = work.scope.functions()
    text = fill_text(work.step.run, work.contexts, functions)
    workflow = work.scope.request.plan.workflow
    folder = work.step.working_directory or work.job.default_directory or workflow.default_directory
    directory = fill_text(folder, work.contexts, functions)
    shell_name, interpreter = _interpreter(work)
    work.start(text, interpreter.line)
    work.log.say(*(f"$ {line}" for line in text.rstrip("\n").split("\n")))
    command = Command(
        interpreter.argv(work.files.script(script_text(shell_name, text), interpreter.extension)),
        work.environment(),
        directory,
        _timeout_seconds(work),
    )
    return _ended(work, work.place.perform(command, work.log.lines), command)


def _interpreter(work: AtWork) -> tuple[str, Shell]:
    node = work.step.shell or work.job.default_shell or work.scope.request.plan.workflow.default_shell
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
    if result.timed_out:
        minutes = (command.timeout_seconds or 0) / 60
        return work.fail(f"The action '{work.name}' has timed out after {minutes:g} minutes.", result.exit_code)
    if result.exit_code:
        work.fail(f"Process completed with exit code {result.exit_code}.")
        return Ended(Outcome.FAILURE, result.exit_code)
    return Ended(Outcome.SUCCESS, 0)


def _timeout_seconds(work: AtWork) -> float | None:
    """The step's own `timeout-minutes`, or what the job has left. A wrong expression is told, and has no effect."""
    left = work.limit()
    if work.step.timeout_minutes is None:
        return left
    try:
        minutes = fill_node(work.step.timeout_minutes, work.contexts, work.scope.functions())
        own = float(str(minutes)) * 60
    except (WorkflowInvalid, ValueError) as wrong:
        work.log.annotate(Severity.ERROR, f"timeout-minutes can't be evaluated: {wrong}")
        return left
    return own if left is None else min(own, left)
