"""Whether an engine answers."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelinekit.examinations import engine
from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Health
from pipelinekit.model.problem import SurroundingsMissing
from tests.examinations.conftest import Answers, with_variables

VERSION = {"Version": "27.5.1", "Components": [{"Name": "Engine"}]}
INFO = {"OSType": "linux", "NCPU": 4, "MemTotal": 16_000_000_000, "SecurityOptions": ["name=seccomp,profile=default"]}


def test_an_engine_is_named_with_its_version_and_its_size(engine_at: Callable[[Answers], Machine]) -> None:
    machine = engine_at({"/version": VERSION, "/info": INFO})
    (found,) = engine.engine(machine)
    assert found.state is Health.FINE
    assert found.detail == f"Docker 27.5.1 at {machine.environment['DOCKER_HOST']}, 4 cores, 16 GB"


def test_rootless_and_podman_are_told(engine_at: Callable[[Answers], Machine]) -> None:
    version = {"Version": "5.2.0", "Components": [{"Name": "Podman Engine"}]}
    (found,) = engine.engine(engine_at({"/version": version, "/info": {"SecurityOptions": ["name=rootless"]}}))
    assert found.detail.startswith("Podman 5.2.0 at ")
    assert found.detail.endswith(", rootless")


def test_an_engine_that_says_nothing_of_itself_is_one(engine_at: Callable[[Answers], Machine]) -> None:
    (found,) = engine.engine(engine_at({"/version": {"Version": "1"}}))
    assert found.state is Health.FINE


def test_containers_of_another_system_do_not_do(engine_at: Callable[[Answers], Machine]) -> None:
    _, found = engine.engine(engine_at({"/version": VERSION, "/info": {"OSType": "windows"}}))
    assert (found.state, found.detail) == (Health.MISSING, "it runs windows containers")


def test_without_one_the_way_to_one_is_told(machine: Machine, tmp_path: Path) -> None:
    (found,) = engine.engine(machine)
    assert found.state is Health.MISSING
    assert found.detail == f"cannot reach Docker at unix://{tmp_path}/none.sock (no such file or directory)"
    assert found.mend == engine.AWAY


@pytest.mark.parametrize(
    ("silence", "host", "mend"),
    [
        pytest.param("cannot reach Docker at x (connection refused)", "", engine.START, id="own"),
        pytest.param("cannot reach Docker at x (permission denied)", "", engine.JOIN, id="forbidden"),
        pytest.param("cannot reach Docker at x (connection refused)", "tcp://x", engine.AWAY, id="elsewhere"),
    ],
)
def test_the_mend_fits_the_silence(silence: str, host: str, mend: str, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise SurroundingsMissing(silence)

    monkeypatch.setattr(engine, "ask", silent)
    (found,) = engine.engine(with_variables(machine, DOCKER_HOST=host))
    assert found.mend == mend


def test_what_is_no_engine_is_none(machine: Machine, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "other.sock"))
        door.listen()

        def serve() -> None:
            visitor, _ = door.accept()
            with visitor:
                visitor.recv(1024)
                visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

        thread = threading.Thread(target=serve)
        thread.start()
        (found,) = engine.engine(with_variables(machine, DOCKER_HOST=f"unix://{tmp_path}/other.sock"))
        thread.join()
    assert "no JSON" in found.detail
