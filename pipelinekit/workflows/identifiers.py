"""Ids of jobs and steps: which may be written, and the ones that steps without an id get."""

import re
from collections.abc import Sequence

from pipelinekit.model.node import MapNode, Scalar
from pipelinekit.model.problem import Problem

MAX_LENGTH = 100
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_RULE = 'an id has letters, digits, "-" and "_", begins with a letter or "_", and has fewer than 100 characters'


def id_problem(identifier: Scalar) -> Problem | None:
    """What is wrong with an id that the author gave."""
    text = identifier.text
    if _ID.fullmatch(text) is None or len(text) >= MAX_LENGTH:
        return Problem("id", f'"{text}" is not an id', identifier.position, hint=_RULE, length=max(1, len(text)))
    if text.startswith("__"):
        message = f'the id "{text}" is reserved'
        return Problem("id", message, identifier.position, hint='begin it with one "_" or a letter', length=len(text))
    return None


def step_id_problems(steps: Sequence[MapNode], where: str = "job") -> list[Problem]:
    """steps: of one job or action, those of a `parallel` after their step. Ids are one scope, in which case is ignored."""
    problems = []
    seen: dict[str, Scalar] = {}
    for step in steps:
        identifier = step.get("id")
        if not isinstance(identifier, Scalar):
            continue
        problem = id_problem(identifier)
        before = seen.setdefault(identifier.text.upper(), identifier)
        if problem is None and before is not identifier:
            problem = Problem(
                "id",
                f'the id "{identifier.text}" is used twice in this {where}',
                identifier.position,
                hint="ids of steps are told apart without regard to case; give each its own",
                length=len(identifier.text),
                related=((before.position, "first used here"),),
            )
        if problem:
            problems.append(problem)
    return problems


def step_ids(steps: Sequence[MapNode]) -> list[str]:
    """An id for each step: its own, or one that GitHub makes of what it does (`__run`, `__actions_checkout_2`)."""
    given = [_text(step.get("id")) for step in steps]
    taken = {identifier.upper() for identifier in given if identifier}
    return [own or _free("__" + _cleaned(_says(step)), taken) for own, step in zip(given, steps, strict=True)]


def _text(node: object) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _says(step: MapNode) -> str:
    uses = _text(step.get("uses"))
    if not uses:
        return next((name for name in ("wait", "wait-all", "cancel", "parallel") if step.key(name)), "run")
    if uses.startswith("docker://"):
        return uses.removeprefix("docker://")
    if uses.startswith(("./", ".\\", "$/")):
        return "self"
    return "_".join(uses.partition("@")[0].split("/")[:2])


def _cleaned(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)


def _free(name: str, taken: set[str]) -> str:
    attempt, suffix = 1, ""
    while (candidate := name[: MAX_LENGTH - len(suffix)] + suffix).upper() in taken:
        attempt += 1
        suffix = f"_{attempt}"
    taken.add(candidate.upper())
    return candidate
