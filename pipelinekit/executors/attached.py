"""The shell of a container over the engine's attach stream, and its signals through a second exec."""

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from pipelinekit.executors.engine_api import knock, reason
from pipelinekit.executors.shell import PlaceGone

if TYPE_CHECKING:
    from docker import APIClient

HEADER_BYTES = 8  # of each frame: stream number, three zeros, length (big-endian); Docker API, "Attach to a container"
RECEIVE_BYTES = 1 << 18


class ContainerStopped(PlaceGone):
    """It is there, and nothing runs in it any more."""


class Attached:
    """Transport to the main process of a container that is created, but not started: nothing of its output is missed."""

    def __init__(self, client: "APIClient", where: str, container: str) -> None:
        self._client = client
        self._where = where
        self._container = container
        stream = client.attach_socket(container, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
        self._stream = stream  # owns the connection
        self._socket: socket.socket = getattr(stream, "_sock", stream)
        self._frames = bytearray()

    def send(self, data: bytes) -> None:
        try:
            self._socket.settimeout(None)
            self._socket.sendall(data)
        except OSError as silence:
            raise PlaceGone(reason(silence)) from silence

    def receive(self, wait_seconds: float) -> bytes | None:
        try:
            self._socket.settimeout(wait_seconds)
            data = self._socket.recv(RECEIVE_BYTES)
        except TimeoutError:
            return None
        except OSError as silence:
            raise PlaceGone(reason(silence)) from silence
        if not data:
            return b""
        self._frames += data
        return self._payload() or None

    def _payload(self) -> bytes:
        """What whole frames have brought; a frame that is not whole yet gives what there is of it."""
        parts = []
        at = 0
        while len(self._frames) - at >= HEADER_BYTES:
            end = at + HEADER_BYTES + int.from_bytes(self._frames[at + 4 : at + 8], "big")
            if end > len(self._frames):
                break
            parts.append(bytes(self._frames[at + HEADER_BYTES : end]))
            at = end
        del self._frames[:at]
        return b"".join(parts)

    def signal(self, name: str, process: int, *, alone: bool) -> None:
        """Raises nothing: where the engine does not answer, who waits for the command finds out."""
        from docker.errors import DockerException  # loaded with the client already
        from requests.exceptions import RequestException

        script = f"kill -s {name} -- -{process} 2>/dev/null" + (f" || kill -s {name} {process}" if alone else "")
        try:
            if self._client.inspect_container(self._container)["State"]["Paused"]:  # by hand: nothing in it would hear of it
                self._client.unpause(self._container)
            made = self._client.exec_create(self._container, ["sh", "-c", script], user="0", stdout=False, stderr=False)
            self._client.exec_start(str(made["Id"]))
        except (DockerException, RequestException):
            return

    def check(self) -> None:
        from docker.errors import DockerException, NotFound  # loaded with the client already
        from requests.exceptions import RequestException

        try:
            knock(self._where)
            running = self._client.inspect_container(self._container)["State"]["Running"]
        except NotFound:
            raise PlaceGone("the container was removed") from None
        except (DockerException, RequestException, OSError) as silence:
            raise PlaceGone(reason(silence)) from silence
        if not running:
            raise ContainerStopped("the container has stopped")

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for a command
        self._stream.close()
        self._socket.close()
