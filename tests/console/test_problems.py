import io
from pathlib import Path

import pytest

from pipelinekit.console.problems import wants_colour, write_problems
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Severity

SOURCE = "on: push\njobs:\n  test:\n    needs: [tset]\n"


def told(*problems: Problem, source: str = SOURCE, colour: bool = False) -> str:
    out = io.StringIO()
    write_problems(problems, out, colour=colour, sources={"ci.yml": source})
    return out.getvalue()


def test_a_problem_looks_as_the_style_says() -> None:
    problem = Problem("needs", 'no job has the id "tset"', Position("ci.yml", 4, 13), hint='did you mean "test"?', length=4)
    assert told(problem) == (
        'ci.yml:4:13: no job has the id "tset" [needs]\n'
        "  |\n"
        "4 |     needs: [tset]\n"
        "  |             ^~~~\n"
        '  = did you mean "test"?\n'
    )


def test_two_places_to_blame_are_both_shown() -> None:
    problem = Problem(
        "key", "defined twice", Position("ci.yml", 2, 1), length=4, related=((Position("ci.yml", 1, 1), "first here"),)
    )
    assert told(problem).splitlines()[2:] == ["2 | jobs:", "  | ^~~~", "1 | on: push", "  | ^ first here"]


def test_a_place_in_another_file_is_named() -> None:
    problem = Problem("call", "wrong", Position("ci.yml", 1, 1), related=((Position("other.yml", 7, 3), "asked for here"),))
    assert told(problem).splitlines()[-1] == "  = other.yml:7:3: asked for here"


def test_warnings_say_so_and_blank_lines_part_problems() -> None:
    first = Problem("x", "careful", Position("ci.yml", 1, 1), Severity.WARNING)
    assert told(first, Problem("y", "no place")).splitlines() == [
        "ci.yml:1:1: warning: careful [x]", "  |", "1 | on: push", "  | ^", "", "no place [y]",
    ]  # fmt: skip


def test_a_problem_without_a_place_has_its_hint_and_its_list() -> None:
    problem = Problem("file", "there are 2; say which:\n  a.yml  push", hint="give a name")
    assert told(problem) == "there are 2; say which: [file]\n  a.yml  push\n  give a name\n"


@pytest.mark.parametrize("source", ["", "on: push\n"], ids=["empty", "short"])
def test_a_line_that_is_not_there_is_left_out(source: str) -> None:
    assert (
        told(Problem("x", "gone", Position("ci.yml", 4, 1), hint="mend it"), source=source) == "ci.yml:4:1: gone [x]\n  = mend it\n"
    )


def test_tabs_keep_the_mark_under_its_word() -> None:
    assert told(Problem("x", "m", Position("ci.yml", 1, 3)), source="\t\tx").splitlines()[2:] == ["1 | \t\tx", "  | \t\t^"]


def test_of_a_long_line_the_part_around_the_mark_is_shown() -> None:
    line = "a" * 500 + "HERE" + "b" * 500
    shown, mark = told(Problem("x", "m", Position("ci.yml", 1, 501), length=4), source=line).splitlines()[2:]
    assert len(shown) < 170
    assert shown[mark.index("^") : mark.index("^") + 4] == "HERE"
    assert mark.endswith("^~~~")


def test_control_codes_of_the_author_do_not_reach_the_terminal() -> None:
    text = told(Problem("x", "bad \x1b[31m", Position("ci.yml", 1, 1)), source="on: \x1b]0;title\x07")
    assert "\x1b" not in text
    assert "\x07" not in text


def test_colour_is_used_only_where_it_is_asked_for() -> None:
    problem = Problem("x", "m", Position("ci.yml", 1, 1))
    assert "\x1b[31m^\x1b[0m" in told(problem, colour=True)
    assert "\x1b" not in told(problem)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "environment", "wanted"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (io.StringIO(), {}, False),
    ],
    ids=["terminal", "NO_COLOR", "empty NO_COLOR", "pipe"],
)
def test_colour_is_for_terminals_whose_owner_wants_it(out: io.StringIO, environment: dict[str, str], wanted: bool) -> None:
    assert wants_colour(out, environment) is wanted


def test_lines_are_read_from_the_disk_where_no_text_is_given(tmp_path: Path) -> None:
    (tmp_path / "ci.yml").write_text(SOURCE)
    out = io.StringIO()
    write_problems([Problem("x", "m", Position(str(tmp_path / "ci.yml"), 2, 1))], out)
    assert "2 | jobs:" in out.getvalue()
