import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.model.node import Scalar, plain
from pipelinekit.model.problem import Severity
from pipelinekit.workflows.read import read, read_file
from tests.workflows.written import problems_of, told, workflow_of

WHOLE = """\
name: CI
run-name: by ${{ github.actor }}
on:
  push: {branches: [main]}
  schedule: [{cron: '0 0 * * *'}]
  workflow_dispatch:
env: {A: 1}
defaults: {run: {shell: bash, working-directory: src}}
permissions: read-all
concurrency: ci
jobs:
  test:
    name: Test
    runs-on: [self-hosted, linux]
    strategy: {fail-fast: false, max-parallel: 2, matrix: {python: ['3.11', 3.12]}}
    defaults: {run: {shell: sh}}
    timeout-minutes: 5
    outputs: {version: '${{ steps.version.outputs.text }}'}
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - name: Version
        id: version
        if: always()
        run: make version
        env: {B: 2}
        shell: python
        working-directory: tools
        continue-on-error: true
        timeout-minutes: 1
      - {run: serve, background: true}
      - wait-all:
  deploy:
    needs: test
    uses: ./.github/workflows/deploy.yml
    with: {level: 1}
    secrets: inherit
"""


def test_a_whole_workflow_is_read_with_all_its_parts() -> None:
    workflow = workflow_of(WHOLE)
    assert (workflow.title, workflow.path, workflow.source) == ("CI", "ci.yml", WHOLE)
    assert [(on.event, on.position.line, on.filters is not None) for on in workflow.on] == [
        ("push", 4, True), ("schedule", 5, True), ("workflow_dispatch", 6, False),
    ]  # fmt: skip
    assert (str(workflow.default_shell), str(workflow.default_directory)) == ("bash", "src")
    assert workflow.run_name is not None
    assert workflow.env is not None
    assert plain(workflow.env) == {"A": 1}
    test, deploy = workflow.jobs
    assert (test.id, str(test.name), str(test.default_shell), str(test.timeout_minutes)) == ("test", "Test", "sh", "5")
    assert test.fail_fast is not None
    assert test.fail_fast.value is False
    assert test.matrix is not None
    assert plain(test.matrix) == {"python": ["3.11", 3.12]}
    assert test.runs_on is not None
    assert plain(test.runs_on) == ["self-hosted", "linux"]
    assert deploy.uses is not None
    assert (deploy.needs[0].text, str(deploy.uses), str(deploy.secrets)) == ("test", "./.github/workflows/deploy.yml", "inherit")


def test_steps_are_read_with_all_their_parts() -> None:
    checkout, version, serve, wait = workflow_of(WHOLE).job("test").steps
    assert (checkout.index, checkout.id, checkout.id_given, str(checkout.uses)) == (
        0,
        "__actions_checkout",
        False,
        "actions/checkout@v4",
    )
    assert checkout.inputs is not None
    assert plain(checkout.inputs) == {"fetch-depth": 0}
    assert (version.id, version.id_given, version.position.line, version.position.column) == ("version", True, 22, 9)
    parts = (version.name, version.condition, version.run, version.shell, version.working_directory, version.timeout_minutes)
    assert [str(part) for part in parts] == ["Version", "always()", "make version", "python", "tools", "1"]
    assert (
        version.continue_on_error == Scalar(True, "true", version.continue_on_error.position)
        if version.continue_on_error
        else False
    )
    assert (serve.background, serve.control, wait.background, wait.control) == (True, None, False, "wait-all")


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("/home/me/shop/.github/workflows/ci.yml", ".github/workflows/ci.yml"),
        ("../.github/workflows/ci.yml", ".github/workflows/ci.yml"),
        ("tests/ci.yml", "tests/ci.yml"),
        ("ci.yml", "ci.yml"),
    ],
)
def test_the_path_is_the_one_that_github_shows(file: str, path: str) -> None:
    workflow, _ = read(file, "on: push\njobs: {a: {runs-on: x}}")
    assert workflow is not None
    assert workflow.path == path


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1 the file is empty"),
        ("# later\n", "1:1 the file is empty"),
        ("null", "1:1 the file is empty"),
        ("- push\n", "1:1 this is not a workflow"),
        ("hello", "1:1 this is not a workflow"),
        ("a: *b", '1:4 no anchor has the name "b"'),
    ],
)
def test_what_is_no_workflow_is_told(text: str, problem: str) -> None:
    assert told(text) == [problem]


def test_problems_come_in_the_order_of_their_places() -> None:
    text = "on: push\njobs:\n  test:\n    needs: tst\n    runs-on: x\n    step: []\n    if: foo\n  test:\n    runs-on: y\n"
    assert [line.split(" ")[0] for line in told(text)] == ["4:12", "6:5", "7:9", "8:3"]


def test_a_warning_leaves_the_workflow() -> None:
    workflow, problems = read("ci.yml", "on: push\njobs: {a: {runs-on: x, strategy: {matrix: [1]}}}")
    assert workflow is not None
    assert [problem.severity for problem in problems] == [Severity.WARNING]


def test_a_file_is_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "ci.yml"
    path.write_bytes(b"\xef\xbb\xbfon: push\r\njobs:\r\n  a: {runs-on: x}\r\n")
    workflow, problems = read(path)
    assert problems == []
    assert workflow is not None
    assert workflow.jobs[0].position.line == 3


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    _, (missing,) = read(tmp_path / "ci.yml")
    assert missing.message == f'there is no file "{tmp_path / "ci.yml"}"'
    _, (folder,) = read_file(tmp_path, "folder")
    assert folder.message == '"folder" is a folder, not a workflow file'


def test_a_file_that_is_not_text_is_told_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "ci.yml").write_bytes("name: é\nenv: \xff".encode("latin-1").replace(b"\xe9", "é".encode()))
    _, (problem,) = read_file(tmp_path / "ci.yml", "ci.yml")
    assert (str(problem.position), problem.message) == ("ci.yml:2:6", "not UTF-8: the byte 0xff can't stand here")


def test_reading_needs_no_heavy_package() -> None:
    code = (
        "import sys, pipelinekit.workflows.read; print(len(sys.modules), {'json', 'pandas', 'docker', 'rich'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    count, heavy = out.split(" ", 1)
    assert int(count) < 200
    assert "pandas" not in heavy
    assert "docker" not in heavy
    assert "rich" not in heavy


def test_many_problems_are_all_told() -> None:
    text = "on: push\njobs:\n" + "".join(f"  j{n}: {{runs-on: x, needs: nope{n}}}\n" for n in range(200)) + "  a: {runs-on: x}\n"
    assert len(problems_of(text)) == 200
