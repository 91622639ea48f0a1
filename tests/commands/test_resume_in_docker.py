"""`pipelinekit resume`, `run --step` and `clean` through the one door, in containers of a real engine."""

import io
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
      test:
        runs-on: ubuntu-latest
        steps:
          - name: Install
            run: echo installed > /opt/tool; echo "TOOL=/opt/tool" >> "$GITHUB_ENV"
          - name: Test
            run: cat "$TOOL"; echo half >> work.txt; test -f /opt/mended
          - name: Report
            run: cat work.txt
"""


def containers(store: Store, *, running: bool = False) -> list[str]:
    import docker

    client = docker.from_env()
    try:
        runs = {row["run_id"] for row in store.runs()}
        found = client.containers.list(all=not running, filters={"label": "pipelinekit.run"})
        return [str(c.id) for c in found if c.labels["pipelinekit.run"] in runs]
    finally:
        client.close()


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repository(tmp_path, WORKFLOW))
    return tmp_path


def said(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(words, out), out.getvalue()


def mend(store: Store) -> None:
    """What a person does who looks inside and finds what is missing."""
    import docker

    client = docker.from_env()
    container = client.containers.get(containers(store)[0])
    container.start()
    container.exec_run(["touch", "/opt/mended"])
    container.stop(timeout=0)
    client.close()


def test_a_failed_leg_is_kept_stopped_and_gone_on_with_in_the_same_container(top: Path) -> None:
    store = Store(top / ".pipelinekit")
    code, text = said("run")
    assert code == 1
    assert "go on: pipelinekit resume 1" in text
    assert len(containers(store)) == 1
    assert containers(store, running=True) == []
    assert 'run 1: "test" failed at "Test", kept until' in said("runs")[1]
    code, text = said("resume", "1")
    assert code == 1
    assert "Install: done in attempt 1" in text
    assert "installed" in text
    assert text.count("half") == 1  # the command's own line
    code, text = said("clean")
    assert "removed the container" in text
    assert containers(store) == []


def test_at_the_prompt_a_person_steps_looks_inside_mends_and_goes_on(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "u test/Test\ns\ne cat work.txt; touch /opt/mended\nv EXTRA=1\nr\ns\nq\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    code, text = said("run", "--step")
    store = Store(top / ".pipelinekit")
    assert code == 5
    assert "next: test · Test" in text
    assert "  set before TOOL=/opt/tool" in text
    assert '"Test" of test failed: r takes it again' in text
    assert "the workspace is as it was before that step" in text
    assert containers(store, running=True) == []
    assert [(r["attempt"], r["outcome"]) for r in store.table("runs").sort_by("attempt").to_pylist()] == [
        (1, "failure"), (2, "paused"),
    ]
    code, text = said("resume", "1")
    assert code == 0
    assert "Test: done in attempt 2" in text
    assert [line for line in text.splitlines() if line == "test |   half"] == ["test |   half"]
    assert containers(store) == []


def test_a_container_that_is_gone_is_told_and_the_leg_starts_again(top: Path) -> None:
    store = Store(top / ".pipelinekit")
    said("run")
    import docker

    client = docker.from_env()
    client.containers.get(containers(store)[0]).remove(force=True)
    client.close()
    code, text = said("resume", "1")
    assert code == 1
    assert "is gone): it starts again" in text
    assert "Install: done" not in text
    said("clean")


def test_ci_keeps_nothing(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert said("run")[0] == 1
    assert containers(Store(top / ".pipelinekit")) == []


def test_a_mended_container_goes_on(top: Path) -> None:
    store = Store(top / ".pipelinekit")
    said("run")
    mend(store)
    code, text = said("resume", "1")
    assert (code, containers(store)) == (0, [])
    assert [line for line in text.splitlines() if line == "test |   half"] == ["test |   half", "test |   half"]
