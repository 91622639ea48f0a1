"""Words for an engine that does not answer, or answers no."""

import os
import socket
import threading
from pathlib import Path

import pytest

from pipelinekit.executors.engine_api import ask, connect, knock, reason, refusal
from pipelinekit.model.problem import SurroundingsMissing


def test_a_socket_at_which_nobody_listens_is_named_with_its_reason(tmp_path: Path) -> None:
    abandoned = socket.socket(socket.AF_UNIX)
    abandoned.bind(str(tmp_path / "engine.sock"))
    abandoned.close()
    with pytest.raises(SurroundingsMissing) as missing:
        connect({"DOCKER_HOST": f"unix://{tmp_path}/engine.sock"})
    assert missing.value.message == f"cannot reach Docker at unix://{tmp_path}/engine.sock (connection refused)"


def test_an_address_of_another_machine_is_named_with_its_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SurroundingsMissing) as missing:
        connect({"DOCKER_HOST": f"tcp://127.0.0.1:{port}"}, answer_seconds=5)
    assert missing.value.message == f"cannot reach Docker at tcp://127.0.0.1:{port} (connection refused)"


def test_only_sockets_of_this_machine_are_knocked_at() -> None:
    knock("tcp://192.0.2.1:2375")


def test_the_reason_is_the_innermost_one() -> None:
    outer = RuntimeError("while fetching the version of a thing at a place")
    outer.__cause__ = FileNotFoundError(2, "No such file or directory")
    assert reason(outer) == "no such file or directory"
    assert reason(ValueError()) == "ValueError"


@pytest.mark.parametrize(
    ("explanation", "words"),
    [
        pytest.param('{"message": "no such image: x"}', "no such image: x", id="json"),
        pytest.param(b"pull access denied\nfor x", "pull access denied", id="bytes"),
        pytest.param(None, "500 Server Error", id="nothing"),
    ],
)
def test_the_engines_own_words_are_given(explanation: object, words: str) -> None:
    answer = ValueError("500 Server Error")
    answer.explanation = explanation  # type: ignore[attr-defined]
    assert refusal(answer) == words


@pytest.mark.docker
def test_an_engine_of_this_machine_is_asked_without_its_client() -> None:
    environment = dict(os.environ)
    assert isinstance(ask(environment, "/images/json"), list)
    assert ask(environment, "/images/pipelinekit-test-no-such-image/json") is None


def test_an_engine_that_can_not_be_asked_is_named(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsMissing, match=r"cannot reach Docker at .*no such file or directory"):
        ask({"DOCKER_HOST": f"unix://{tmp_path}/engine.sock"}, "/images/json")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno"], ids=["silence", "an-error"])
def test_an_answer_that_is_none_is_told(tmp_path: Path, answer: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "engine.sock"))
        door.listen()

        def serve() -> None:
            visitor, _ = door.accept()
            with visitor:
                visitor.recv(1024)
                visitor.sendall(answer)

        server = threading.Thread(target=serve)
        server.start()
        with pytest.raises(SurroundingsMissing, match="cannot reach Docker at"):
            ask({"DOCKER_HOST": f"unix://{tmp_path}/engine.sock"}, "/version")
        server.join()
