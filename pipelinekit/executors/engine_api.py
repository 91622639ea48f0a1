"""The container engine's API: where it is, how to reach it, and what to say when nobody answers."""

import json
import math
import socket
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from pipelinekit.model.problem import SurroundingsMissing

if TYPE_CHECKING:
    from docker import APIClient
    from requests.adapters import BaseAdapter

LOCAL_SOCKET = "unix:///var/run/docker.sock"
ANSWER_SECONDS = 30
_OK, _NOT_FOUND = 200, 404


def address(environment: Mapping[str, str]) -> str:
    """Where the engine listens: DOCKER_HOST, or Docker's own socket."""
    return environment.get("DOCKER_HOST") or LOCAL_SOCKET


def ask(environment: Mapping[str, str], path: str, answer_seconds: float = ANSWER_SECONDS) -> Any:
    """What the engine answers to `GET path`, None where it has no such thing. Raises SurroundingsMissing.

    On a socket of this machine it is asked without the client, which takes 0.2 s to load.
    """
    where = address(environment)
    if where.startswith("unix://"):
        try:
            status, content = _answer(where.removeprefix("unix://"), path, answer_seconds)
        except (OSError, HTTPException) as silence:
            raise unreachable(where, reason(silence)) from silence
    else:
        client = connect(environment, math.ceil(answer_seconds))
        try:
            with asking(where):
                answer = client.get(f"{client.base_url}/v{client.api_version}{path}")
        finally:
            client.close()
        status, content = answer.status_code, answer.content
    if status == _NOT_FOUND:
        return None
    if status != _OK:
        raise unreachable(where, f"it answers {status} to {path}")
    try:
        return json.loads(content)
    except ValueError as other:
        raise unreachable(where, f"it answers {path} with what is no JSON") from other


def _answer(socket_path: str, path: str, answer_seconds: float) -> tuple[int, bytes]:
    """Status and content. Raises OSError, HTTPException."""
    connection = HTTPConnection("localhost", timeout=answer_seconds)
    connection.sock = socket.socket(socket.AF_UNIX)
    try:
        connection.sock.settimeout(answer_seconds)
        connection.sock.connect(socket_path)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def connect(environment: Mapping[str, str], answer_seconds: int = ANSWER_SECONDS) -> "APIClient":
    """A client of an engine that answers. Raises SurroundingsMissing."""
    where = address(environment)
    try:
        knock(where)
    except OSError as silence:
        raise unreachable(where, reason(silence)) from silence
    from docker import APIClient  # 0.2 s that only a run in containers needs
    from docker.utils import kwargs_from_env

    with asking(where):
        settings = kwargs_from_env(environment={**environment, "DOCKER_HOST": where})
        client = APIClient(version="auto", timeout=answer_seconds, use_ssh_client=where.startswith("ssh://"), **settings)
    weakref.finalize(client, _hang_up, tuple(client.adapters.values()))  # it does not close its connections by itself
    return client


def knock(where: str) -> None:
    """Raises OSError where nobody listens on a socket of this machine: at once, and before the client is loaded for nothing."""
    if where.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(where.removeprefix("unix://"))


def _hang_up(adapters: "tuple[BaseAdapter, ...]") -> None:
    for adapter in adapters:
        adapter.close()


@contextmanager
def asking(where: str) -> Iterator[None]:
    """Turns what comes out of the client when nobody answers into SurroundingsMissing; answers, also bad ones, pass."""
    from docker.errors import APIError, DockerException  # loaded with the client already
    from requests.exceptions import RequestException

    try:
        yield
    except APIError:
        raise
    except (DockerException, RequestException, ConnectionError) as silence:
        raise unreachable(where, reason(silence)) from silence


def unreachable(where: str, why: str) -> SurroundingsMissing:
    """What is said when the engine does not answer before a run."""
    return SurroundingsMissing(
        f"cannot reach Docker at {where} ({why})",
        "start Docker or let `pipelinekit engine` do it, or run without it: pipelinekit run --executor host",
    )


def reason(error: BaseException) -> str:
    """The innermost cause in a few words: "connection refused", "no such file or directory"."""
    innermost = error
    while (below := innermost.__cause__ or innermost.__context__) is not None:
        innermost = below
    for found in (innermost, *innermost.args):
        if isinstance(found, OSError) and found.strerror:
            return found.strerror.lower()
    return str(innermost).strip().rstrip(".").lower() or type(innermost).__name__


def refusal(error: BaseException) -> str:
    """The engine's own words in an answer that is an error."""
    words = getattr(error, "explanation", None) or str(error)
    if isinstance(words, bytes):
        words = words.decode("utf-8", "replace")
    with suppress(ValueError, KeyError, TypeError):
        words = json.loads(words)["message"]
    return str(words).strip().splitlines()[0]
