"""A `uses:` step that a folder with a composite action stands for: the action's steps come one after another, as steps of that one.

Source: actions/runner, `CompositeActionHandler` and `ActionRunner`.
"""

import itertools
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from pipelinekit.executors.base import Command
from pipelinekit.expressions.tree import fill_text, fill_texts
from pipelinekit.model.action import Action
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Problem, Severity, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.workflow import Step
from pipelinekit.runs.action_inputs import action_inputs
from pipelinekit.runs.at_work import AtWork, Ended, told
from pipelinekit.runs.folders import DOCKERFILES, MOST_LEVELS, ActionFolder, laid
from pipelinekit.runs.scope import Inside, Scope
from pipelinekit.workflows.read_action import ACTION_FILES

Limit = Callable[[], float | None]


class Steps(Protocol):
    """Who runs the steps of an action."""

    def run_next(self, step: Step) -> Outcome:
        """As the leg's next step; its conclusion. Raises SurroundingsMissing."""


@dataclass(frozen=True, slots=True)
class _There:
    """An action, and its folder as its steps see it. action: None where there is none, and why."""

    action: Action | None
    path: str
    why: str = ""


def perform(work: AtWork, folder: ActionFolder, within: Callable[[Scope, Limit], Steps]) -> Ended:
    """within: gives who runs steps in a scope. Raises WorkflowInvalid where the action or what it is given is wrong."""
    there = _in_workspace(work, folder) if folder.in_workspace else _on_this_machine(work, folder)
    given = fill_texts(work.step.inputs, work.contexts, work.scope.functions())
    work.start()
    depth = work.scope.inside.depth + 1 if work.scope.inside else 1
    if there.action is None:
        return work.fail(there.why)
    if depth > MOST_LEVELS:
        return work.fail(f"Composite action depth exceeded max depth {MOST_LEVELS}")
    seconds = work.seconds_left()
    ends_at = None if seconds is None else work.scope.request.now() + seconds
    try:
        scope = work.scope.within(_inside(work, folder, there.action, there.path, given, depth))
    except WorkflowInvalid as wrong:
        return work.fail(told(wrong))
    if not folder.in_workspace:
        _lay(work, folder, there.path)
    steps, posts = within(scope, _limit(work, ends_at)), len(work.posts)
    for step in there.action.steps:
        steps.run_next(step)
    work.posts[posts:] = [replace(post, owner=work.step) for post in work.posts[posts:]]
    return _ended(work, there.action, scope, seconds if ends_at is not None and work.scope.request.now() >= ends_at else None)


def _in_workspace(work: AtWork, folder: ActionFolder) -> _There:
    """As checkout, or whatever came since, has left it there. Raises WorkflowInvalid."""
    path = posixpath.normpath(posixpath.join(work.place.workspace, folder.uses))
    for name in ACTION_FILES:
        if (content := _read(work, f"{path}/{name}")) is not None:
            action, problems = work.scope.request.actions.read(posixpath.normpath(f"{folder.uses}/{name}"), content)
            if action is None:
                raise WorkflowInvalid(*(problem for problem in problems if problem.severity is Severity.ERROR))
            return _composite(action, path, folder.uses)
    if any(_read(work, f"{path}/{name}") is not None for name in DOCKERFILES):
        return _There(None, path, f'"{folder.uses}" is a Docker action, which can\'t run here yet')
    missing = (
        f"Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '{path}'. "
        "Did you forget to run actions/checkout before running your local action?"
    )
    return _There(None, path, missing)


def _read(work: AtWork, path: str) -> bytes | None:
    try:
        return work.place.read(path)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def _on_this_machine(work: AtWork, folder: ActionFolder) -> _There:
    """As it was when the run began. Raises WorkflowInvalid."""
    found = work.scope.request.actions.find(folder)
    path = _path(work, folder)
    if found.problems and found.action is None:
        raise WorkflowInvalid(*found.problems)
    if found.action is None:
        position = work.step.uses.position if work.step.uses else None
        raise WorkflowInvalid(Problem("actions", f'the folder "{folder.path}" holds no action that can run here', position))
    return _composite(found.action, path, folder.uses)


