import io
import json
from pathlib import Path

import pytest

from pipelinekit.main import main

FINE = "on: push\njobs: {test: {runs-on: x, steps: [{run: make}]}}\n"
WARNED = FINE.replace("make", "'echo ::set-output name=a::b'")
WRONG = FINE.replace("runs-on", "run-on")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(["check", *words], out), out.getvalue()


def write(repository: Path, **workflows: str) -> None:
    for name, text in workflows.items():
        (repository / ".github" / "workflows" / f"{name}.yml").write_text(text)


def test_all_workflows_are_checked_without_a_file(repository: Path) -> None:
    write(repository, ci=FINE, other=FINE)
    assert checked() == (0, "2 workflows checked: nothing is wrong\n")


def test_an_error_fails_and_is_shown_where_it_stands(repository: Path) -> None:
    write(repository, ci=FINE, wrong=WRONG)
    code, text = checked()
    assert code == 2
    assert '.github/workflows/wrong.yml:2:15: unknown key "run-on" in a job [key]\n' in text
    assert text.endswith("\n\n2 workflows checked: 2 errors\n")


def test_a_warning_does_not_fail(repository: Path) -> None:
    write(repository, ci=WARNED)
    code, text = checked("ci")
    assert code == 0
    assert 'warning: the command "::set-output" is deprecated [deprecated-command]' in text
    assert text.endswith("1 workflow checked: 1 warning\n")


def test_only_the_files_that_are_named_are_checked(repository: Path) -> None:
    write(repository, ci=FINE, wrong=WRONG)
    assert checked("ci.yml", ".github/workflows/ci.yml")[0] == 0


def test_json_says_the_same(repository: Path) -> None:
    write(repository, ci=WRONG)
    code, text = checked("--format", "json")
    said = json.loads(text)
    assert (code, said["files"]) == (2, 1)
    assert said["problems"][1] == {
        "code": "key", "severity": "error", "message": 'unknown key "run-on" in a job', "hint": 'did you mean "runs-on"?',
        "file": ".github/workflows/ci.yml", "line": 2, "column": 15, "length": 6, "related": [],
    }  # fmt: skip


def test_a_call_of_a_workflow_beside_is_checked(repository: Path) -> None:
    called = FINE.replace("push", "{workflow_call: {inputs: {level: {type: string, required: true}}}}")
    write(repository, ci="on: push\njobs: {call: {uses: ./.github/workflows/deploy.yml}}", deploy=called)
    code, text = checked("ci")
    assert code == 2
    assert 'the called workflow needs the input "level" [call]' in text


ACTION = "runs: {using: composite, steps: [{run: make, shell: sh}, {uses: ./ci/b}]}\n"


def test_actions_beside_the_workflows_are_checked_each_once(repository: Path) -> None:
    for name, text in (("a", ACTION), ("b", ACTION.replace("shell: sh", "shel: sh"))):
        (repository / "ci" / name).mkdir(parents=True)
        (repository / "ci" / name / "action.yml").write_text(text)
    using = FINE.replace("run: make", "uses: ./ci/a")
    write(repository, ci=using, other=using.replace("make", "test"))
    code, text = checked()
    assert code == 2
    assert text.count('ci/b/action.yml:1:46: unknown key "shel" in a step of an action [key]\n') == 1
    assert '  = ci/a/action.yml:1:65: "./ci/b" is used here\n' in text
    assert text.endswith("2 workflows checked: 2 errors\n")


def test_an_action_is_checked_by_its_file(repository: Path) -> None:
    (repository / "action.yml").write_text(ACTION)
    assert checked("action.yml") == (0, "1 file checked: nothing is wrong\n")
    (repository / "action.yml").write_text(f"brnding: {{}}\n{ACTION}")
    code, text = checked("action.yml")
    assert (code, text.splitlines()[0]) == (0, 'action.yml:1:1: warning: unknown key "brnding" in an action [key]')


def test_no_workflow_at_all_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked()[0] == 2
    assert capsys.readouterr().err == "there is no workflow in .github/workflows [file]\n  give a file to check\n"


def test_a_missing_file_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repository, ci=FINE)
    assert checked("cii.yml")[0] == 2
    assert 'did you mean "ci.yml"?' in capsys.readouterr().err
