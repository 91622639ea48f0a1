import re

import pytest

import pipelinekit as pk
from pipelinekit.answers.all_answers import ALL_ANSWERS
from pipelinekit.charts.picture import Picture
from pipelinekit.notebook.stats import Result
from pipelinekit.notebook.table import Table
from pipelinekit.records.store import Store
from pipelinekit.views.run_links import MIME


@pytest.fixture(scope="module")
def results(shop: Store) -> dict[str, Result]:
    about = pk.evidence(shop)
    return {question: getattr(pk.stats, question)(about) for question in ALL_ANSWERS}


each = pytest.mark.parametrize("question", ALL_ANSWERS)


@each
def test_an_answer_shows_itself_as_markup_and_as_text(question: str, results: dict[str, Result]) -> None:
    shown = results[question]._repr_mimebundle_()
    assert shown["text/html"].count("<table") == len(results[question].tables)
    assert shown["text/plain"].startswith(results[question].sentence)
    assert shown["text/plain"].endswith("n\u00a0=\u00a012\u00a0runs")
    assert results[question].sentence not in results[question].evidence._repr_mimebundle_()["text/plain"]


@each
def test_an_answer_has_frames_and_a_chart(question: str, results: dict[str, Result]) -> None:
    result = results[question]
    assert len(result.frame()) > 0
    assert [len(result.frame(name)) >= 0 for name in result.frames]
    assert isinstance(result.chart(), Picture)


@each
def test_its_text_has_no_address_and_is_the_same_again(question: str, results: dict[str, Result], shop: Store) -> None:
    text = repr(results[question])
    assert not re.search(r"0x[0-9a-f]{6,}|object at", text)
    assert repr(getattr(pk.stats, question)(shop)) == text


def test_an_answer_says_which_runs_it_names(results: dict[str, Result]) -> None:
    flaky = results["flaky"]
    assert flaky.runs
    assert set(flaky._repr_mimebundle_()[MIME]) == {f"Run-{run}" for run in flaky.runs}
    assert f'<a href="#Run-{flaky.runs[0]}">' in flaky._repr_mimebundle_()["text/html"]


def test_a_sentence_shows_itself_as_a_verdict_and_is_text(results: dict[str, Result]) -> None:
    sentence = results["speed"].sentence
    assert isinstance(sentence, str)
    assert '<p class="pk-verdict"><b>Runs of ci take 46s (p50).</b>' in sentence._repr_html_()


def test_a_frame_that_is_not_there_comes_with_those_that_are(results: dict[str, Result]) -> None:
    with pytest.raises(KeyError, match='no frame is called "rows of"; frames here: rows, critical_path, trend, changes'):
        results["speed"].frame("rows of")


@pytest.mark.parametrize("question", ALL_ANSWERS)
def test_an_empty_store_is_said_and_nothing_is_raised(question: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("empty")
    result = getattr(pk.stats, question)(empty)
    assert result.sentence == f"No runs are stored yet in {empty}. `pipelinekit run ci.yml` records one."
    chart = result.chart()
    assert isinstance(chart, Table)
    assert "<table" not in chart._repr_html_()
    assert len(result.frame()) == 0
    assert "There is no evidence" in result.evidence._repr_mimebundle_()["text/plain"]


def test_a_filter_that_matches_nothing_is_named(shop: Store) -> None:
    said = pk.stats.flaky(shop, branch="nope").sentence
    assert said == f'None of the 12\u00a0runs in {shop.path} is of branch "nope" (workflows: ci; branches: main and search).'


def test_fewer_days_ask_about_fewer_runs(shop: Store) -> None:
    assert pk.stats.coverage(shop, days=1).about.endswith("n\u00a0=\u00a05\u00a0runs")
