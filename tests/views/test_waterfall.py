"""Where the time went."""

import pytest

from pipelinekit.views.waterfall import MOST_TICKS, Bar, Part, key, tick_step, waterfall
from tests.views.parsed import HOSTILE, assert_harmless, parse

ROWS = [
    Bar("lint", "success", (Part("queue", 0, 10), Part("setup", 10, 10), Part("run", 20, 30)), "40s", critical=True),
    Bar("test", "failure", (Part("run", 50, 50),), "50s"),
]


def test_a_part_is_as_long_as_its_share_of_the_whole() -> None:
    rows = parse(waterfall(ROWS)).all("div", "pk-wf-row")
    assert [i.attributes["style"] for i in rows[1].all("i")] == [
        "left:0.00%;width:10.00%", "left:10.00%;width:10.00%", "left:20.00%;width:30.00%",
    ]  # fmt: skip
    assert "pk-crit" in rows[1].classes
    assert "pk-failure" in rows[2].classes


def test_two_pictures_can_share_an_axis() -> None:
    assert "left:25.00%;width:25.00%" in waterfall(ROWS, 200)


@pytest.mark.parametrize("total", [0.3, 4, 44, 83, 372, 3_000, 90_000, 1_000_000])
def test_the_axis_has_some_ticks_and_not_many(total: float) -> None:
    assert 2 < total / tick_step(total) <= MOST_TICKS


def test_no_label_leaves_the_page_at_the_right() -> None:
    ticks = parse(waterfall(ROWS)).one("div", "pk-wf-axis").all("i")
    assert ticks[0].text == "0"
    assert all(float(tick.attributes["style"].removeprefix("left:").removesuffix("%")) <= 92 for tick in ticks)


def test_the_key_names_what_is_there_and_nothing_else() -> None:
    assert parse(key(ROWS)).one("p").text == "queuedpull and set uprunrun, failedon the critical path"
    assert parse(key(ROWS[1:])).one("p").text == "run, failed"


def test_a_part_of_no_time_is_not_drawn() -> None:
    assert len(parse(waterfall([Bar("a", "success", (Part("queue", 0, 0), Part("run", 0, 5)), "5s")])).all("i", "pk-wf-queue")) == 0


def test_nothing_that_ran_is_an_empty_picture() -> None:
    assert parse(waterfall([])).all("div", "pk-wf")


def test_names_do_no_harm() -> None:
    assert_harmless(waterfall([Bar(HOSTILE, HOSTILE, (Part("run", 0, 1),), HOSTILE)]))
