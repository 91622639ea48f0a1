"""Lines of a log as JSON."""

from typing import Any

from pipelinekit.run_views.log_lines import LONGEST, LogLines
from pipelinekit.views.log import Line
from tests.views.parsed import HOSTILE


def lines(*found: Line, deciding: tuple[int, ...] = (), step: int = 1) -> list[Any]:
    return LogLines().add(((step, line) for line in found), deciding)


def test_a_plain_line_is_its_text() -> None:
    assert lines(Line(3, "hello", 1.26, "Setup")) == [[3, 1, 1.3, "hello", "Setup", ""]]


def test_colours_are_classes_and_go_on_to_the_next_line() -> None:
    found = lines(Line(1, "a \x1b[31mred"), Line(2, "still \x1b[0mplain"))
    assert [line[3] for line in found] == [[["", "a "], ["pk-a-red", "red"]], [["pk-a-red", "still "], ["", "plain"]]]


def test_they_end_with_the_step_and_where_the_runner_speaks() -> None:
    several = LogLines()
    several.add([(1, Line(1, "\x1b[31mred"))])
    assert several.add([(1, Line(2, "exit code 1", runner=True))])[0][3:] == ["exit code 1", "", "r"]
    several.add([(1, Line(3, "\x1b[31mred"))])
    assert several.add([(2, Line(4, "plain"))])[0][3] == "plain"


def test_what_does_harm_is_taken_out_and_the_rest_is_text() -> None:
    (line,) = lines(Line(1, HOSTILE, group=HOSTILE))
    text = "".join(part for _, part in line[3])
    assert text.startswith("<script>alert('x')</script>")
    assert not any(ord(character) < 32 for character in text + line[4])
    assert "\u202e" not in text + line[4]


def test_a_long_line_is_cut_and_says_so() -> None:
    (line,) = lines(Line(1, "x" * 100_000))
    assert (len(line[3]), line[5]) == (LONGEST, "c")


def test_lines_that_decide_are_marked() -> None:
    assert [line[5] for line in lines(Line(1, "a"), Line(2, "b", runner=True), deciding=(2,))] == ["", "rd"]
