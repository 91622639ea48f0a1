"""Open places for the tests, one for each row of the table of executors."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.executors.base import Command, CommandResult, Place, PlaceRequest

MARKS = {"docker": [pytest.mark.docker]}
ROWS = [pytest.param(name, id=name, marks=MARKS.get(name, [])) for name in EXECUTORS]
RUNNING = [row for row in ROWS if row.id != "replay"]  # in a replay only commands that move files are performed


def request_in(folder: Path, **wishes: object) -> PlaceRequest:
    settings: dict[str, object] = {"labels": ("ubuntu-latest",), **wishes}
    return PlaceRequest(f"tests-{os.getpid()}", "test (3.11)", "someone/shop", folder, **settings)  # type: ignore[arg-type]


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def lines_of(place: Place, *argv: str, directory: str = "", **environment: str) -> tuple[list[str], CommandResult]:
    """All lines of a command, and how it ended."""
    lines: list[str] = []
    result = place.perform(Command(argv, environment, directory), lines.extend)
    return lines, result


def moved(place: Place, *argv: str) -> list[str]:
    """All lines of a command that moves files, which every place performs."""
    lines: list[str] = []
    assert place.perform(Command(argv, place.environment, moves=True), lines.extend) == CommandResult(0)
    return lines


@pytest.fixture(params=ROWS, scope="module")
def any_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """As `place`, for what holds where nothing runs too."""
    opened = EXECUTORS[request.param](dict(os.environ)).open(request_in(tmp_path_factory.mktemp("leg")))
    yield opened
    opened.close()


@pytest.fixture(params=RUNNING, scope="module")
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for the tests of a file: commands come one after another in a leg too."""
    opened = EXECUTORS[request.param](dict(os.environ)).open(request_in(tmp_path_factory.mktemp("leg")))
    yield opened
    opened.close()


@pytest.fixture(params=RUNNING)
def closable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """One for a test that closes it."""
    opened = EXECUTORS[request.param](dict(os.environ)).open(request_in(tmp_path))
    yield opened
    opened.close()
