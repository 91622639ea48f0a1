"""Tables, figures and sentences."""

import pytest

from pipelinekit.views import figures, sentences, tables
from pipelinekit.views.words import Delta
from tests.views.parsed import HOSTILE, assert_harmless, parse

COLUMNS = (
    tables.Column("Test", "name"),
    tables.Column("Lost", "number", definition="what it cost"),
    tables.Column("Marks", spare=True, width="20%"),
)


def test_a_table_has_a_head_and_a_row_for_each() -> None:
    drawn = parse(tables.table(COLUMNS, [tables.Row(("a", "58m", "x"), kind="flaky", state="flaky", anchor="t1")], anchor="t"))
    assert [th.text for th in drawn.all("th")] == ["Test", "Lost", "Marks"]
    row = drawn.one("tbody").one("tr")
    assert row.attributes == {"data-class": "flaky", "class": "pk-flaky", "id": "t1"}
    assert [td.classes for td in row.all("td")] == [["pk-wide"], ["pk-r", "pk-num"], ["pk-w"]]
    assert drawn.one("abbr").attributes["title"] == "what it cost"


def test_a_row_of_another_length_than_the_head_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        tables.table(COLUMNS, [tables.Row(("a", "b"))])


def test_tools_offer_only_classes_that_are_there() -> None:
    drawn = parse(tables.tools("t", "Find", {"flaky": 2, "suspect": 0}))
    assert [button.attributes["data-class"] for button in drawn.all("button")] == ["flaky"]
    assert drawn.one("button").text == "flaky 2"


def test_facts_are_pairs() -> None:
    drawn = parse(tables.facts([("Commit", "abc"), ("Branch", "main")]))
    assert [(tr.one("th").text, tr.one("td").text) for tr in drawn.all("tr")] == [("Commit", "abc"), ("Branch", "main")]


def test_a_figure_has_its_definition_where_one_points_and_below() -> None:
    row = [figures.Figure("Hit rate", "hits ÷ lookups", "77", " %", Delta("↓ −6 pts worse", "worse"), "n = 1,296")]
    drawn = parse(figures.figures(row, "Lines: 8 weeks"))
    assert drawn.one("abbr").attributes["title"] == "hits ÷ lookups"
    assert drawn.one("details").one("dd").text == "hits ÷ lookups"
    assert drawn.one("summary").text == "How these are counted. Lines: 8 weeks"
    assert drawn.one("span", "pk-big").text == "77 %"


def test_words_in_the_place_of_a_number_stand_smaller() -> None:
    drawn = parse(figures.figures([figures.Figure("p50", "median", "too few (n = 3)")]))
    assert "pk-words" in drawn.one("span", "pk-big").classes


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(tables.table(COLUMNS, [tables.Row((HOSTILE,) * 3, kind=HOSTILE, anchor=HOSTILE)]), id="table"),
        pytest.param(tables.facts([(HOSTILE, HOSTILE)]), id="facts"),
        pytest.param(tables.plain([HOSTILE], [[HOSTILE]]), id="plain"),
        pytest.param(figures.figures([figures.Figure(HOSTILE, HOSTILE, HOSTILE, HOSTILE, note=HOSTILE)]), id="figures"),
        pytest.param(sentences.heading(HOSTILE, HOSTILE, crumbs=HOSTILE), id="heading"),
        pytest.param(sentences.verdict(HOSTILE, HOSTILE), id="verdict"),
        pytest.param(sentences.callout("failure", HOSTILE, HOSTILE, [sentences.Item("flaky", HOSTILE, HOSTILE)]), id="callout"),
        pytest.param(sentences.empty(HOSTILE, HOSTILE), id="empty"),
        pytest.param(sentences.items([sentences.Item("worse", HOSTILE)]), id="items"),
        pytest.param(sentences.todo([sentences.Item(HOSTILE, HOSTILE)]), id="todo"),
        pytest.param(sentences.found(f"a `{HOSTILE}` b"), id="found"),
        pytest.param(sentences.link(HOSTILE, HOSTILE), id="link"),
    ],
)
def test_texts_do_no_harm(html: str) -> None:
    assert_harmless(html)


def test_backticks_become_code() -> None:
    assert sentences.found("in `ci.yml`, now") == "in <code>ci.yml</code>, now"
