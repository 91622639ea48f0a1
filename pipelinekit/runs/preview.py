"""What a step would do, before it does it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import condition
from pipelinekit.expressions.tree import fill_text, fill_texts
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.model.shown import Shown
from pipelinekit.model.workflow import Job, Step
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.script import usual_directory
from pipelinekit.runs.shells import ShellInvalid, shell
from pipelinekit.runs.step import usual_name

_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Preview(Shown):
    """All masked. runs: whether its condition holds now. condition: the three lines (as written, with values, result).

    command: after evaluation, '' for an action. inputs: of an action. environment: what the step adds to the job's; changed:
    what steps before it have set for those that follow. image: '' on the host. problem: why it can't be told, if so.
    """

    leg: str
    name: str
    runs: bool
    condition: str
    command: str = ""
    shell: str = ""
    directory: str = ""
    uses: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    image: str = ""
    problem: str = ""


def preview(step: Step, job: Job, scope: Scope) -> Preview:
    """Nothing happens by asking."""
    hide = scope.request.masks.hide
    functions = scope.functions()
    try:
        verdict = condition(step.condition.text if step.condition else None, scope.contexts(), functions=functions)
        own = fill_texts(step.env, scope.contexts(), functions)
        contexts = scope.contexts({**scope.environment(), **own})
        workflow = scope.request.plan.workflow
        shell_name = fill_text(step.shell or job.default_shell or workflow.default_shell, contexts, functions)
        folder = step.working_directory or usual_directory(job, scope)
        return Preview(
            leg=scope.leg.name,
            name=hide(fill_text(step.name, contexts, functions) if step.name else usual_name(step)),
            runs=verdict.result,
            condition=hide(verdict.lines),
            command=hide(fill_text(step.run, contexts, functions)),
            shell=shell(shell_name, in_container=job.container is not None).line if step.run is not None else "",
            directory=fill_text(folder, contexts, functions),
            uses=step.uses.text if step.uses else "",
            inputs={key: hide(value) for key, value in fill_texts(step.inputs, contexts, functions).items()},
            environment={key: hide(value) for key, value in own.items()},
            changed={key: hide(value) for key, value in scope.set_environment.items()},
            image=scope.place.image if scope.place else "",
        )
    except (WorkflowInvalid, ExpressionError, ShellInvalid) as wrong:
        return Preview(scope.leg.name, usual_name(step), False, "", problem=hide(str(wrong)))


def told(preview: Preview) -> Iterator[str]:
    """In lines: what it would run, in what, with what."""
    yield f"next: {preview.leg} · {preview.name}" + ("" if preview.runs else " · would be skipped")
    if preview.problem:
        yield f"  {preview.problem}"
    if not preview.runs or "success()" not in preview.condition.split("\n")[0]:
        yield from (f"  {line}" for line in preview.condition.splitlines())
    lines = preview.command.rstrip("\n").split("\n") if preview.command else []
    yield from (f"  $ {line}" for line in lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        yield f"  ... and {len(lines) - _MOST_LINES} lines more"
    yield from (f"  {key}: {value}" for key, value in preview.inputs.items())
    about = [preview.shell, f"in {preview.directory}" if preview.directory else "", preview.image]
    if any(about):
        yield f"  {' · '.join(filter(None, about))}"
    for title, values in (("env", preview.environment), ("set before", preview.changed)):
        yield from (f"  {title} {key}={value}" for key, value in values.items())
