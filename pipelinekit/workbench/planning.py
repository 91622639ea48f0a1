"""From a file's name, or a workflow that stands in none, to a plan: read, checked, and refused where something can't run yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from pipelinekit.model.node import MapNode, Scalar, Value, plain
from pipelinekit.model.plan import Plan
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.model.trigger import Trigger
from pipelinekit.model.workflow import Workflow
from pipelinekit.plans.plan import chosen, make_plan
from pipelinekit.plans.triggers import usual_event
from pipelinekit.runs import contexts
from pipelinekit.runs.folders import Actions
from pipelinekit.runs.refuse import refused, without_effect
from pipelinekit.workbench.settings import Settings, place_of, read_settings
from pipelinekit.workflows.comments import declared_inputs
from pipelinekit.workflows.find import find, read_shown
from pipelinekit.workflows.read import read
from pipelinekit.workspaces.repository import RepositoryFacts, facts, repository_top


@runtime_checkable
class Edited(Protocol):
    """A workflow that stands in no file and may still change, as the stages of a notebook."""

    @property
    def path(self) -> str:
        """As people call it."""

    def text(self) -> str:
        """As it is now. Raises WorkflowInvalid."""

    def told(self, wrong: WorkflowInvalid) -> WorkflowInvalid:
        """The same, with places that its author knows in place of those in the text."""


Asked = str | Path | Workflow | Edited | None  # what a person may say for a workflow


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. file: a path, a name in `.github/workflows`, or None for the only one there is.

    event: None for the usual one. jobs: with what they need. matrix: key to the values wanted. payload: of the event.
    text: of a workflow that stands in no file; `file` is then how people call it. edited: where that may still change.
    """

    file: str | None = None
    event: str | None = None
    jobs: tuple[str, ...] = ()
    matrix: Mapping[str, Sequence[str]] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    payload: Mapping[str, Value] = field(default_factory=dict)
    text: str | None = None
    edited: Edited | None = field(default=None, repr=False, compare=False)

    def of(self, asked: Asked) -> "Wish":
        """The same of this workflow: of a file, of one that was read or built, or of one that is still edited.

        Raises WorkflowInvalid for what is none of them.
        """
        match asked:
            case None | str() | Path():
                return replace(self, file=None if asked is None else str(asked), text=None, edited=None)
            case Workflow():
                return replace(self, file=asked.path, text=asked.source, edited=None)
            case Edited():
                return replace(self, file=asked.path, text=None, edited=asked)
            case _:
                what = f"a workflow is the name of a file, or what pk.workflow gives, and no {type(asked).__name__}"
                raise WorkflowInvalid(Problem("workflow", what))


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and how it was made. top: of the repository. actions: what stands for them. wish: with the event that was taken."""

    plan: Plan
    top: Path
    settings: Settings
    actions: Actions
    wish: Wish


def make(wish: Wish, directory: Path, environment: Mapping[str, str]) -> Planned:
    """directory: where the person stands. environment: what git finds (PATH, HOME).

    Raises WorkflowInvalid with everything that is wrong, in order of place; nothing has begun then.
    """
    try:
        return _made(wish, directory, environment)
    except WorkflowInvalid as wrong:
        if wish.edited is not None:
            raise wish.edited.told(wrong) from wrong
        if wish.text is not None:
            wrong.sources = {wish.file or "": wish.text}
        raise


def _made(wish: Wish, directory: Path, environment: Mapping[str, str]) -> Planned:
    if not directory.is_dir():
        raise WorkflowInvalid(Problem("directory", f'there is no folder "{directory}"'))
    wish, workflow, folder = _read(wish, directory)
    top = repository_top(folder)
    settings = read_settings(top)
    settings = replace(settings, inputs={**settings.inputs, **declared_inputs(workflow)})
    trigger = make_trigger(workflow, facts(top, environment), wish)
    github = contexts.github(workflow, trigger)
    if wish.matrix:
        _check_matrix(wish.matrix, make_plan(workflow, trigger, github, jobs=wish.jobs))
    plan = make_plan(workflow, trigger, github, jobs=wish.jobs, matrix=wish.matrix, variables=wish.variables)
    actions = Actions(top, settings.actions, directory, lambda row: place_of(top, directory, "actions", row))
    impossible = refused(plan, actions)
    if impossible:
        raise WorkflowInvalid(*impossible)
    plan = replace(plan, notes=(*plan.notes, *without_effect(plan)))
    return Planned(plan, top, settings, actions, replace(wish, event=trigger.event))


def _read(wish: Wish, directory: Path) -> tuple[Wish, Workflow, Path]:
    """The wish with what was found or is there now; the workflow; a folder in its repository. Raises WorkflowInvalid."""
    if wish.edited is not None:
        wish = replace(wish, text=wish.edited.text())
    if wish.text is None:
        path = find(directory, wish.file)
        wish = replace(wish, file=str(path))
        folder = path.parent if path.is_absolute() else directory / path.parent
        workflow, problems = read_shown(directory, path)
    else:
        folder = directory
        workflow, problems = read(wish.file or "workflow.yml", wish.text)
    if workflow is None:
        raise WorkflowInvalid(*(problem for problem in problems if problem.severity is Severity.ERROR))
    return wish, workflow, folder


def _check_matrix(wanted: Mapping[str, Sequence[str]], plan: Plan) -> None:
    """Raises WorkflowInvalid for a key or a value that no leg has; not where a matrix is known only later."""
    if any(planned.legs is None for planned in plan.jobs):
        return
    for key, values in wanted.items():
        legs = [leg for leg in plan.legs if key in leg.matrix]
        if not legs:
            hint = f"keys here: {', '.join(dict.fromkeys(key for leg in plan.legs for key in leg.matrix)) or 'none'}"
            raise WorkflowInvalid(Problem("matrix", f'no matrix has the key "{key}"', hint=hint))
        for value in values:
            if not any(chosen(leg, {key: (value,)}) for leg in legs):
                hint = f"values here: {', '.join(dict.fromkeys(str(leg.matrix[key]) for leg in legs))}"
                raise WorkflowInvalid(Problem("matrix", f'no leg matches "{key}:{value}"', hint=hint))


def make_trigger(workflow: Workflow, repository: RepositoryFacts, wish: Wish) -> Trigger:
    """What happens in the repository as it is: a push of what is checked out, or the wished event on it."""
    event = wish.event or usual_event(workflow)
    events = [on.event for on in workflow.on]
    if event not in events:
        hint = f"what does: {', '.join(events)}"
        raise WorkflowInvalid(Problem("event", f'"{event}" does not start {workflow.path}', hint=hint))
    pull_request = event in ("pull_request", "pull_request_target")
    return Trigger(
        event=event,
        ref="refs/pull/1/merge" if pull_request else repository.ref,
        commit=repository.commit,
        before=repository.parent,
        tree=repository.tree,
        dirty=repository.dirty,
        repository=repository.repository,
        default_branch=repository.default_branch,
        actor=repository.author or "local",
        subject=repository.subject,
        base_ref=repository.default_branch if pull_request else "",
        head_ref=repository.ref.removeprefix("refs/heads/") if pull_request else "",
        payload=dict(wish.payload),
        inputs=_inputs(workflow, event, wish.inputs),
        changed_files=repository.changed_files,
    )


def _inputs(workflow: Workflow, event: str, given: Mapping[str, str]) -> dict[str, Value]:
    """The inputs of a dispatch, coerced to the types that the workflow declares. Raises WorkflowInvalid."""
    on = next((on for on in workflow.on if on.event == event), None)
    declared = on.filters.get("inputs") if on is not None and isinstance(on.filters, MapNode) else None
    entries = declared.entries if isinstance(declared, MapNode) else ()
    known = {key.text: plain(node) for key, node in entries}
    for name in given:
        if name not in known:
            listed = ", ".join(f'"{key}"' for key in known) or "none"
            raise WorkflowInvalid(Problem("input", f'"{event}" has no input "{name}"', hint=f"inputs here: {listed}"))
    return {key.text: _input(key, known[key.text], given.get(key.text)) for key, _ in entries}


def _input(key: Scalar, declared: Value, given: str | None) -> Value:
    about = declared if isinstance(declared, dict) else {}
    kind, value = about.get("type", "string"), about.get("default") if given is None else given
    if value is None and about.get("required") is True:
        hint = f"--input {key.text}=VALUE"
        raise WorkflowInvalid(Problem("input", f'the input "{key.text}" is required', key.position, hint=hint))
    if kind == "boolean":
        if str(value).lower() not in ("true", "false", "none"):
            raise WorkflowInvalid(Problem("input", f'the input "{key.text}" must be true or false, not "{value}"', key.position))
        return str(value).lower() == "true"
    if kind == "number":
        try:
            return float(str(value)) if value is not None else 0
        except ValueError as wrong:
            message = f'the input "{key.text}" must be a number, not "{value}"'
            raise WorkflowInvalid(Problem("input", message, key.position)) from wrong
    options = about.get("options")
    if kind == "choice" and isinstance(options, list) and value is not None and value not in options:
        listed = ", ".join(map(str, options))
        raise WorkflowInvalid(Problem("input", f'the input "{key.text}" must be one of {listed}, not "{value}"', key.position))
    return "" if value is None else value
