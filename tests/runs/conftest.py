"""What several tests of runs begin with."""

from pathlib import Path

import pytest

from tests.runs.remembering import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
