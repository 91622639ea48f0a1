"""Words for an engine that does not answer, or answers no."""

import socket
from pathlib import Path

import pytest

from pipelinekit.executors.engine_api import connect, knock, reason, refusal
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
