import pytest

import pipelinekit as pk
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.notebook.history import HistoryOfTest, history
from pipelinekit.records.store import Store
from tests.made_store import FLAKY


@pytest.fixture(scope="module")
def flaky(shop: Store) -> HistoryOfTest:
    return history(FLAKY, shop)


def test_a_history_shows_marks_rate_and_the_attempts_that_disagree(flaky: HistoryOfTest) -> None:
    html = flaky._repr_mimebundle_()["text/html"]
    assert 'alt="last 11 runs: 8 passed, 1 failed, 2 flaky"' in html
    assert 'class="pk-int" role="img" aria-label="' in html
    assert "Both outcomes on one version of the code" in html
    assert "AssertionError: both buyers got item 7" in html


def test_its_text_has_the_marks_as_letters(flaky: HistoryOfTest) -> None:
    assert flaky.marks == "pppkFppppkp"
    assert "last 11 runs" in repr(flaky)
    assert "...kF....k." in repr(flaky)


def test_its_frame_has_one_row_a_run(flaky: HistoryOfTest) -> None:
    frame = flaky.frame()
    assert len(frame) == 11
    assert {"number", "run_id", "commit", "mark", "seconds", "failed_in"} <= set(frame)


def test_its_runs_lead_somewhere(flaky: HistoryOfTest) -> None:
    assert {str(run) for run in flaky.runs} == set(map(str, flaky.frame()["number"]))


def test_a_name_from_outside_is_escaped(shop: Store) -> None:
    html = pk.history("test_search[<script>]", shop)._repr_mimebundle_()["text/html"]
    assert "test_search[&lt;script&gt;]" in html
    assert "<script" not in html


def test_a_store_without_a_run_and_a_test_that_is_not_there_are_told(shop: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(WorkflowInvalid, match="no run is stored"):
        pk.history(FLAKY, tmp_path_factory.mktemp("empty"))
    with pytest.raises(WorkflowInvalid, match='no test is called "test_weather"'):
        pk.history("test_weather", shop)
