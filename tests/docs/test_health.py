"""The health report of this project's own pipeline."""

import io
import shutil
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.records.store import Store
from reports.make_health import HERE, answerable, make
from tests.made_store import make_store
from tests.repositories import repository


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with the folder reports, and no run yet."""
    reports = tmp_path / "reports"
    reports.mkdir()
    shutil.copy(HERE / "health.toml", reports)
    return reports


def test_a_project_without_runs_gets_a_report_that_says_so(folder: Path) -> None:
    out = io.StringIO()
    make(folder, out)
    assert "No run" in (folder / "pages" / "index.html").read_text(encoding="utf-8")
    assert "running" not in out.getvalue(), "a notebook would show another repository's runs"


@pytest.mark.notebook
def test_the_notebooks_are_executed_on_the_projects_own_runs(folder: Path) -> None:
    make_store(folder.parent / ".pipelinekit")
    make(folder, io.StringIO())
    made = sorted(path.stem.removeprefix("notebook-") for path in (folder / "pages").glob("notebook-*.html"))
    assert made == ["build-times", "ci-health", "compare-runs", "flaky-tests", "incident"]


def test_a_run_without_another_one_is_compared_with_none(folder: Path) -> None:
    repository(folder.parent, "on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: echo tested}]}}\n")
    pk.start("ci.yml", directory=folder.parent, executor="host").finish_sync()
    assert answerable(["compare-runs", "incident"], Store(folder.parent / ".pipelinekit")) == ["incident"]
