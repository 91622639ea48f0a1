"""What the tests of live runs share."""

from pathlib import Path

import pytest

from tests.live_runs.made import WORKFLOW
from tests.repositories import repository


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path, WORKFLOW)
