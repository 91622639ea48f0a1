"""On which executor a lesson's pipeline runs: as the learner says, else in containers if they are at hand, else on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelinekit.executors import images
from pipelinekit.executors.shelf import EngineShelf
from pipelinekit.lessons.base import LessonRow
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid

AUTO = "auto"
VARIABLE = "PIPELINEKIT_LESSON_EXECUTOR"  # a teacher sets it once for a whole room


@dataclass(frozen=True, slots=True)
class Where:
    """executor: its name. why: in words."""

    executor: str
    why: str


def choose(wish: str, lesson: LessonRow, environment: Mapping[str, str]) -> Where:
    """wish: `auto`, or the name of an executor. Nothing is pulled: thirty laptops that pull at once wait for an hour.

    Raises WorkflowInvalid for a name that the lesson has no use for.
    """
    if wish == AUTO and environment.get(VARIABLE, AUTO) != AUTO:
        return Where(_checked(environment[VARIABLE], lesson), f"{VARIABLE} says so")
    if wish != AUTO:
        return Where(_checked(wish, lesson), "it was asked for")
    if "docker" not in lesson.executors:
        return Where(lesson.executors[0], "this lesson's pipeline works on this machine itself")
    missing = _missing(environment)
    if missing:
        return Where("host", f"without containers, because {missing}")
    return Where("docker", "an engine answers, and has an image")


def _checked(name: str, lesson: LessonRow) -> str:
    if name in lesson.executors:
        return name
    hint = f"executors here: {', '.join((AUTO, *lesson.executors))}"
    raise WorkflowInvalid(Problem("lesson", f'the lesson "{lesson.name}" can\'t run on "{name}"', hint=hint))


def _missing(environment: Mapping[str, str]) -> str:
    """Why there are no containers, '' where there can be some at once."""
    shelf = EngineShelf(environment)
    try:
        there = shelf.find(images.LABELS["ubuntu-latest"]) or any(local.stands_in for local in images.locals_of(shelf))
    except SurroundingsMissing as silence:
        return silence.message
    return "" if there else "no image for them is on this machine (`pipelinekit engine` makes one)"
