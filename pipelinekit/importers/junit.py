"""Test reports in JUnit's XML, with the ways in which pytest, Surefire, Gradle and their kin say that a test was run again.

Sources: pytest `junitxml.py`, pytest-rerunfailures issue 170, Maven Surefire "Rerun failing tests", JUnit 10's XSD. What
the totals in a suite's attributes say is not believed: cases are counted.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelinekit.importers.failure_group import failure_group
from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.importers.xml_stream import End, Start, elements
from pipelinekit.model.measure import TestExecution, TestOutcome

ROOTS = frozenset({"testsuites", "testsuite"})
MESSAGE_CHARACTERS = 2_000
MESSAGE_LINES = 10

# Most severe first: a case that says several things at once is the worst of them.
_RESULTS = {"error": TestOutcome.ERROR, "failure": TestOutcome.FAILED, "skipped": TestOutcome.SKIPPED}
_ATTEMPTS = {
    "flakyFailure": TestOutcome.FAILED, "flakyError": TestOutcome.ERROR,
    "rerunFailure": TestOutcome.FAILED, "rerunError": TestOutcome.ERROR,
}  # fmt: skip
_NOT_RUN = frozenset({"disabled", "notrun", "ignored"})  # of the attribute `status`: GoogleTest, Boost, tst


def read_junit(path: Path) -> tuple[TestExecution, ...]:
    """Every execution of every test, in the file's order, reruns counted. Raises ReportBroken.

    A case without class and name is ignored; a time that is missing or no number is None.
    """
    return tuple(_counted([*_cases(elements(path))]))


@dataclass(slots=True)
class _Said:
    """What a case says in one of its children: `<failure>`, `<skipped>`, `<rerunError>` ..."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(slots=True)
class _Suite:
    name: str = ""
    file: str = ""
    depth: int = 0
    is_pytest: bool = False
    tests: int | None = None
    cases: int = 0

    def within(self, attributes: Mapping[str, str], tag: str) -> "_Suite":
        """The suite of these attributes in this one."""
        is_pytest = self.is_pytest or attributes.get("name") in ("pytest", "pytest tests")
        stated = attributes.get("tests", "")
        return _Suite(
            attributes.get("name") or self.name, attributes.get("file") or self.file, self.depth + (tag == "testsuite"),
            is_pytest, int(stated) if re.fullmatch("[0-9]{1,9}", stated) else None,
        )  # fmt: skip

    @property
    def reruns_in_silence(self) -> bool:
        """Whether a case that stands here twice is one test that ran again, rather than two tests of one name.

        pytest never has the latter, and counts reruns in no total; runners of .NET name the rows of a table alike.
        """
        return self.is_pytest or (self.depth == 1 and self.tests != self.cases)


@dataclass(slots=True)
class _Case:
    attributes: Mapping[str, str]
    suite: _Suite
    said: list[_Said] = field(default_factory=list)


def _cases(found: Iterable[Start | End]) -> Iterator[_Case]:
    """The cases of all suites, however deep those stand in one another."""
    suites = [_Suite()]  # the ones around, the innermost last
    case: _Case | None = None
    for element in found:
        match element:
            case Start(tag=tag) if len(suites) == 1 and tag not in ROOTS:
                raise ReportBroken(f"its root is <{tag}>, where a test report has <testsuites> or <testsuite>")
            case Start(tag="testsuites" | "testsuite" as tag, attributes=attributes):
                suites.append(suites[-1].within(attributes, tag))
            case End(tag="testsuites" | "testsuite"):
                suites.pop()
            case Start(tag="testcase", attributes=attributes):
                case = _Case(attributes, suites[-1])
                suites[-1].cases += 1
            case End(tag="testcase") if case is not None:
                yield case
                case = None
            case Start(tag=tag, attributes=attributes) if case is not None and (tag in _RESULTS or tag in _ATTEMPTS):
                case.said.append(_Said(tag, attributes))
            case End(text=text) if case is not None and case.said and not case.said[-1].text:
                # Its own text, or that of the `<stackTrace>` which Surefire puts in it.
                case.said[-1].text = text.strip()


