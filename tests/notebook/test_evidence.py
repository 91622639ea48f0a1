from pathlib import Path

import pytest

from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.notebook.evidence import RECORDED, evidence
from tests.made_store import make_store


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PIPELINEKIT_STORE", raising=False)
    return tmp_path


def test_the_repository_s_own_store_is_opened(repository: Path) -> None:
    make_store(repository / ".pipelinekit")
    asked = evidence()
    assert asked.store.path == repository / ".pipelinekit"
    assert asked.runs.num_rows == 12
    assert asked.sentence.startswith("From 12\u00a0runs in the store of this repository")


def test_without_a_run_the_recorded_store_is_opened_and_that_is_said(repository: Path) -> None:
    asked = evidence()
    assert asked.store.path == RECORDED
    assert asked.runs.num_rows == 6
    assert "comes with pipelinekit" in asked.sentence


def test_a_store_that_is_named_is_taken(repository: Path) -> None:
    make_store(repository / "elsewhere", runs=3)
    asked = evidence(str(repository / "elsewhere"))
    assert asked.runs.num_rows == 3
    assert asked.table("jobs").num_rows == 12


@pytest.mark.parametrize(("name", "value", "runs"), [("branch", "search", 1), ("workflow", "ci.yml", 12), ("workflow", "ci", 12)])
def test_runs_are_chosen(repository: Path, name: str, value: str, runs: int) -> None:
    make_store(repository / ".pipelinekit")
    asked = evidence(**{name: value})  # type: ignore[arg-type]
    assert asked.runs.num_rows == runs


def test_where_no_run_is_left_one_is_told(repository: Path) -> None:
    make_store(repository / ".pipelinekit", runs=2)
    with pytest.raises(WorkflowInvalid, match=r'none of the 2\u00a0runs in .* is of workflow "nightly"$') as told:
        evidence(workflow="nightly")
    assert told.value.problems[0].hint == "workflows: ci; branches: main"
    with pytest.raises(WorkflowInvalid, match='is of workflow "nightly" and branch "x"'):
        evidence(workflow="nightly", branch="x")


def test_a_store_that_is_named_and_empty_is_not_replaced(repository: Path) -> None:
    with pytest.raises(WorkflowInvalid, match="no run is stored in"):
        evidence(str(repository / "empty"))
