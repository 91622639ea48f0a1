"""The log of a leg as folds."""

import pytest

from pipelinekit.views.log import Fold, Line, folds, kept, tools, whole
from tests.views.parsed import HOSTILE, assert_harmless, parse


def lines(many: int, first: int = 1, group: str = "") -> list[Line]:
    return [Line(number, f"line {number}", number / 10, group) for number in range(first, first + many)]


def test_a_step_is_a_fold_with_its_state_and_time() -> None:
    step = parse(folds([Fold("Run pytest", "failure", "1m 24s", lines(2), open=True)], anchor="leg-0")).one("details")
    assert "open" in step.attributes
    assert step.one("summary").text == "Run pytest1m 24s"
    assert [(d.attributes["id"], d.text) for d in step.all("div", "pk-line")] == [
        ("leg-0-1", "1+0.1sline 1"), ("leg-0-2", "2+0.2sline 2"),
    ]  # fmt: skip


def test_a_step_inside_another_one_stands_further_in() -> None:
    outer, inner = parse(folds([Fold("a", "success", "1s"), Fold("b", "success", "1s", depth=2)], anchor="x")).all("details")
    assert ("pk-inner" in outer.classes, "style" in outer.attributes) == (False, False)
    assert ("pk-inner" in inner.classes, inner.attributes["style"]) == (True, "--pk-depth:2")


def test_a_line_is_a_link_to_itself() -> None:
    line = parse(folds([Fold("a", "success", "1s", lines(1))], anchor="leg-0")).one("div", "pk-line")
    assert line.one("a").attributes["href"] == f"#{line.attributes['id']}"


def test_lines_that_decided_are_tinted_and_their_group_is_open() -> None:
    step = Fold("a", "failure", "1s", [*lines(2, group="Install"), *lines(2, 3, "Run")])
    drawn = parse(folds([step], anchor="x", deciding={4}))
    assert [d.attributes["id"] for d in drawn.all("div", "pk-hit")] == ["x-4"]
    groups = drawn.all("details", "pk-group")
    assert [("open" in group.attributes, group.one("b").text) for group in groups] == [(False, "Install"), (True, "Run")]


def test_a_group_says_how_long_it_took() -> None:
    assert (
        parse(folds([Fold("a", "success", "1s", lines(11, group="g"))], anchor="x"))
        .one("details", "pk-group")
        .one("span", "pk-num")
        .text
        == "1.0s"
    )


def test_a_step_without_lines_says_why() -> None:
    drawn = parse(folds([Fold("Deploy", "skipped", "–", says="skipped, because its condition is false:\nfalse")], anchor="x"))
    assert drawn.one("p", "pk-says").text == "skipped, because its condition is false:\nfalse"


def test_a_long_log_keeps_the_end_of_its_long_steps_and_the_whole_of_its_short_ones() -> None:
    drawn = parse(folds([Fold("a", "success", "1s", lines(3)), Fold("b", "success", "1s", lines(100, 4))], anchor="x", most=13))
    assert [d.attributes["id"] for d in drawn.all("div", "pk-line")] == ["x-1", "x-2", "x-3", *(f"x-{n}" for n in range(94, 104))]
    assert drawn.one("p", "pk-says").text == "The first 90\u00a0lines are in the whole log only."


@pytest.mark.parametrize(
    ("sizes", "most", "shares"),
    [([3, 100], 13, [3, 10]), ([5, 5], 100, [5, 5]), ([10, 10, 10], 9, [3, 3, 3]), ([], 5, []), ([0, 7], 5, [0, 5])],
)
def test_lines_are_shared_out_fairly(sizes: list[int], most: int, shares: list[int]) -> None:
    assert kept(sizes, most) == shares


def test_a_colour_does_not_leak_into_the_next_step() -> None:
    red = Line(1, "\x1b[31mred")
    assert folds([Fold("a", "success", "", [red]), Fold("b", "success", "", [Line(2, "plain")])], anchor="x").count("pk-a-red") == 1


def test_tools_name_the_box_they_work_on() -> None:
    drawn = parse(tools("log-box"))
    assert drawn.one("input").attributes["data-log"] == "#log-box"
    assert whole("logs/run-1-0.txt", 1204) == '<a class="pk-meta" href="logs/run-1-0.txt">whole log, 1,204\u00a0lines</a>'


def test_texts_do_no_harm() -> None:
    step = Fold(HOSTILE, HOSTILE, HOSTILE, [Line(1, HOSTILE, 0.0, HOSTILE), Line(2, f"\x1b[31m{HOSTILE}")], says=HOSTILE)
    assert_harmless(folds([step], anchor="x"))
