"""`pipelinekit doctor`: what is there, what is missing, and how to mend it."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.main import main
from tests.repositories import repository


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repository(tmp_path / "shop", "on: push\njobs: {a: {runs-on: x, steps: [{run: echo}]}}\n"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    return tmp_path / "shop"


def test_what_is_missing_is_told_with_its_mend_and_by_the_exit_code(top: Path) -> None:
    out = io.StringIO()
    assert main(["doctor"], out) == 3
    lines = out.getvalue().splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("✗ missing  engine"))
    assert lines[at + 1].strip() == "mend: start the engine that DOCKER_HOST names, or unset DOCKER_HOST"
    assert lines[-1].startswith("1\u00a0thing is missing")


def test_programs_get_one_object(top: Path) -> None:
    out = io.StringIO()
    assert main(["doctor", "--format", "json"], out) == 3
    told = json.loads(out.getvalue())
    assert told["enough"] is False
    assert {"what", "state", "detail", "mend"} == told["findings"][0].keys()
    assert [f["state"] for f in told["findings"] if f["what"] == "engine"] == ["missing"]


@pytest.mark.docker
def test_with_an_engine_all_that_is_needed_is_there(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST")
    out = io.StringIO()
    assert main(["doctor"], out) == 0
    assert "Python 3.11" in out.getvalue()


def test_the_store_that_is_named_is_looked_at(top: Path) -> None:
    out = io.StringIO()
    main(["doctor", "--store", "elsewhere"], out)
    assert f"the first run makes {top / 'elsewhere'}" in out.getvalue()


def test_a_cell_gets_the_same_as_a_value(top: Path) -> None:
    found = pk.doctor()
    assert not found.enough
    assert [finding.what for finding in found if finding.state == "missing"] == ["engine"]
    assert "elsewhere" in pk.doctor(top, store="elsewhere")._repr_mimebundle_()["text/plain"]


def test_it_is_quick(top: Path) -> None:
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "pipelinekit", "doctor"], capture_output=True, check=False)
    assert time.monotonic() - began < 3  # 0.2 s alone; this machine may be busy