def _counted(cases: Sequence[_Case]) -> list[TestExecution]:
    """The executions of the cases, numbered: a case that stands again is a rerun.

    pytest-rerunfailures writes a case for each attempt, and says nothing in those that failed: of several, all but the last
    have failed. Where a test of the same name stands in another suite or file it is another one.
    """
    tests: list[TestExecution] = []
    last: dict[tuple[str, str, str, str], int] = {}  # a test to where its last execution stands
    for case in cases:
        for new in _executions(case):
            key = (new.suite, new.class_name, new.test, new.file)
            before = last.get(key)
            if before is None:
                tests.append(new)
            elif _is_teardown_of(tests[before], new):
                both = f"{tests[before].message}\n{new.message}"
                tests[before] = replace(tests[before], outcome=TestOutcome.ERROR, message=both)
                continue
            else:
                if tests[before].outcome is TestOutcome.PASSED and case.suite.reruns_in_silence:
                    tests[before] = replace(tests[before], outcome=TestOutcome.FAILED)
                tests.append(replace(new, execution=tests[before].execution + 1))
            last[key] = len(tests) - 1
    return tests


def _is_teardown_of(before: TestExecution, new: TestExecution) -> bool:
    # pytest writes a second case, no rerun, where a test fails and then its teardown does.
    failed = before.outcome in (TestOutcome.FAILED, TestOutcome.ERROR)
    return failed and new.outcome is TestOutcome.ERROR and new.message.startswith("failed on teardown with")


def _executions(case: _Case) -> Iterator[TestExecution]:
    attributes = case.attributes
    class_name, name = attributes.get("classname", ""), attributes.get("name", "")
    if not class_name and not name:
        return
    file = attributes.get("file") or case.suite.file
    seconds = _seconds(attributes.get("time"))
    whole = TestExecution(case.suite.name, class_name, name, TestOutcome.PASSED, file, 1, seconds)
    final = _final(case, whole)
    attempts = [
        replace(_with_said(whole, _ATTEMPTS[said.tag], said), duration_seconds=_seconds(said.attributes.get("time")))
        for said in case.said
        if said.tag in _ATTEMPTS
    ]
    # Surefire: what passed at last has failed before; of what failed to the end `<failure>` is the first attempt.
    passed = final.outcome not in (TestOutcome.FAILED, TestOutcome.ERROR)
    yield from (*attempts, final) if passed else (final, *attempts)


def _final(case: _Case, whole: TestExecution) -> TestExecution:
    for tag, outcome in _RESULTS.items():
        for said in case.said:
            if said.tag == tag:
                return _with_said(whole, _pytest_words(outcome, said), said)
    if case.attributes.get("status", "").lower() in _NOT_RUN:
        return replace(whole, outcome=TestOutcome.SKIPPED)
    return whole


def _pytest_words(outcome: TestOutcome, said: _Said) -> TestOutcome:
    if outcome is not TestOutcome.SKIPPED:
        return outcome
    if said.attributes.get("message") == "xfail-marked test passes unexpectedly":
        return TestOutcome.XPASSED
    return TestOutcome.XFAILED if said.attributes.get("type") == "pytest.xfail" else outcome


def _with_said(whole: TestExecution, outcome: TestOutcome, said: _Said) -> TestExecution:
    message = _first_lines(said.attributes.get("message") or said.text)
    failed = outcome in (TestOutcome.FAILED, TestOutcome.ERROR)
    group = failure_group(said.attributes.get("type", ""), message) if failed else ""
    return replace(whole, outcome=outcome, message=message, failure_group=group)


def _first_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[:MESSAGE_LINES])[:MESSAGE_CHARACTERS]


def _seconds(text: str | None) -> float | None:
    """A time as tools write it: `1,234.5` has a comma for thousands; `NaN` and `-0.1` say nothing."""
    if text is None:
        return None
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
