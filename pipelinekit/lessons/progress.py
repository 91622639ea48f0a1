"""How far a learner is with a lesson: one small JSON file beside what the lesson has recorded, on this machine alone."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipelinekit.lessons.base import Check, Found
from pipelinekit.model.problem import SurroundingsMissing

FORMAT = 1


@dataclass(slots=True)
class CheckProgress:
    """attempts: times that it did not pass. kind: what was found the last time. level: hints given for that.

    runs: how many runs were recorded then. passed_at: when it passed first, '' until then. helped: the solution had been shown.
    """

    attempts: int = 0
    kind: str = ""
    level: int = 0
    runs: int = -1
    passed_at: str = ""
    helped: bool = False


@dataclass(slots=True)
class Progress:
    """solution_at: when the solution was shown, '' where it was not."""

    lesson: str
    begun_at: str
    solution_at: str = ""
    checks: dict[str, CheckProgress] = field(default_factory=dict)

    def of(self, check: str) -> CheckProgress:
        return self.checks.setdefault(check, CheckProgress())

    def passed(self, checks: Iterable[Check]) -> int:
        """How many of these have passed."""
        known = (self.checks.get(check.name) for check in checks)
        return sum(bool(about and about.passed_at) for about in known)

    def note(self, check: str, found: Found, runs: int, *, answered: bool = False) -> CheckProgress:
        """Write down what a check found. Each failed attempt at the same thing is worth another hint.

        runs: how many are recorded: an attempt is a new run, or an answer given (answered).
        """
        about = self.of(check)
        if found.passed:
            if not about.passed_at:
                about.passed_at, about.helped = _now(), bool(self.solution_at)
        elif about.kind != found.kind:
            about.attempts, about.level = about.attempts + 1, 0
        elif about.runs != runs or answered:
            about.attempts, about.level = about.attempts + 1, about.level + 1
        about.kind, about.runs = found.kind, runs
        return about

    def give_hint(self, check: str, found: Found, runs: int) -> CheckProgress:
        """One hint more for what is found now; the first one where that is new."""
        about = self.of(check)
        about.level = about.level + 1 if about.kind == found.kind else 0
        about.kind, about.runs = found.kind, runs
        return about

    def show_solution(self) -> None:
        """Write down when it was shown first."""
        self.solution_at = self.solution_at or _now()

    def write(self, file: Path) -> None:
        """Raises SurroundingsMissing."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n", encoding="utf-8")
        except OSError as problem:
            raise SurroundingsMissing(f"the progress can't be written to {file} ({problem.strerror})") from problem

    @classmethod
    def read(cls, file: Path) -> "Progress | None":
        """None where there is none. Raises SurroundingsMissing for a file that is none."""
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            checks = {name: CheckProgress(**about) for name, about in told["checks"].items()}
            return cls(told["lesson"], told["begun_at"], told["solution_at"], checks)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            what = f"the progress in {file} can't be read ({wrong})"
            raise SurroundingsMissing(what, "delete it: the checks find what was done in the recorded runs") from wrong


def begin(lesson: str) -> Progress:
    """Nothing is done yet, and the time counts from now."""
    return Progress(lesson, _now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
