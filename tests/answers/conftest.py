from pathlib import Path

import pytest

from pipelinekit.answers.all_answers import ALL_ANSWERS
from pipelinekit.answers.one_test import History, history
from pipelinekit.answers.question import Answer, Asked, asked
from pipelinekit.records.store import Store
from tests.made_store import BROKEN, FLAKY, make_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_store(Path(tmp_path_factory.mktemp("answers")) / ".pipelinekit")


@pytest.fixture(scope="session")
def about(store: Store) -> Asked:
    found = asked(store)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def answers(about: Asked) -> dict[str, Answer]:
    """Each answer about the store, asked once."""
    return {question: answer(about) for question, answer in ALL_ANSWERS.items()}


@pytest.fixture(scope="session")
def histories(about: Asked) -> dict[str, History]:
    """A test that is flaky, one that its code broke, and one that never failed."""
    return {name: history(about, name) for name in (FLAKY, BROKEN, "test_front_page")}
