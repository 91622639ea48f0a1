"""A machine to look over: a repository, a store that is not there yet, and an engine that answers what a test says."""

from __future__ import annotations

import json
import os
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from pipelinekit.examinations.machine import Machine
from pipelinekit.records.store import Store
from tests.repositories import repository

NOW = 1_795_000_000.0
WORKFLOW = "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo}]}}\n"

Answers = dict[str, Any]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """No engine, no proxies, a git that knows who commits."""
    top = repository(tmp_path / "shop", WORKFLOW)
    (tmp_path / "gitconfig").write_text("[user]\nname = Mira\nemail = mira@example.org\n")
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "DOCKER_HOST": f"unix://{tmp_path}/none.sock", "TMPDIR": str(tmp_path),
    }  # fmt: skip
    return Machine(top, top, environment, Store(top / ".pipelinekit"), NOW)


def with_variables(machine: Machine, **variables: str) -> Machine:
    return replace(machine, environment={**machine.environment, **variables})


@contextmanager
def answering(socket: Path, answers: Answers) -> Iterator[str]:
    """A DOCKER_HOST at which an engine answers by path, and 404 to all else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path)
            body = json.dumps(found).encode()
            self.wfile.write(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%s" % (404 if found is None else 200, len(body), body))

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def address_string(self) -> str:
            return "local"

    with socketserver.ThreadingUnixStreamServer(str(socket), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"unix://{socket}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def engine_at(machine: Machine, tmp_path: Path) -> Iterator[Callable[[Answers], Machine]]:
    """The machine with an engine that gives these answers."""
    opened = []

    def start(answers: Answers) -> Machine:
        context = answering(tmp_path / "engine.sock", answers)
        host = context.__enter__()
        opened.append(context)
        return with_variables(machine, DOCKER_HOST=host)

    yield start
    for context in opened:
        context.__exit__(None, None, None)
