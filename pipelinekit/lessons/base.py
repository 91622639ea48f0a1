"""What a lesson is made of: checks, what a check found, and the hints for where it did not pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipelinekit.lessons.seen import Seen

ANYWHERE = ("docker", "host", "replay")


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found in the store. kind: one word for it, by which hints are found; two attempts of one kind are stuck at the
    same. says: a sentence with the evidence, in Markdown.
    """

    passed: bool
    kind: str
    says: str


def passed(says: str) -> Found:
    """What was asked for has happened. says: the evidence."""
    return Found(True, "passed", says)


def not_yet(kind: str, says: str) -> Found:
    """It has not. kind: what hints belong to. says: what was seen instead."""
    return Found(False, kind, says)


def no_run() -> Found:
    """There is nothing to look at."""
    return not_yet("no-run", "No run of this lesson is recorded yet.")


@dataclass(frozen=True, slots=True)
class Check:
    """asks: what is wanted. look: judges what was recorded. hints: by what was found, each list from the gentle to the concrete.

    extra: whether it is for who has time left; the lesson is passed without it.
    """

    name: str
    asks: str
    look: Callable[[Seen], Found]
    hints: Mapping[str, tuple[str, ...]]
    extra: bool = False


@dataclass(frozen=True, slots=True)
class LessonRow:
    """name: also of its sample, `lessons/NAME`. minutes: for someone new to it. notebook: its file in notebooks/lessons.

    executors: where its pipeline can run, of `docker`, `host` and `replay`.
    """

    name: str
    title: str
    asks: str
    minutes: int
    notebook: str
    checks: tuple[Check, ...]
    executors: tuple[str, ...] = field(default=ANYWHERE)

    @property
    def sample(self) -> str:
        return f"lessons/{self.name}"

    @property
    def needed(self) -> tuple[Check, ...]:
        """The checks that make it passed."""
        return tuple(check for check in self.checks if not check.extra)

    def check(self, name: str) -> Check:
        """Raises KeyError."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)
