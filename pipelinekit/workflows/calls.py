"""Jobs that call another workflow: whether what they hand over is what it asks for."""

from collections.abc import Iterator
from pathlib import Path

from pipelinekit.model.node import MapNode, Node, Scalar
from pipelinekit.model.problem import Problem
from pipelinekit.model.workflow import Job, Workflow
from pipelinekit.workflows.call_permissions import permission_problems
from pipelinekit.workflows.read import read_file
from pipelinekit.workflows.suggest import suggestion

LOCAL = "./"


def local_call_problems(workflow: Workflow, top: Path) -> list[Problem]:
    """What is wrong with the calls of workflows in the same repository. top: the repository's.

    Of a called file that has errors of its own, only that is said: it is told of where it is checked itself.
    """
    problems = []
    for job in workflow.jobs:
        if job.uses is None or not job.uses.text.startswith(LOCAL) or "${{" in job.uses.text:
            continue
        shown = job.uses.text.removeprefix(LOCAL)
        called, found = read_file(top / shown, shown)
        if called is None:
            message = f'the workflow "{shown}" can\'t be called: {found[0].message}'
            problems.append(Problem("call", message, job.uses.position, length=len(job.uses.text)))
        else:
            problems += [*call_problems(job, called), *permission_problems(job, workflow, called)]
    return problems


def call_problems(job: Job, called: Workflow) -> list[Problem]:
    """What is wrong with the `with` and `secrets` of `job`, which calls `called`. Names ignore case, as GitHub's do."""
    if job.uses is None:
        return []
    on = next((on for on in called.on if on.event == "workflow_call"), None)
    if on is None:
        hint = 'it needs "workflow_call" under "on"'
        message = f'the workflow "{called.path}" can\'t be called'
        return [Problem("call", message, job.uses.position, hint=hint, length=len(job.uses.text))]
    interface = on.filters if isinstance(on.filters, MapNode) else None
    inputs = _definitions(interface, "inputs")
    problems = [*_handed_over("input", inputs, job.inputs, job.uses), *_mistyped(inputs, job.inputs)]
    if not isinstance(job.secrets, Scalar):  # `inherit` hands over whatever there is
        problems += _handed_over("secret", _definitions(interface, "secrets"), job.secrets, job.uses)
    return sorted(problems, key=lambda problem: problem.position or job.position)


Definitions = dict[str, tuple[str, Node]]  # by upper-case name: the name as written, and what is said of it


def _definitions(interface: MapNode | None, kind: str) -> Definitions:
    written = interface.get(kind) if interface else None
    return {key.text.upper(): (key.text, value) for key, value in written.entries} if isinstance(written, MapNode) else {}


def _said(definition: Node, key: str) -> object:
    value = definition.get(key) if isinstance(definition, MapNode) else None
    return value.value if isinstance(value, Scalar) else None


def _handed_over(kind: str, defined: Definitions, values: Node | None, uses: Scalar) -> Iterator[Problem]:
    entries = values.entries if isinstance(values, MapNode) else ()
    names = {key.text.upper() for key, _ in entries}
    for upper, (name, definition) in defined.items():
        if _said(definition, "required") is True and upper not in names:
            message = f'the called workflow needs the {kind} "{name}"'
            hint = f'give it under "{"with" if kind == "input" else "secrets"}"'
            yield Problem("call", message, uses.position, hint=hint, length=len(uses.text))
    for key, value in entries:
        if key.text.upper() not in defined and "${{" not in key.text:
            hint = suggestion(key.text, [name for name, _ in defined.values()], f"{kind}s there")
            yield Problem("call", f'the called workflow has no {kind} "{key.text}"', value.position, hint=hint)


def _mistyped(defined: Definitions, values: Node | None) -> Iterator[Problem]:
    for key, value in values.entries if isinstance(values, MapNode) else ():
        _, definition = defined.get(key.text.upper(), ("", None))
        wanted = _said(definition, "type") if definition else None
        if not isinstance(value, Scalar) or "${{" in value.text or wanted not in ("boolean", "number"):
            continue
        is_truth = isinstance(value.value, bool)
        fits = is_truth if wanted == "boolean" else isinstance(value.value, int | float) and not is_truth
        if not fits:
            message = f'the input "{key.text}" is a {wanted}, but is given "{value.text}"'
            yield Problem("call", message, value.position, length=max(1, len(value.text)))
