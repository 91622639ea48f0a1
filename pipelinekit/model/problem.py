"""Something to tell a person: what happened, where, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipelinekit.model.position import Position
from pipelinekit.model.shown import Shown, ShownList


class Severity(StrEnum):
    """How bad it is: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """message: lower case, no blame. code: the rule's name, as `[needs]`. related: other places to blame, each with a word."""

    code: str
    message: str
    position: Position | None = None
    severity: Severity = Severity.ERROR
    hint: str = ""
    length: int = 1
    related: tuple[tuple[Position, str], ...] = ()


class Problems(ShownList[Problem]):
    """What there is to tell, in the order of the places."""


class ToldException(Exception, Shown):
    """One whose words say it all."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the way through our code tells nobody anything."""
        return self._repr_mimebundle_()["text/plain"].split("\n")


class WorkflowInvalid(ToldException):
    """The author must act: what was written is wrong, or can't run here (exit code 2).

    sources: the text of a file, where it is not what stands on the disk under that name.
    """

    def __init__(self, *problems: Problem, sources: Mapping[str, str] | None = None) -> None:
        super().__init__("; ".join(p.message for p in problems))
        self.problems = problems
        self.sources = sources or {}


class SurroundingsMissing(ToldException):
    """Something around us is missing: an engine, an image, the network, space on the disk (exit code 3)."""

    def __init__(self, message: str, *details: str) -> None:
        super().__init__("\n".join((message, *(f"  {d}" for d in details))))
        self.message = message
        self.details = details


class Defect(Exception):
    """We are to blame (exit code 4)."""
