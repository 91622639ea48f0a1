"""What the tests need of this machine: without it they are skipped and say why, or fail where PIPELINEKIT_TESTS_REQUIRE names it.

A test marked `docker` or `browser` gets its fixture by the mark alone.
"""

import os
import shutil
from pathlib import Path

import pytest

from pipelinekit.executors.engine_api import connect
from pipelinekit.model.problem import SurroundingsMissing
from tests.browsers import browser  # noqa: F401 - fixtures of all tests
from tests.lab import lab, lab_of_module, lab_server  # noqa: F401

os.environ.pop("CI", None)  # a test that asks what CI does says so itself

FIXTURES = {"docker": "container_engine", "browser": "chromium"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark, fixture in FIXTURES.items():
            if item.get_closest_marker(mark) is not None and isinstance(item, pytest.Function):
                item.fixturenames.insert(0, fixture)


def missing(what: str, why: str) -> None:
    """Skip, or fail where the environment says that it must be there."""
    if what in os.environ.get("PIPELINEKIT_TESTS_REQUIRE", ""):
        pytest.fail(f"{what} is required here: {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def container_engine() -> dict[str, str]:
    """The environment under which an engine answers."""
    try:
        connect(dict(os.environ)).close()
    except SurroundingsMissing as silence:
        missing("docker", silence.message)
    return dict(os.environ)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The program."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        missing("browser", "there is no Chromium on the PATH")
    return Path(str(found))
