from pathlib import Path

import pytest

from pipelinekit.records.store import Store
from tests.made_store import make_store


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of a small shop: run 3 broken by its code, 4 mended; 5 failed through a flaky test."""
    return make_store(Path(tmp_path_factory.mktemp("shop")) / ".pipelinekit")
