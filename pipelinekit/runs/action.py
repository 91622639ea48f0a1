"""A `uses:` step: the folder or the shim that stands for the action, and what it leaves to do at the end."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pipelinekit.actions.all_actions import shim_for
from pipelinekit.actions.base import ActionCall, ActionFailed, Shim
from pipelinekit.executors.base import Command, CommandResult
from pipelinekit.expressions.tree import fill_texts
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.runs import composite
from pipelinekit.runs.at_work import AtWork, Ended, Post
from pipelinekit.runs.scope import Scope


def perform(work: AtWork, within: Callable[[Scope, composite.Limit], composite.Steps]) -> Ended:
    """within: gives who runs the steps of a composite action.

    Raises WorkflowInvalid where an expression is wrong, or nothing stands for the action.
    """
    uses = work.step.uses.text if work.step.uses else ""
    inside = work.scope.inside
    folder = work.scope.request.actions.folder(uses, inside.root if inside else None)
    if folder is not None:
        return composite.perform(work, folder, within)
    shim = shim_for(uses)
    if shim is None:
        raise WorkflowInvalid(Problem("uses", f'the action "{uses}" can\'t run here', work.step.position))
    given = fill_texts(work.step.inputs, work.contexts, work.scope.functions())
    work.start()
    inputs = _inputs(work, shim, {key.lower(): value for key, value in given.items()})
    environment = work.environment()
    try:
        missing = [key for key, known in shim.inputs.items() if known.required and not inputs[key]]
        if missing:
            raise ActionFailed(f"Input required and not supplied: {missing[0]}")
        result = shim.main(_call(work, environment, inputs))
    except ActionFailed as failed:
        ended = work.fail(str(failed))
        if work.scope.status() is Outcome.CANCELLED:
            ended.outcome = Outcome.CANCELLED
        return ended
    work.scope.set_environment |= result.environment
    for added in result.path:
        work.scope.add_path(added)
    if result.post is not None:
        work.posts.append(Post(work.step, work.index, work.step, shim, result.post, inputs, environment))
    return Ended(Outcome.SUCCESS, outputs=dict(result.outputs))


def perform_post(work: AtWork, post: Post) -> Ended:
    """What an action left to do."""
    try:
        post.work(_call(work, post.environment, post.inputs))
    except ActionFailed as failed:
        return work.fail(str(failed))
    return Ended(Outcome.SUCCESS)


def _inputs(work: AtWork, shim: Shim, given: Mapping[str, str]) -> dict[str, str]:
    work.warn_unexpected([key for key in given if key not in shim.inputs], shim.inputs)
    return {key: given.get(key, known.default) for key, known in shim.inputs.items()}


def _call(work: AtWork, environment: Mapping[str, str], inputs: Mapping[str, str]) -> ActionCall:
    def run(command: Command) -> CommandResult:
        timeout = work.limit() if command.timeout_seconds is None else command.timeout_seconds
        laid = replace(command, environment={**environment, **command.environment}, timeout_seconds=timeout)
        return work.place.perform(laid, work.log.lines)

    request = work.scope.request
    return ActionCall(
        leg=work.scope.leg.name,
        step=work.index,
        uses=work.step.uses.text if work.step.uses else "",
        inputs=inputs,
        github=work.scope.github(action=work.step.id, **work.files.github()),
        environment=environment,
        place=work.place,
        snapshot=request.snapshot,
        blobs=request.blobs,
        caches=request.caches,
        artifacts=work.artifacts,
        job_outcome=work.scope.status(),
        now=request.now,
        say=lambda line: work.log.lines(line.split("\n")),
        emit=work.emit,
        run=run,
    )
