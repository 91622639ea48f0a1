"""`pipelinekit report`, from its arguments to files and a server."""

import io
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from pipelinekit.main import INVALID, MISSING, main
from tests.made_store import make_store


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("shop")
    (top / ".git").mkdir()
    (top / "deep" / "down").mkdir(parents=True)
    make_store(top / ".pipelinekit", runs=2)
    return top


def test_the_site_goes_to_the_top_of_the_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "deep" / "down")
    out = io.StringIO()
    assert main(["report", "build"], out) == 0
    index = repository / "site" / "index.html"
    assert index.exists()
    *stages, result = out.getvalue().splitlines()
    assert stages == ["reading the store", "writing 9 pages", "building the site with MkDocs"]
    assert result.startswith("built 9 pages in ")
    assert result.endswith(str(index))


def test_store_and_out_can_be_named(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    assert main(["report", "build", "--store", str(repository / ".pipelinekit"), "--out", "pages"], out) == 0
    assert (tmp_path / "pages" / "run-2.html").exists()


def test_a_store_that_is_not_there_makes_a_site_that_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", "build"], io.StringIO()) == 0
    html = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "Nothing has run yet." in html
    assert tmp_path.name in html
    assert not (tmp_path / ".pipelinekit").exists(), "reading makes no store"


def test_a_folder_of_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine.txt").touch()
    assert main(["report", "build"], io.StringIO()) == INVALID
    assert "it holds what pipelinekit did not make" in capsys.readouterr().err


def test_a_broken_table_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    table = tmp_path / ".pipelinekit" / "tables" / "runs"
    table.mkdir(parents=True)
    (table / "broken.parquet").write_bytes(b"no parquet")
    assert main(["report", "build"], io.StringIO()) == MISSING
    assert "broken.parquet" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_serving_says_where_and_ends_with_ctrl_c(repository: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipelinekit", "report", "serve", "--port", "0", "--out", str(tmp_path / "site")]
    with subprocess.Popen(
        command, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        told = next(line for line in server.stdout if line.startswith("serving "))
        address = told.split()[1].rstrip(",")
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - our own server
            assert "Content-Security-Policy" in page.read().decode()
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
        assert server.stderr.read().strip() == ""


def test_a_port_that_is_taken_is_said_to_be(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipelinekit.report.serve import serving

    monkeypatch.chdir(repository)
    with serving(tmp_path, 0) as (server, _):
        port = str(server.server_address[1])
        assert main(["report", "serve", "--port", port, "--out", str(tmp_path / "site")], io.StringIO()) == MISSING
    assert f"cannot serve on 127.0.0.1:{port}" in capsys.readouterr().err
