"""A figure on a page."""

import json

import pytest

from pipelinekit.views.plots import plot
from tests.views.parsed import HOSTILE, assert_harmless, parse

FIGURE = {"data": [{"y": [1.0]}], "layout": {}, "narrow": {}}


def test_a_plot_is_its_data_and_an_open_table() -> None:
    drawn = parse(plot(FIGURE, ["Run", "Took"], [["1", "5s"]], label="durations", height=200))
    assert json.loads(drawn.one("script").text) == {**FIGURE, "height": 200}
    assert "open" in drawn.one("details").attributes
    assert [td.text for td in drawn.all("td")] == ["1", "5s"]


def test_what_json_cannot_say_is_an_error_and_not_a_broken_page() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        plot({"data": [float("nan")]}, [], [], label="", height=1)


def test_texts_do_no_harm() -> None:
    assert_harmless(plot({"data": [HOSTILE]}, [HOSTILE], [[HOSTILE]], label=HOSTILE, height=1))
