"""Workflows in plain Python: what is said here is written as YAML and read, so that it is the same Workflow as a file's.

    pk.workflow("ci", on="push", jobs={
        "test": pk.job(["pytest -q"], matrix={"python": ["3.11", "3.13"]}),
        "ship": pk.job([pk.uses("actions/checkout@v4"), pk.step("make ship", if_="github.ref_name == 'main'")], needs="test"),
    })
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar, Value
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.read import read
from pipelinekit.workflows.write import workflow_text
from pipelinekit.workflows.yaml_tree import compose

Given = None | bool | int | float | str | Sequence["Given"] | Mapping[str, "Given"]  # what JSON can say; tuples are lists
Steps = str | Mapping[str, Given] | Sequence[str | Mapping[str, Given]]  # one alone needs no list
Keys = dict[str, Value]  # the keys of a step or a job in GitHub's words, `runs-on`
Path = tuple[str | int, ...]  # keys and, from 0, places in lists that lead to a value

RUNNER = "ubuntu-latest"
CHECKOUT = "actions/checkout@v4"

_ARGUMENTS = {"if": "if_", "with": "with_", "run-name": "run_name", "runs-on": "runs_on"}
_FROM_STRATEGY = ("matrix", "fail-fast", "max-parallel")


def step(
    run: str, *, name: str | None = None, id: str | None = None, if_: str | bool | None = None,  # noqa: A002 - GitHub's word
    env: Mapping[str, Given] | None = None, shell: str | None = None, working_directory: str | None = None,
    continue_on_error: bool | str | None = None, timeout_minutes: float | str | None = None, background: bool | None = None,
) -> Keys:
    """A step that runs a script. A plain string in a job's `steps` is the same without more."""
    return keys_of({
        "name": name, "id": id, "if": if_, "run": run, "shell": shell, "working-directory": working_directory, "env": env,
        "continue-on-error": continue_on_error, "timeout-minutes": timeout_minutes, "background": background,
    })  # fmt: skip


def uses(
    action: str, *, with_: Mapping[str, Given] | None = None, name: str | None = None,
    id: str | None = None, if_: str | bool | None = None, env: Mapping[str, Given] | None = None,  # noqa: A002
    continue_on_error: bool | str | None = None, timeout_minutes: float | str | None = None,
) -> Keys:
    """A step that uses an action: `pk.uses("actions/setup-python@v5", with_={"python-version": "3.12"})`."""
    return keys_of({
        "name": name, "id": id, "if": if_, "uses": action, "with": with_, "env": env,
        "continue-on-error": continue_on_error, "timeout-minutes": timeout_minutes,
    })  # fmt: skip


def job(
    steps: Steps = (), *, runs_on: Given = None, needs: str | Sequence[str] = (),
    if_: str | bool | None = None, matrix: Given = None, fail_fast: bool | str | None = None,
    max_parallel: int | str | None = None, name: str | None = None, container: Given = None, services: Given = None,
    env: Given = None, outputs: Mapping[str, str] | None = None, defaults: Given = None, environment: Given = None,
    concurrency: Given = None, permissions: Given = None, timeout_minutes: float | str | None = None,
    continue_on_error: bool | str | None = None, uses: str | None = None, with_: Given = None, secrets: Given = None,
) -> Keys:
    """A job. steps: scripts, and what `step` and `uses` give; a mapping with GitHub's own keys stands for others.

    needs: ids of jobs. matrix: key to its values, with `include` and `exclude`. runs_on: `ubuntu-latest` where nothing is said.
    uses, with_, secrets: for a job that calls a reusable workflow, which has no steps.
    """
    strategy = {"fail-fast": fail_fast, "max-parallel": max_parallel, "matrix": matrix}
    written = [{"run": one} if isinstance(one, str) else one for one in ([steps] if isinstance(steps, str | Mapping) else steps)]
    return keys_of({
        "name": name, "runs-on": runs_on or (RUNNER if uses is None else None), "needs": needs or None, "if": if_,
        "strategy": {key: value for key, value in strategy.items() if value is not None} or None, "permissions": permissions,
        "environment": environment, "concurrency": concurrency, "container": container, "services": services, "env": env,
        "defaults": defaults, "outputs": outputs, "timeout-minutes": timeout_minutes, "continue-on-error": continue_on_error,
        "uses": uses, "with": with_, "secrets": secrets, "steps": written or None,
    })  # fmt: skip


