"""`pipelinekit lab` as a process: what it says, and how it ends."""

from __future__ import annotations

import io
import json
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelinekit.main import INVALID, MISSING, main
from pipelinekit.notebook import lab
from pipelinekit.records.store import Store
from tests.lab import LabServer, started
from tests.repositories import repository

WORKFLOW = """
    on: push
    jobs:
      long:
        runs-on: ubuntu-latest
        steps: [{name: Wait, run: "echo waiting; exec sleep 300"}]
"""
CODE = "import pipelinekit as pk; run = pk.start('ci.yml', executor='host'); doing = run.go()"
SAID = b',"waiting"]'  # a line of the log, and not the command


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "shop", WORKFLOW)


def wait_until(true: Callable[[], object], seconds: float = 60.0) -> Any:
    until = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


def ask(server: LabServer, path: str, token: str | None = None, **data: object) -> Any:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.base}/{path}", data=json.dumps(data).encode() if data else None,
        headers={"Authorization": f"token {server.token if token is None else token}"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.loads(answer.read())


def test_a_folder_that_is_not_there_is_told(top: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(top)
    assert main(["lab", "elsewhere"], io.StringIO()) == INVALID
    assert 'there is no folder "elsewhere"' in capsys.readouterr().err


def test_without_jupyterlab_one_line_says_what_to_install(
    top: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(top)
    monkeypatch.setattr("pipelinekit.notebook.lab.importlib.util.find_spec", lambda name: None)
    assert main(["lab"], io.StringIO()) == MISSING
    assert capsys.readouterr().err == "`pipelinekit lab` needs the package jupyterlab: pip install 'pipelinekit[lab]'\n"
    assert not (top / ".pipelinekit").exists()


def test_a_port_that_is_taken_is_told(top: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(top)
    with socket.create_server((lab.HOST, 0)) as server:
        assert main(["lab", "--port", str(server.getsockname()[1])], io.StringIO()) == MISSING
    assert "can't be had (address already in use)" in capsys.readouterr().err


@pytest.mark.notebook
def test_it_says_where_it_is_once_and_what_to_open_first(top: Path, tmp_path: Path) -> None:
    with started(top, tmp_path / "home", DOCKER_HOST=f"unix://{tmp_path}/none.sock") as server:
        lines = "".join(server.said).splitlines()
        assert lines[0] == f"JupyterLab on {top}"
        assert lines[1].strip().startswith(f"http://127.0.0.1:{server.base.rpartition(':')[2]}/lab/tree/.pipelinekit/notebooks/")
        assert lines[2].strip().startswith("open first: .pipelinekit/notebooks/")
        assert lines[3].strip() == f"cannot reach Docker at unix://{tmp_path}/none.sock (no such file or directory)"
        assert lines[4].strip() == 'start pipelines with executor="host", or make an engine available: pipelinekit engine'
        assert "".join(server.said).count("http://") == 1
        assert server.end() == 0
    assert "Traceback" not in "".join(server.said)


@pytest.mark.notebook
def test_nobody_comes_in_without_the_token_or_from_another_machine(top: Path, tmp_path: Path) -> None:
    with started(top, tmp_path / "home") as server:
        assert ask(server, "api/contents")["type"] == "directory"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            ask(server, "api/contents", token="wrong")
        port = int(server.base.rpartition(":")[2])
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)


@pytest.mark.notebook
def test_a_page_left_open_from_another_repository_is_refused(top: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "other", WORKFLOW)
    page = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with started(top, tmp_path / "home") as server:
        page.open(server.address, timeout=30)
        port = server.base.rpartition(":")[2]
        assert page.open(f"{server.base}/api/contents", timeout=30).status == 200
    with started(other, tmp_path / "home", "--port", port) as server:
        assert server.base.endswith(port)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            page.open(f"{server.base}/api/contents", timeout=30)


@pytest.mark.notebook
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP], ids=lambda number: signal.Signals(number).name)
def test_what_ends_it_ends_the_runs_in_it_and_records_them(how: int, top: Path, tmp_path: Path) -> None:
    from jupyter_client.blocking.client import BlockingKernelClient

    store = Store(top / ".pipelinekit")
    with started(top, tmp_path / "home") as server:
        kernel = ask(server, "api/kernels", name="python3")["id"]
        client = BlockingKernelClient(connection_file=str(tmp_path / "home" / "runtime" / f"kernel-{kernel}.json"))
        client.load_connection_file()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        client.execute(CODE)  # waits in the channel until the kernel is up
        wait_until(lambda: any(SAID in journal.read_bytes() for journal in store.journals()))
        client.stop_channels()
        assert server.end(how) == 0
    (row,) = store.runs()
    assert row["outcome"] == "cancelled"
    assert [leg["outcome"] for leg in store.rows("jobs", row["run_id"], row["attempt"])] == ["cancelled"]
