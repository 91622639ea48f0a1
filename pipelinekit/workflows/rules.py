"""What the shape of a workflow can't say: rules between one key and another, or about what a value means."""

from collections.abc import Iterator, Sequence

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.problem import Problem, Severity
from pipelinekit.workflows.identifiers import id_problem, step_id_problems

MAX_RUN_CHARACTERS = 21_000
_FILTERS = ("branches", "tags", "paths")
_GROUP_PREFIXES = ("org", "organization", "ent", "enterprise")


def rule_problems(workflow: MapNode) -> list[Problem]:
    """workflow: as it was written; where its shape is wrong, `validate` says so, and nothing is said here."""
    problems = [*_filters(workflow.get("on")), *_concurrency(workflow)]
    jobs = workflow.get("jobs")
    if not isinstance(jobs, MapNode):
        return problems
    if not jobs.entries:
        problems.append(Problem("missing", "a workflow needs at least one job", jobs.position))
    for key, job in jobs.entries:
        problem = id_problem(key)
        problems += [problem] if problem else []
        if isinstance(job, MapNode):
            problems += [*_matrix(job), *_group(job), *_concurrency(job), *_steps(job)]
    return problems


def run_problems(steps: Sequence[MapNode]) -> Iterator[Problem]:
    """Scripts that are too long."""
    for step in steps:
        run = step.get("run")
        if isinstance(run, Scalar) and len(run.text) > MAX_RUN_CHARACTERS and "${{" not in run.text:
            size = f"{len(run.text):,} characters; a step may have {MAX_RUN_CHARACTERS:,}"
            yield Problem("limit", f'"run" has {size}', run.position, hint="put the commands in a file and call it")


def _filters(on: Node | None) -> Iterator[Problem]:
    """GitHub takes a filter or its `-ignore` twin for one event, never both."""
    for event, filters in on.entries if isinstance(on, MapNode) else ():
        if not isinstance(filters, MapNode):
            continue
        for name in _FILTERS:
            written, ignored = filters.key(name), filters.key(f"{name}-ignore")
            if written and ignored:
                yield Problem(
                    "filter",
                    f'"{event.text}" has both "{name}" and "{name}-ignore"',
                    ignored.position,
                    hint=f'use "{name}" alone: a pattern that begins with "!" excludes',
                    length=len(ignored.text),
                    related=((written.position, f'"{name}" stands here'),),
                )


def _concurrency(holder: MapNode) -> Iterator[Problem]:
    concurrency = holder.get("concurrency")
    if isinstance(concurrency, MapNode):
        queue, cancel = concurrency.get("queue"), concurrency.get("cancel-in-progress")
        if isinstance(queue, Scalar) and queue.text == "max" and isinstance(cancel, Scalar) and cancel.value is True:
            message = '"queue: max" and "cancel-in-progress: true" contradict each other'
            place = (cancel.position, "cancels what is running")
            yield Problem("value", message, queue.position, length=len(queue.text), related=(place,))


def _matrix(job: MapNode) -> Iterator[Problem]:
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, MapNode) else None
    if isinstance(matrix, ListNode):
        hint = 'give the values a name: "version: [...]"'
        yield Problem("matrix", '"matrix" must be a mapping of names to lists', matrix.position, Severity.WARNING, hint)
    for key, values in matrix.entries if isinstance(matrix, MapNode) else ():
        if isinstance(values, ListNode) and not values.items and key.text not in ("include", "exclude"):
            hint = "give it a value, or remove the key"
            yield Problem("matrix", f'"{key.text}" of the matrix has no values', values.position, hint=hint)


def _group(job: MapNode) -> Iterator[Problem]:
    runs_on = job.get("runs-on")
    group = runs_on.get("group") if isinstance(runs_on, MapNode) else None
    if isinstance(group, Scalar) and "/" in group.text and "${{" not in group.text:
        prefix, _, name = group.text.partition("/")
        if prefix not in _GROUP_PREFIXES or not name or "/" in name:
            message = f'"{group.text}" is not the name of a runner group'
            hint = 'write the name, or "organization/NAME" or "enterprise/NAME"'
            yield Problem("value", message, group.position, hint=hint, length=len(group.text))


def _steps(job: MapNode) -> Iterator[Problem]:
    steps = job.get("steps")
    written = [step for step in steps if isinstance(step, MapNode)] if isinstance(steps, ListNode) else []
    every = [inner for step in written for inner in (step, *_within(step))]
    yield from step_id_problems(every)
    yield from _control_targets(written)
    yield from run_problems(every)


def _within(step: MapNode) -> list[MapNode]:
    parallel = step.get("parallel")
    return [inner for inner in parallel if isinstance(inner, MapNode)] if isinstance(parallel, ListNode) else []


def _control_targets(steps: list[MapNode]) -> Iterator[Problem]:
    """`wait` and `cancel` name steps that stand above them."""
    above: set[str] = set()
    for step in steps:
        for control in ("wait", "cancel"):
            targets = step.get(control)
            for target in targets if isinstance(targets, ListNode) else (targets,):
                if isinstance(target, Scalar) and target.text.upper() not in above:
                    message = f'no step above has the id "{target.text}"'
                    hint = f'"{control}" names steps by the ids they were given, after they were started'
                    yield Problem("step", message, target.position, hint=hint, length=max(1, len(target.text)))
        identifier = step.get("id")
        if isinstance(identifier, Scalar):
            above.add(identifier.text.upper())
