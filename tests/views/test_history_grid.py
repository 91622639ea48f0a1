"""The run x test grid."""

import json

from pipelinekit.views.history_grid import NARROWEST, WIDEST, GridRun, GridTest, history_grid
from tests.views.parsed import HOSTILE, assert_harmless, parse


def runs(many: int) -> list[GridRun]:
    return [
        GridRun(n, "F" if n == 3 else "k" if n == 4 else "p", 60.0 + n, f"Run {n}", left_out=n == 2) for n in range(1, many + 1)
    ]


def test_columns_are_runs_and_rows_are_tests() -> None:
    drawn = parse(history_grid(runs(5), [GridTest("test_a", "ppFkp", "2 of 4", "flaky.html#a", "broken")], "2 of 4"))
    rows = drawn.all("div", "pk-grid-row")
    assert len(rows) == 3
    assert rows[2].text == "test_a broken2 of 4"
    assert rows[2].one("a").attributes["href"] == "flaky.html#a"
    assert rows[2].one("svg").attributes["aria-label"] == "test_a: 3 passed, 1 failed, 1 flaky"


def test_every_run_can_be_read_when_one_points_at_it() -> None:
    assert json.loads(parse(history_grid(runs(5), [], "")).one("script").text) == [f"Run {n}" for n in range(1, 6)]


def test_an_outage_is_shaded_over_all_rows_and_in_the_key() -> None:
    drawn = parse(history_grid(runs(5), [GridTest("a", "ppppp", "0 of 4")], ""))
    assert len(drawn.all("path", "pk-out")) == 2
    assert drawn.all("i", "k-out")
    assert not parse(history_grid(runs(1), [], "")).all("i", "k-out")


def test_the_newest_run_always_has_its_number() -> None:
    for many in (1, 9, 60):
        labels = [text.text for text in parse(history_grid(runs(many), [], "")).all("text")]
        assert str(many) in labels


def test_few_runs_stand_wider_and_many_narrow() -> None:
    def width(many: int) -> int:
        return int(parse(history_grid(runs(many), [], "")).all("svg")[-1].attributes["width"])

    assert width(5) == 5 * WIDEST
    assert width(60) == 60 * NARROWEST


def test_a_failed_run_has_a_lid_and_a_flaky_one_a_cut() -> None:
    bars = parse(history_grid(runs(4), [], "")).all("svg")[-1]
    assert len(bars.all("path", "pk-failure")) == 2
    assert len(bars.all("path", "pk-cutline")) == 1


def test_names_do_no_harm() -> None:
    assert_harmless(history_grid([GridRun(1, "F", 1.0, HOSTILE)], [GridTest(HOSTILE, "F", HOSTILE, HOSTILE, HOSTILE)], HOSTILE))
