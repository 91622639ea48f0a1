"""`pipelinekit run` in containers of a real engine."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.main import main
from pipelinekit.records.store import Store
from tests.repositories import repository

pytestmark = pytest.mark.docker

WORKFLOW = """
    on: push
    jobs:
      build:
        runs-on: ubuntu-latest
        outputs: {version: "${{ steps.v.outputs.version }}"}
        steps:
          - uses: actions/checkout@v4
          - id: v
            run: echo "version=$(cat version.txt)" >> "$GITHUB_OUTPUT"
          - uses: actions/upload-artifact@v4
            with: {name: package, path: version.txt}
      test:
        needs: build
        runs-on: ubuntu-latest
        strategy: {matrix: {python: ['3.11', '3.13']}}
        steps:
          - uses: actions/checkout@v4
          - uses: actions/setup-python@v5
            with: {python-version: "${{ matrix.python }}"}
          - uses: actions/download-artifact@v4
            with: {name: package, path: got}
          - run: |
              python --version
              cat got/version.txt
              echo "from build: ${{ needs.build.outputs.version }} on ${{ matrix.python }}"
              test "$(python -c 'import sys; print(sys.version_info.minor)')" = "${{ matrix.python == '3.11' && '11' || '13' }}"
"""


def labelled(label: str) -> list[str]:
    """Ids of containers, stopped ones too, that belong to a run of this store."""
    import docker

    client = docker.from_env()
    try:
        return [c.id or "" for c in client.containers.list(all=True, filters={"label": label})]
    finally:
        client.close()


def test_a_pipeline_with_matrix_outputs_and_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = repository(tmp_path, WORKFLOW, **{"version.txt": "1.2.3"})
    monkeypatch.chdir(top)
    out = io.StringIO()
    assert main(["run"], out) == 0, out.getvalue()
    text = out.getvalue()
    assert "from build: 1.2.3 on 3.11" in text
    assert "from build: 1.2.3 on 3.13" in text
    store = Store(top / ".pipelinekit")
    jobs = {row["leg"]: row for row in store.table("jobs").to_pylist()}
    assert set(jobs) == {"build", "test (3.11)", "test (3.13)"}
    assert all(row["image"] and row["image_digest"].startswith("sha256:") and row["cpu_seconds"] > 0 for row in jobs.values())
    assert jobs["test (3.11)"]["created_at"] >= jobs["build"]["finished_at"]
    assert [a["name"] for a in store.table("artifacts").to_pylist()] == ["package"]
    assert (top / "version.txt").read_text() == "1.2.3"
    assert not labelled(f"pipelinekit.run={store.runs()[0]['run_id']}")


def test_a_killed_run_leaves_no_container_after_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = "on: push\njobs: {t: {runs-on: ubuntu-latest, steps: [{run: echo done}, {run: 'echo started; sleep 120'}]}}\n"
    top = repository(tmp_path, workflow)
    command = [sys.executable, "-m", "pipelinekit", "run"]
    with subprocess.Popen(command, cwd=top, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any(line.strip() == "t |   started" for line in process.stdout)
        process.kill()
    monkeypatch.chdir(top)
    out = io.StringIO()
    assert main(["runs", "--format", "json"], out) == 0
    row = json.loads(out.getvalue())[0]
    assert row["outcome"] == "cancelled"
    assert not labelled(f"pipelinekit.run={row['run_id']}")


def test_an_image_that_cannot_be_had_is_exit_code_3_and_nothing_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow = "on: push\njobs: {t: {runs-on: x, container: 'localhost:1/no/such:image', steps: [{run: echo}]}}\n"
    monkeypatch.chdir(repository(tmp_path, workflow))
    assert main(["run"], io.StringIO()) == 3
    assert "localhost:1/no/such:image" in capsys.readouterr().err
    assert Store(tmp_path / ".pipelinekit").runs() == []


def test_a_python_that_is_not_there_is_told_with_what_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow = """
        on: push
        jobs: {t: {runs-on: x, steps: [{uses: actions/setup-python@v5, with: {python-version: '2.6'}}]}}
    """
    monkeypatch.chdir(repository(tmp_path, workflow))
    assert main(["run"], io.StringIO()) == 3
    told = capsys.readouterr().err
    assert "2.6" in told
    assert "3.11" in told


def test_an_engine_that_is_not_there_is_exit_code_3_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository(tmp_path, "on: push\njobs: {t: {runs-on: x, steps: [{run: echo}]}}\n"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    assert main(["run"], io.StringIO()) == 3
    told = capsys.readouterr().err
    assert f"cannot reach Docker at unix://{tmp_path}/no.sock" in told
    assert "--executor host" in told


def test_a_container_that_is_removed_in_mid_run_fails_the_run_with_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow = "on: push\njobs: {t: {runs-on: ubuntu-latest, steps: [{run: echo done}, {run: 'echo started; sleep 120'}]}}\n"
    top = repository(tmp_path, workflow)
    command = [sys.executable, "-m", "pipelinekit", "run"]
    with subprocess.Popen(command, cwd=top, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert any(line.strip() == "t |   started" for line in process.stdout)
        place = next(p.name for p in (top / ".pipelinekit" / "work").iterdir())
        import docker

        client = docker.from_env()
        for container in client.containers.list(filters={"label": f"pipelinekit.run={place}"}):
            container.remove(force=True)
        client.close()
        _, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "lost the container" in told
    row = Store(top / ".pipelinekit").runs()[0]
    assert row["outcome"] == "failure"
    steps = {s["name"]: s["outcome"] for s in Store(top / ".pipelinekit").table("steps").to_pylist()}
    assert steps["Run echo done"] == "success"
