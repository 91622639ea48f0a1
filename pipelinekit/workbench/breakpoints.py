"""Where a run is to stop: before or after a step, by name or glob, or where something fails."""

import fnmatch
import re
from dataclasses import dataclass

from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.workflow import Step

_WRITTEN = re.compile(r"(?:(?P<when>before|after):)?(?P<job>[^/]+)(?:/(?P<step>.+))?")
ON_FAILURE = "on-failure"


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """when: before, after, on-failure. job: id or leg name, step: id, name or number (from 1); both may be globs."""

    when: str
    job: str = "*"
    step: str = "*"

    @classmethod
    def read(cls, text: str) -> "Breakpoint":
        """`before:JOB/STEP`, `after:JOB/STEP`, `JOB/STEP` (before), `JOB` (before its first step), `on-failure`."""
        if text == ON_FAILURE:
            return cls(ON_FAILURE)
        found = _WRITTEN.fullmatch(text)
        if found is None:
            hint = "before:JOB/STEP, after:JOB/STEP or on-failure"
            raise WorkflowInvalid(Problem("break", f'a breakpoint can\'t be "{text}"', hint=hint))
        return cls(found["when"] or "before", found["job"], found["step"] or "1")

    def takes(self, job: str, leg: str, step: Step) -> bool:
        """Whether it means this step of this leg."""
        names = [step.id, str(step.index + 1), *([step.name.text] if step.name else [])]
        names += [step.uses.text] if step.uses else []
        return self.at(job, leg) and any(fnmatch.fnmatchcase(name, self.step) for name in names)

    def at(self, *names: str) -> bool:
        """Whether it means the job or leg of one of these names."""
        return any(fnmatch.fnmatchcase(name, self.job) for name in names)

    def __str__(self) -> str:
        return self.when if self.when == ON_FAILURE else f"{self.when}:{self.job}/{self.step}"
