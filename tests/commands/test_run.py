"""`pipelinekit run`, through the one door, on this machine."""

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.main import main
from pipelinekit.records.store import Store
from tests.repositories import repository, write

GREETING = """
    on: {push: , workflow_dispatch: {inputs: {name: {default: you}, times: {type: number, default: 1}, loud: {type: boolean}}}}
    jobs:
      greet:
        runs-on: ubuntu-latest
        env: {MORE: none}
        steps:
          - run: echo "hello ${{ inputs.name || 'push' }} ${{ inputs.times }} ${{ inputs.loud }} $MORE $FROM_OUTSIDE"
"""


def run(monkeypatch: pytest.MonkeyPatch, top: Path, *words: str) -> tuple[int, str]:
    monkeypatch.chdir(top)
    out = io.StringIO()
    code = main(["run", *words, "--executor", "host"], out)
    return code, out.getvalue()


def started(top: Path) -> "subprocess.Popen[str]":
    """A run of its own process that has come to the step which says so."""
    command = [sys.executable, "-m", "pipelinekit", "run", "--executor", "host"]
    process = subprocess.Popen(command, cwd=top, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert any(line.strip() == "t |   started" for line in process.stdout)
    return process


def test_success_is_exit_code_0_and_ends_with_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = run(monkeypatch, repository(tmp_path, GREETING))
    assert code == 0
    assert "greet |   hello push   none" in text
    assert "✓ greet  success" in text
    assert text.splitlines()[-1].startswith("run 1: success in ")


def test_failure_is_exit_code_1_with_step_lines_and_where_to_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = """
        on: push
        jobs:
          test:
            runs-on: x
            steps:
              - name: Compile
                run: "echo fine; echo 'main.c:3: error: no such thing'; exit 2"
          after: {needs: test, runs-on: x, steps: [{run: echo no}]}
    """
    code, text = run(monkeypatch, repository(tmp_path, workflow))
    assert code == 1
    end = text[text.rindex("✗ test") :]
    assert 'because "test" failed' in end
    assert 'test failed at step "Compile"' in end
    assert "main.c:3: error: no such thing" in end
    assert "pipelinekit show 1" in end


def test_inputs_are_coerced_to_their_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = repository(tmp_path, GREETING)
    words = ("--event", "workflow_dispatch", "--input", "name=Ade", "--input", "times=2.50", "--input", "loud=true")
    code, text = run(monkeypatch, top, *words, "--env", "MORE=some")
    assert code == 0
    assert "hello Ade 2.5 true some" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--input", "nmae=x", "--event", "workflow_dispatch"], 'has no input "nmae"', id="unknown-input"),
        pytest.param(["--input", "times=many", "--event", "workflow_dispatch"], "must be a number", id="no-number"),
        pytest.param(["--secret", "KEY=value"], "may not stand on the command line", id="secret-on-the-command-line"),
        pytest.param(["--secret", "NO_SUCH_KEY"], 'has no variable "NO_SUCH_KEY"', id="secret-that-is-not-there"),
        pytest.param(["--job", "great"], 'did you mean "greet"?', id="unknown-job"),
        pytest.param(["--matrix", "python"], "must be KEY:VALUE", id="half-an-argument"),
        pytest.param(["--event", "issues"], '"issues" does not start', id="other-event"),
        pytest.param(["other.yml"], 'there is no workflow "other.yml"', id="missing-file"),
    ],
)
def test_what_is_wrong_is_exit_code_2_and_nothing_runs(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = run(monkeypatch, repository(tmp_path, GREETING), *words)
    assert code == 2
    assert told in capsys.readouterr().err
    assert text == ""
    assert Store(tmp_path / ".pipelinekit").runs() == []


def test_what_cannot_run_yet_is_refused_by_name_for_the_chosen_jobs_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow = """
        on: push
        jobs:
          fine: {runs-on: x, steps: [{run: echo fine}]}
          foreign: {runs-on: x, steps: [{uses: acme/rocket@v1}]}
          called: {uses: ./.github/workflows/other.yml}
    """
    top = repository(tmp_path, workflow)
    assert run(monkeypatch, top)[0] == 2
    told = capsys.readouterr().err
    assert 'job "foreign": this action can\'t run here yet: "acme/rocket@v1"' in told
    assert 'job "called": reusable workflows can\'t run here yet' in told
    assert run(monkeypatch, top, "--job", "fine")[0] == 0
    write(top, "pyproject.toml", '[tool.pipelinekit.actions]\n"acme/rocket" = "skip"\n')
    assert run(monkeypatch, top, "--job", "foreign")[0] == 0
    write(top, "pyproject.toml", '[tool.pipelinekit.actions]\n"acme/rocket" = "actions/rocket"\n')
    assert run(monkeypatch, top, "--job", "foreign")[0] == 2
    assert '"acme/rocket@v1" is mapped to the folder "actions/rocket"' in capsys.readouterr().err


def test_json_is_one_event_a_line_and_the_last_has_run_id_and_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = run(monkeypatch, repository(tmp_path, GREETING), "--format", "json")
    events = [json.loads(line) for line in text.splitlines()]
    assert code == 0
    assert events[0]["type"] == "RunStarted"
    assert events[-1]["outcome"] == "success"
    assert events[-1]["run_id"] == Store(tmp_path / ".pipelinekit").runs()[0]["run_id"]


def test_a_secret_comes_from_the_environment_or_a_file_and_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = """
        on: push
        jobs: {t: {runs-on: x, steps: [{run: 'echo "${{ secrets.A }} ${{ secrets.B }} $(echo ${{ secrets.A }} | rev)"'}]}}
    """
    top = repository(tmp_path, workflow)
    monkeypatch.setenv("A", "swordfish")
    write(top, "b.txt", "opensesame\n")
    code, text = run(monkeypatch, top, "--secret", "A", "--secret", "B=@b.txt")
    assert code == 0
    assert "*** *** hsifdrows" in text
    assert "swordfish" not in text


def test_notes_tell_what_has_no_effect_and_what_github_would_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = """
        on: {push: {branches: [release]}}
        permissions: {contents: read}
        concurrency: one
        jobs: {t: {runs-on: x, steps: [{run: echo hi}]}}
    """
    code, text = run(monkeypatch, repository(tmp_path, workflow))
    assert code == 0
    assert 'note: GitHub would not start this workflow: branch "main" matches none of branches: release' in text
    assert "note: permissions has no effect" in text
    assert "note: concurrency has no effect" in text


def test_a_ctrl_c_cancels_runs_always_steps_and_is_exit_code_130(tmp_path: Path) -> None:
    workflow = """
        on: push
        jobs: {t: {runs-on: x, steps: [{run: 'echo started; sleep 60'}, {if: always(), run: echo cleaned}]}}
    """
    top = repository(tmp_path, workflow)
    with started(top) as process:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "t |   cleaned" in rest
    assert Store(top / ".pipelinekit").runs()[0]["outcome"] == "cancelled"


def test_a_disk_that_is_full_is_exit_code_3_and_what_was_recorded_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = """
        on: push
        jobs: {t: {runs-on: x, steps: [{name: Quick, run: echo done}, {name: Loud, run: 'seq 1 200000; sleep 60'}]}}
    """
    top = repository(tmp_path, workflow)
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); from pipelinekit.main import main;"
        "sys.exit(main(['run', '--executor', 'host']))"
    )
    ended = subprocess.run([sys.executable, "-c", limited], cwd=top, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3, ended.stderr
    assert "cannot write the journal" in ended.stderr
    assert "make room on the disk" in ended.stderr
    monkeypatch.chdir(top)
    assert main(["runs"], io.StringIO()) == 0
    steps = {s["name"]: s["outcome"] for s in Store(top / ".pipelinekit").table("steps").to_pylist()}
    assert steps == {"Set up job": "success", "Quick": "success", "Loud": "cancelled"}


def test_a_killed_run_is_recovered_at_the_next_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = """
        on: push
        jobs: {t: {runs-on: x, steps: [{name: Quick, run: echo done}, {name: Slow, run: 'echo started; sleep 60'}]}}
    """
    top = repository(tmp_path, workflow)
    with started(top) as process:
        process.kill()
    monkeypatch.chdir(top)
    out = io.StringIO()
    assert main(["runs", "--format", "json"], out) == 0
    row = json.loads(out.getvalue())[0]
    assert (row["outcome"], row["reason"]) == ("cancelled", "pipelinekit was killed")
    steps = Store(top / ".pipelinekit").table("steps").to_pylist()
    assert {s["name"]: s["outcome"] for s in steps} == {"Set up job": "success", "Quick": "success", "Slow": "cancelled"}
    assert not list((top / ".pipelinekit" / "work").glob("*"))
