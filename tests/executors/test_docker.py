"""What only containers do: they are gone when they should be, and know the network that this machine stands in."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelinekit.executors.base import Command, CommandResult, Place
from pipelinekit.executors.docker import RUN_LABEL, DockerExecutor
from pipelinekit.executors.engine_api import LOCAL_SOCKET, address, connect
from pipelinekit.executors.shell import Patience
from pipelinekit.model.problem import SurroundingsMissing
from tests.executors.conftest import lines_of, request_in, wait_until

IMPATIENT = Patience(interrupt_seconds=0.3, terminate_seconds=0.3)
SOON_WORRIED = Patience(silence_seconds=0.3, answer_seconds=4)


def containers_of(run_id: str) -> list[str]:
    client = connect(dict(os.environ))
    return [found["Id"] for found in client.containers(all=True, filters={"label": f"{RUN_LABEL}={run_id}"})]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = DockerExecutor(dict(os.environ), IMPATIENT).open(request_in(tmp_path))
    yield opened
    opened.close()


@pytest.mark.docker
def test_importing_the_executor_loads_no_client() -> None:
    script = "import sys, pipelinekit.executors.all_executors; sys.exit(any(m in sys.modules for m in ('docker', 'requests')))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.docker
def test_the_image_and_its_digest_are_named(place: Place) -> None:
    assert place.image
    assert place.image_digest.startswith("sha256:")
    assert len(place.image_digest) == len("sha256:") + 64


@pytest.mark.docker
def test_a_closed_place_leaves_no_container(tmp_path: Path) -> None:
    request = request_in(tmp_path)
    executor = DockerExecutor(dict(os.environ))
    opened = executor.open(request)
    assert opened.name in containers_of(request.run_id)
    opened.close()
    executor.close()
    assert opened.name not in containers_of(request.run_id)


@pytest.mark.docker
def test_a_place_can_be_closed_while_a_command_runs(tmp_path: Path) -> None:
    opened = DockerExecutor(dict(os.environ)).open(request_in(tmp_path))
    lost: list[SurroundingsMissing] = []

    def perform() -> None:
        try:
            opened.perform(Command(("sh", "-c", "echo ready; sleep 65")), lambda _: ready.set())
        except SurroundingsMissing as gone:
            lost.append(gone)

    ready = threading.Event()
    performing = threading.Thread(target=perform)
    performing.start()
    assert ready.wait(30)
    opened.close()
    performing.join(30)
    assert lost[0].message.startswith(f"lost the container {opened.name[:12]} in mid-run")


@pytest.mark.docker
def test_a_killed_process_leaves_no_container(tmp_path: Path) -> None:
    run_id = f"killed-{os.getpid()}"
    script = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from pipelinekit.executors.base import Command, PlaceRequest
        from pipelinekit.executors.docker import DockerExecutor
        place = DockerExecutor(dict(os.environ)).open(PlaceRequest({run_id!r}, "leg", "a/b", Path({str(tmp_path)!r})))
        place.perform(Command(("sh", "-c", "sleep 66 & echo left")), print)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    assert wait_until(lambda: not containers_of(run_id))


@pytest.mark.docker
def test_sweeping_removes_the_containers_of_dead_runs_only(tmp_path: Path) -> None:
    executor = DockerExecutor(dict(os.environ))
    dead, alive = (executor.open(request_in(tmp_path / name)) for name in ("dead", "alive"))
    other = f"{request_in(tmp_path).run_id}-other"
    assert executor.sweep(frozenset({other})) == 0
    assert {dead.name, alive.name} <= set(containers_of(request_in(tmp_path).run_id))
    assert executor.sweep(frozenset({request_in(tmp_path).run_id})) >= 2
    assert not {dead.name, alive.name} & set(containers_of(request_in(tmp_path).run_id))
    dead.close()
    alive.close()


@pytest.mark.docker
def test_a_command_that_ignores_all_signals_is_killed(place: Place) -> None:
    script = "trap '' INT TERM; echo ready; while :; do sleep 0.05; done"
    result = place.perform(Command(("sh", "-c", script), timeout_seconds=0.3), print)
    assert result == CommandResult(137, timed_out=True)
    assert lines_of(place, "echo", "next")[0] == ["next"]


@pytest.mark.docker
def test_a_link_that_leads_out_of_the_workspace_leads_to_the_containers_file(place: Place, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("this machine's own")
    lines_of(place, "sh", "-c", f"mkdir -p {tmp_path}; echo the container\\'s >{secret}; ln -s {secret} link; ln -s {tmp_path} out")
    assert place.read(f"{place.workspace}/link") == b"the container's\n"
    place.write(f"{place.workspace}/out/secret", b"overwritten\n")
    assert secret.read_text() == "this machine's own"
    assert lines_of(place, "cat", str(secret))[0] == ["overwritten"]


@pytest.mark.docker
def test_pip_installs_without_the_authors_doing(place: Place) -> None:
    lines, result = lines_of(place, "sh", "-c", "pip install -q six && python -c 'import six; print(six.__name__)'")
    assert result.exit_code == 0, lines
    assert lines[-1] == "six"


@pytest.mark.docker
def test_what_a_setup_action_asks_for_decides_the_python(tmp_path: Path) -> None:
    said: list[str] = []
    executor = DockerExecutor(dict(os.environ))
    request = request_in(tmp_path, python=">=3.10 <3.12")
    image = executor.prepare(request, said.append)
    opened = executor.open(request)
    assert (opened.image, lines_of(opened, "python", "-c", "import sys; print(sys.version_info[:2])")[0]) == (image, ["(3, 11)"])
    opened.close()


@pytest.mark.docker
def test_a_version_that_is_not_to_be_had_is_refused_with_what_is(tmp_path: Path) -> None:
    executor = DockerExecutor(dict(os.environ))
    with pytest.raises(SurroundingsMissing) as refused:
        executor.prepare(request_in(tmp_path, python="3.5"), print)
    assert refused.value.message.startswith("test (3.11): Python 3.5 is not to be had")
    assert "on this machine are: " in str(refused.value)


@pytest.mark.docker
def test_an_image_without_a_shell_is_refused(tmp_path: Path) -> None:
    client = connect(dict(os.environ))
    client.import_image_from_data(_empty_tar(), repository="pipelinekit-test/empty", tag="1")
    try:
        with pytest.raises(SurroundingsMissing, match='a container of "pipelinekit-test/empty:1" does not start'):
            DockerExecutor(dict(os.environ)).open(request_in(tmp_path, image="pipelinekit-test/empty:1"))
        assert not containers_of(request_in(tmp_path).run_id)
    finally:
        client.remove_image("pipelinekit-test/empty:1")


def _empty_tar() -> bytes:
    return bytes(10240)


@pytest.mark.docker
def test_an_image_with_a_user_of_its_own_may_write_where_its_leg_works(tmp_path: Path) -> None:
    client = connect(dict(os.environ))
    plain = DockerExecutor(dict(os.environ)).prepare(request_in(tmp_path), print)
    made = client.create_container(plain, ["true"])
    client.commit(made["Id"], "pipelinekit-test/user", "1", changes="USER nobody")
    client.remove_container(made["Id"])
    try:
        executor = DockerExecutor(dict(os.environ))
        opened = executor.open(request_in(tmp_path, image="pipelinekit-test/user:1"))
        opened.write(f"{opened.temp}/output", b"first\n")
        lines, result = lines_of(opened, "sh", "-c", f"id -un; echo second >>{opened.temp}/output; echo made >here; chmod 600 here")
        assert (lines, result.exit_code) == (["nobody"], 0)
        assert opened.read(f"{opened.temp}/output") == b"first\nsecond\n"
        assert opened.read(f"{opened.workspace}/here") == b"made\n"
        opened.close()
        executor.close()
    finally:
        client.remove_image("pipelinekit-test/user:1")


class Relay:
    """An engine of our own to lose: a socket that passes everything on to the real one until it is told to stop."""

    def __init__(self, path: Path) -> None:
        self.address = f"unix://{path}"
        self._connections: list[socket.socket] = []
        self._passing = threading.Event()
        self._passing.set()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def hang_up(self) -> None:
        for connection in (self._listening, *self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        self._passing.clear()

    def close(self) -> None:
        self._passing.set()
        self.hang_up()
        self._accepting.join()
        for connection in (self._listening, *self._connections):
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                near = self._listening.accept()[0]
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(address(dict(os.environ)).removeprefix("unix://"))
            self._connections += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                self._passing.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


@pytest.fixture
def relay() -> Iterator[Relay]:
    if not address(dict(os.environ)).startswith("unix://"):
        pytest.skip("the engine is not behind a socket of this machine")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # the path of a socket may be 107 bytes long
        relay = Relay(Path(folder) / "engine.sock")
        yield relay
        relay.close()


@pytest.mark.docker
@pytest.mark.parametrize("way", ["hang_up", "fall_silent"])
def test_an_engine_that_is_lost_in_mid_run_is_said_to_be_missing(relay: Relay, tmp_path: Path, way: str) -> None:
    executor = DockerExecutor({**os.environ, "DOCKER_HOST": relay.address}, SOON_WORRIED)
    opened = executor.open(request_in(tmp_path))
    with pytest.raises(SurroundingsMissing) as lost:
        opened.perform(Command(("sh", "-c", "echo ready; sleep 20")), lambda _: getattr(relay, way)())
    assert lost.value.message.startswith(f"lost the container {opened.name[:12]} in mid-run (")
    assert relay.address in lost.value.details[0]
    opened.close()
    relay.close()
    assert wait_until(lambda: opened.name not in containers_of(request_in(tmp_path).run_id))


@pytest.mark.docker
def test_a_container_that_was_killed_from_outside_is_removed_though_it_was_to_be_kept(tmp_path: Path) -> None:
    request = request_in(tmp_path, keep=True)
    executor = DockerExecutor(dict(os.environ), SOON_WORRIED)
    opened = executor.open(request)
    connect(dict(os.environ)).kill(opened.name)
    with pytest.raises(SurroundingsMissing, match="the container has stopped"):
        opened.perform(Command(("true",)), lambda _: None)
    opened.close()
    executor.close()
    assert opened.name not in containers_of(request.run_id)


@pytest.mark.docker
def test_a_command_is_stopped_in_a_container_that_was_paused(place: Place) -> None:
    def pause(_: list[str]) -> None:
        connect(dict(os.environ)).pause(place.name)
        place.stop()

    assert place.perform(Command(("sh", "-c", "echo begun; exec sleep 60")), pause).stopped


def test_no_engine_is_said_in_words_that_help(tmp_path: Path) -> None:
    executor = DockerExecutor({"DOCKER_HOST": f"unix://{tmp_path}/no.sock"})
    with pytest.raises(SurroundingsMissing) as missing:
        executor.prepare(request_in(tmp_path), print)
    assert str(missing.value).splitlines()[0] == f"cannot reach Docker at unix://{tmp_path}/no.sock (no such file or directory)"
    assert "--executor host" in str(missing.value)


def test_without_a_setting_the_engine_is_at_dockers_own_socket() -> None:
    assert address({}) == LOCAL_SOCKET == "unix:///var/run/docker.sock"


@pytest.mark.docker
def test_with_the_engines_socket_there_is_a_folder_of_the_same_name_outside(tmp_path: Path) -> None:
    opened = DockerExecutor(dict(os.environ)).open(request_in(tmp_path, engine_socket=True))
    try:
        (path,), _ = lines_of(opened, "sh", "-c", "test -S /var/run/docker.sock && mktemp -p $PIPELINEKIT_SHARED_TEMP")
        (bundle,), _ = lines_of(opened, "sh", "-c", "echo ${SSL_CERT_FILE:-/}")
        assert Path(path).is_file()
        assert Path(bundle).exists()
    finally:
        opened.close()
