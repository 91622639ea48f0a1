"""Intervals, shares and trends."""

import pytest

from pipelinekit.views import bars
from pipelinekit.views.words import Delta
from tests.views.parsed import HOSTILE, assert_harmless, parse


def style(html: str, class_: str) -> str:
    return parse(html).one("i", class_).attributes["style"]


def test_an_interval_stands_where_its_numbers_are() -> None:
    drawn = bars.interval(0.01, 0.02, 0.03, top=0.05, text="2 %")
    assert style(drawn, "pk-int-bar") == "left:20.0%;width:40.0%"
    assert style(drawn, "pk-int-mid") == "left:40.0%"
    assert parse(drawn).one("span").attributes["aria-label"] == "2 %"


def test_an_interval_never_leaves_its_axis() -> None:
    drawn = bars.interval(-5, 2, 90, top=10, text="")
    assert style(drawn, "pk-int-bar") == "left:0.0%;width:100.0%"


def test_an_axis_that_goes_below_zero_marks_zero() -> None:
    drawn = bars.interval(-2, -1, 1, bottom=-10, top=10, text="")
    assert style(drawn, "pk-int-zero") == "left:50.0%"
    assert not parse(bars.interval(0, 1, 2, top=10, text="")).all("i", "pk-int-zero")


@pytest.mark.parametrize(("share", "width"), [(0.5, "50.0"), (1.7, "100.0"), (-1.0, "0.0")])
def test_a_bar_is_its_share_and_no_more(share: float, width: str) -> None:
    assert f"width:{width}%" in bars.bar(share, "x")


def test_a_spark_of_less_than_three_values_is_none() -> None:
    assert bars.spark([1.0, None, 2.0], "x") == ""
    assert bars.spark([], "x") == ""


def test_a_spark_marks_its_last_value_and_leaves_gaps_out() -> None:
    drawn = bars.spark([1.0, None, 2.0, 3.0, None], "trend")
    assert len(parse(drawn).one("polyline").attributes["points"].split()) == 3
    assert "left:75.0%" in drawn


def test_noise_does_not_look_like_a_mountain() -> None:
    flat = parse(bars.spark([100.0, 101.0, 100.0], "x", least=30.0)).one("polyline").attributes["points"]
    heights = [float(point.split(",")[1]) for point in flat.split()]
    assert max(heights) - min(heights) < 1


def test_a_change_says_its_word_and_takes_its_tone() -> None:
    assert parse(bars.delta(Delta("↑ +6s worse", "worse"))).one("span").classes == ["pk-delta", "pk-failure"]
    assert bars.delta(Delta("")) == ""


def test_texts_do_no_harm() -> None:
    assert_harmless(bars.bar(0.5, HOSTILE) + bars.interval(0, 1, 2, top=3, text=HOSTILE) + bars.spark([1, 2, 3], HOSTILE))
