"""What was found when this machine was looked over: each thing with its state and its mend."""

from dataclasses import dataclass
from enum import StrEnum

from pipelinekit.model.shown import ShownList


class Health(StrEnum):
    """missing: something that running a pipeline the usual way needs. warning: it goes without, or will soon not go any more."""

    FINE = "fine"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """what: in a word or two. detail: what was found, lower case. mend: one command or one sentence, '' where all is fine."""

    what: str
    state: Health
    detail: str
    mend: str = ""


class Findings(ShownList[Finding]):
    """In the order of the checks."""

    @property
    def enough(self) -> bool:
        """Whether all that is needed is there."""
        return not any(finding.state is Health.MISSING for finding in self)
