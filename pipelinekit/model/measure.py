"""What a run measures: executions of tests, and coverage of files."""

from dataclasses import dataclass
from enum import StrEnum


class TestOutcome(StrEnum):
    """How one execution of a test ended; `failed` is the test's own word, `error` came from around it."""

    __test__ = False  # not a class for pytest to collect

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"


@dataclass(frozen=True, slots=True)
class TestExecution:
    """One execution of a test; a rerun is another one. execution: 1 = first, 2 = first rerun. duration_seconds: None if unsaid."""

    __test__ = False

    suite: str
    class_name: str
    test: str
    outcome: TestOutcome
    file: str = ""
    execution: int = 1
    duration_seconds: float | None = None
    message: str = ""
    failure_group: str = ""


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """Coverage of one file in one report. branches: 0 where the report measures none."""

    file: str
    lines_covered: int
    lines: int
    branches_covered: int = 0
    branches: int = 0
    flag: str = ""
