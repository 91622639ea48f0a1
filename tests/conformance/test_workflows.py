"""The official reader's cases, and real files that must be read without an error.

Files come from the folder that PIPELINEKIT_CONFORMANCE names. Of a reading the jobs, `env`, `defaults`, `concurrency`,
`permissions` and, where the case has them, the events are compared, value for value. Of errors their places are compared: each
expected `(Line: L, Col: C)` must be one of ours and each of ours one that is expected, where an error inside an expression may
stand anywhere on the line of the value that the official one points at; where no place is expected, that there is an error. The
messages are not compared: ours are our own.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import yaml

from pipelinekit.model.problem import Problem, Severity
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.call_permissions import permission_problems
from pipelinekit.workflows.calls import call_problems
from pipelinekit.workflows.read import read
from tests.conformance.folder import FOLDER
from tests.conformance.official import Official

CASES = sorted((FOLDER / "workflows").glob("*.yml"))
VALID = sorted((FOLDER / "valid-workflows").rglob("*.y*ml"))
PLACEHOLDERS = {
    "$default-branch": "main",
    "$protected-branches": "main",
    "$cron-daily": "30 5 * * *",
    "$cron-weekly": "30 5 * * 1",
    "$supported-codeql-languages": "[python]",
    "$codeql-languages-matrix": "[python]",
}
LEAST_SHARE = 0.6  # of the cases of a kind: a reader that has lost a rule falls below it
_PLACE = re.compile(r"\(Line: (\d+), Col: (\d+)\)|on line (\d+) and column (\d+)")


@pytest.mark.skipif(not VALID, reason=f"no valid workflows in {FOLDER}")
def test_valid_workflows_are_read_without_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = []
    for path in VALID:
        text = path.read_text(encoding="utf-8")
        for placeholder, value in PLACEHOLDERS.items():
            text = text.replace(placeholder, value)
        workflow, problems = read(path.relative_to(FOLDER), text)
        if workflow is None:
            wrong += [f"{problem.position}: {problem.message}" for problem in problems if problem.severity is Severity.ERROR]
    _say(capsys, f"valid workflows: {len(VALID) - len({w.split(':')[0] for w in wrong})}/{len(VALID)}")
    assert wrong == []


@dataclass(frozen=True)
class Case:
    """One file of the official reader: its options, the workflow, the files that it calls, what is expected."""

    name: str
    options: dict[str, object]
    workflow: str
    called: dict[str, str]
    expected: dict[str, object]
    skipped: bool

    @property
    def is_error(self) -> bool:
        return "errors" in self.expected


def _cases() -> Iterator[Case]:
    skipped = (FOLDER / "workflows" / "skipped-by-reference.txt").read_text(encoding="utf-8").split()
    for path in CASES:
        parts = re.split(r"(?m)^---[ \t]*\r?\n", path.read_text(encoding="utf-8"))
        options, workflow, *called, expected = parts
        files = dict(zip((name.strip() for name in called[::2]), called[1::2], strict=True))
        # A part ends before the line break that leads to its `---`.
        yield Case(
            path.name,
            yaml.safe_load(options) or {},
            workflow.removesuffix("\n"),
            files,
            json.loads(expected),
            path.name in skipped,
        )


@pytest.mark.skipif(not CASES, reason=f"no workflow cases in {FOLDER}")
@pytest.mark.parametrize("kind", ["readings", "errors"])
def test_cases_of_the_official_reader_are_scored(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    passed: dict[bool, list[str]] = {False: [], True: []}
    failed: dict[bool, list[str]] = {False: [], True: []}
    for case in _cases():
        if case.is_error == (kind == "errors"):
            (passed if _passes(case) else failed)[case.skipped].append(case.name)
    for skipped, whose in ((False, "that the reference passes"), (True, "that the reference does not pass")):
        total = len(passed[skipped]) + len(failed[skipped])
        _say(capsys, f"workflow {kind} {whose}: {len(passed[skipped])}/{total}")
        for name in failed[skipped]:
            _say(capsys, f"  not as expected: {name}")
    every = sum(map(len, (*passed.values(), *failed.values())))
    assert sum(map(len, passed.values())) >= LEAST_SHARE * every


def _passes(case: Case) -> bool:
    file = f".github/workflows/{case.name}"
    workflow, problems = read(file, case.workflow)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    called = {name: read(name, text)[0] for name, text in case.called.items()}
    if case.is_error:
        for caller in (workflow, *called.values()):
            for job in caller.jobs if caller else ():
                callee = called.get(job.uses.text) if job.uses else None
                if caller and callee:
                    errors += [*call_problems(job, callee), *permission_problems(job, caller, callee)]
        messages = [str(error["Message"]) for error in case.expected["errors"]]  # type: ignore[attr-defined]
        return bool(errors) and _same_places(errors, messages)
    if workflow is None:
        return False
    return _same_reading(case, workflow, {name: callee for name, callee in called.items() if callee})


def _same_reading(case: Case, workflow: Workflow, called: dict[str, Workflow]) -> bool:
    shown = {} if case.options.get("skip-reusable-workflows") else called
    ours = Official(shown, with_places="file-table" in case.expected).workflow(workflow)
    keys = ("jobs", "env", "defaults", "concurrency", "permissions")
    compared = [*keys, "events"] if "events" in case.expected else keys
    return all(ours.get(key) == case.expected.get(key) for key in compared)


def _same_places(errors: list[Problem], messages: list[str]) -> bool:
    expected = []
    for message in messages:
        found = _PLACE.search(message)
        if found is None:
            return "exceeded" not in message.lower() and "called workflow" not in message
        expected.append((int(found[1] or found[3]), int(found[2] or found[4])))
    ours = [(error.position.line, error.position.column, error.code) for error in errors if error.position]
    return all(any(_meets(our, place) for our in ours) for place in expected) and all(
        any(_meets(our, place) for place in expected) for our in ours
    )


def _meets(our: tuple[int, int, str], place: tuple[int, int]) -> bool:
    line, column, code = our
    return (line, column) == place or (code == "expression" and line == place[0] and column > place[1])


def _say(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        os.write(1, f"\n{line}".encode())