def workflow(
    name: str | None = None, *, jobs: Mapping[str, Mapping[str, Given]], on: Given = "push", env: Given = None,
    permissions: Given = None, defaults: Given = None, concurrency: Given = None, run_name: str | None = None,
    path: str | None = None,
) -> Workflow:
    """A workflow, whose `source` is its YAML. jobs: by their ids, what `job` gives, or mappings with GitHub's own keys.

    on: an event, a list of events, or events with their filters. path: as people call it and where it would lie in a repository;
    None makes one of the name. Raises WorkflowInvalid, which names the argument to blame.
    """
    keys = keys_of({
        "name": name, "run-name": run_name, "on": on, "permissions": permissions, "env": env, "defaults": defaults,
        "concurrency": concurrency, "jobs": jobs,
    })  # fmt: skip
    text = workflow_text(keys)
    made, problems = read(path or path_for(name), text)
    if made is None:
        node, _ = compose(text, "")
        raise WorkflowInvalid(*(_of_argument(problem, node) for problem in problems if problem.severity is Severity.ERROR))
    return made


def path_for(name: str | None) -> str:
    """Where a workflow of this name would lie: `.github/workflows/nightly-build.yml`."""
    return f".github/workflows/{re.sub(r'[^a-z0-9_.-]+', '-', (name or '').lower()).strip('-.') or 'workflow'}.yml"


# -- values ----------------------------------------------------------------------------------------------------------------


def keys_of(given: Mapping[str, Given]) -> Keys:
    """The keys that were given, as they can be written; None is none. Raises WorkflowInvalid, which names the argument."""
    return {key: _value(value, (key,)) for key, value in given.items() if value is not None}


def _value(given: Given, at: Path) -> Value:
    match given:
        case None | bool() | int() | float() | str():
            return given
        case Mapping():
            for key in given:
                if not isinstance(key, str):
                    raise WorkflowInvalid(Problem("argument", f"{argument(at)}: a key must be text, here it is {key!r}"))
            return {key: _value(inner, (*at, key)) for key, inner in given.items()}
        case list() | tuple() | range():
            return [_value(inner, (*at, index)) for index, inner in enumerate(given)]
        case _:
            hint = "text, numbers, true and false, lists and mappings can be written"
            raise WorkflowInvalid(Problem("argument", f"{argument(at)}: {given!r} can't stand in a workflow", hint=hint))


# -- what is to blame ------------------------------------------------------------------------------------------------------


def argument(path: Path) -> str:
    """The Python argument under which a value was given: `jobs["test"], steps[0], if_`."""
    words = list(path)
    said = []
    if words[:1] == ["jobs"] and len(words) > 1:
        said.append(f'jobs["{words[1]}"]')
        words = words[2:]
    if words[:1] == ["strategy"] and len(words) > 1 and words[1] in _FROM_STRATEGY:
        words = words[1:]
    if words[:1] == ["steps"] and len(words) > 1:
        said.append(f"steps[{words[1]}]")
        words = words[2:]
    if words:
        first, *rest = words
        name = _ARGUMENTS.get(str(first), str(first).replace("-", "_"))
        said.append(name + "".join(f"[{word}]" if isinstance(word, int) else f'["{word}"]' for word in rest))
    return ", ".join(said)


def _of_argument(problem: Problem, node: Node | None) -> Problem:
    """The problem with the argument to blame in place of its position, which nobody has written."""
    places = list(_places(node, ())) if node is not None else []
    said = argument(_path_at(places, problem.position)) if problem.position else ""
    related = "; ".join(f"{argument(_path_at(places, place))}: {word}" for place, word in problem.related)
    message = f"{said}: {problem.message}" if said else problem.message
    hint = "; ".join(filter(None, (related, problem.hint)))
    return Problem(problem.code, message, severity=problem.severity, hint=hint)


def _path_at(places: Sequence[tuple[Position, Path]], wanted: Position) -> Path:
    """The path of what stands at the position, else of what begins last before it."""
    before = [(place, path) for place, path in places if (place.line, place.column) <= (wanted.line, wanted.column)]
    return max(before, key=lambda one: (one[0].line, one[0].column, len(one[1])), default=(wanted, ()))[1]


def _places(node: Node, path: Path) -> Iterator[tuple[Position, Path]]:
    match node:
        case MapNode(entries=entries):
            for key, value in entries:
                yield key.position, (*path, key.text)
                yield from _places(value, (*path, key.text))
        case ListNode(items=items):
            for index, item in enumerate(items):
                yield item.position, (*path, index)
                yield from _places(item, (*path, index))
        case Scalar(position=position):
            yield position, path