def _composite(action: Action, path: str, uses: str) -> _There:
    if action.is_composite:
        return _There(action, path)
    return _There(None, path, f'"{uses}" is an action of the kind "{action.using.text}", which can\'t run here yet')


def _path(work: AtWork, folder: ActionFolder) -> str:
    """Where it lies in the place, below a folder out of which no name leads; another action of the same name has a number."""
    known = work.scope.laid
    if (path := known.get((folder.path, folder.uses))) is not None:
        return path
    segments = re.sub(r"[^A-Za-z0-9._@/-]", "-", folder.uses.replace("$/", "beside/")).split("/")
    name = "/".join(segment if segment.strip(".") else "-" for segment in segments)
    names = (f"{work.place.temp}/_actions/{name}{f'-{number}' if number > 1 else ''}" for number in itertools.count(1))
    return next(free for free in names if free not in known.values())


def _lay(work: AtWork, folder: ActionFolder, path: str) -> None:
    """Its files into the place, once for a leg. Raises SurroundingsMissing."""
    known = work.scope.laid
    if (folder.path, folder.uses) in known:
        return
    if work.scope.request.attempt > 1:  # the place may be one that was kept, with what was laid there then
        work.place.perform(Command(("rm", "-rf", "--", path), moves=True), work.log.lines)
    try:
        for name, file in laid(folder.path):
            work.place.send(file, f"{path}/{name}")
    except OSError as error:
        details = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise SurroundingsMissing(f'the action in {folder.path} can\'t be copied into a place', details) from error
    known[folder.path, folder.uses] = path


def _inside(
    work: AtWork, folder: ActionFolder, action: Action, path: str, given: Mapping[str, str], depth: int
) -> Inside:
    """Raises WorkflowInvalid."""
    around = work.scope.inside
    _warn(work, action, given)
    return Inside(
        inputs=action_inputs(action, given, work.contexts, work.scope.functions()),
        environment={**(around.environment if around else {}), **work.own},
        id=around.id if around else work.step.id,
        path=path,
        root=folder.root,
        depth=depth,
        job_status=work.scope.status,
    )


def _warn(work: AtWork, action: Action, given: Mapping[str, str]) -> None:
    known, names = {one.name.lower() for one in action.inputs}, {name.lower() for name in given}
    for one in action.inputs:
        if one.deprecated and one.name.lower() in names:
            work.log.annotate(Severity.WARNING, f"Input '{one.name}' has been deprecated with message: {one.deprecated}")
    work.warn_unexpected([name for name in given if name.lower() not in known], [one.name for one in action.inputs])


def _limit(work: AtWork, ends_at: float | None) -> Limit:
    now = work.scope.request.now
    return lambda: None if ends_at is None else max(0.1, ends_at - now())


def _ended(work: AtWork, action: Action, scope: Scope, took: float | None) -> Ended:
    """What its steps came to, and its outputs, which count even where it failed. took: the seconds it had, where they are up."""
    ended = Ended(scope.outcome)
    if scope.outcome is Outcome.FAILURE and took is not None:
        ended.reason = f"The action '{work.name}' has timed out after {took / 60:.3g} minutes."
    elif scope.outcome is Outcome.CANCELLED:
        ended.reason = "the operation was canceled"
    # `env` is as it was when the action began: what its steps have set since is not seen here.
    contexts = {**scope.contexts(), "env": work.contexts["env"]}
    try:
        ended.outputs = {
            one.name: fill_text(one.value, contexts, {}) for one in action.outputs if one.value is not None
        }
    except WorkflowInvalid as wrong:
        failed = work.fail(told(wrong))
        ended.outcome, ended.reason = failed.outcome, failed.reason
    return ended
