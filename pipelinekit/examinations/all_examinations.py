"""Every check, and looking a machine over with all of them at once."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path

from pipelinekit.examinations.disk import disk
from pipelinekit.examinations.engine import engine
from pipelinekit.examinations.images import images
from pipelinekit.examinations.limits import limits
from pipelinekit.examinations.machine import SECONDS, Check, Machine
from pipelinekit.examinations.network import network
from pipelinekit.examinations.packages import packages
from pipelinekit.examinations.python import python
from pipelinekit.examinations.repository import repository
from pipelinekit.examinations.store import store
from pipelinekit.model.finding import Finding, Findings, Health
from pipelinekit.records.store import Store
from pipelinekit.workspaces.repository import repository_top

EXAMINATIONS: dict[str, Check] = {
    "python": python,
    "packages": packages,
    "engine": engine,
    "images": images,
    "certificates": network,
    "repository": repository,
    "store": store,
    "disk": disk,
    "limits": limits,
}


def examine(
    directory: Path, environment: Mapping[str, str], opened: Store, checks: Mapping[str, Check] = EXAMINATIONS,
    seconds: float = SECONDS,
) -> Findings:
    """What all checks find, side by side; of one that is not through in `seconds` that it is not. Nothing is changed or fetched.

    opened: the store that is meant.
    """
    machine = Machine(directory, repository_top(directory), environment, opened, time.time())
    looks = [_Look(name, check, machine) for name, check in checks.items()]
    until = time.monotonic() + seconds
    for look in looks:
        look.start()
    return Findings(finding for look in looks for finding in look.found(until - time.monotonic()))


class _Look(threading.Thread):
    """One check at work. A thread that hangs in a system call can't be ended; as a daemon it keeps nobody waiting."""

    def __init__(self, name: str, check: Check, machine: Machine) -> None:
        super().__init__(name=name, daemon=True)
        self._check, self._machine = check, machine
        self._found: list[Finding] | None = None
        self._defect: Exception | None = None

    def run(self) -> None:
        try:
            self._found = list(self._check(self._machine))
        except OSError as problem:
            what = f"can't be told ({(problem.strerror or str(problem)).lower()})"
            mend = f"see to it that {problem.filename} can be read" if problem.filename else "look again"
            self._found = [Finding(self.name, Health.WARNING, what, mend)]
        except Exception as defect:  # noqa: BLE001 - goes on in the thread that asks
            self._defect = defect

    def found(self, seconds: float) -> list[Finding]:
        self.join(max(0.0, seconds))
        if self._defect is not None:
            raise self._defect
        if self._found is None:
            return [Finding(self.name, Health.WARNING, "gives no answer", "see what keeps this machine so busy, and look again")]
        return self._found
