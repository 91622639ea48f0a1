from pipelinekit.answers.grid import Grid, Marks, Name, Share, lines, runs_of
from pipelinekit.views.run_links import RunRef
from pipelinekit.views.words import Delta


def test_words_stand_left_and_numbers_right_below_their_heads() -> None:
    grid = Grid(("job", ">p50", "change"), [("test", "1m 04s", Delta("no change")), ("lint", "4.0s", Delta(""))], "note")
    assert lines(grid) == "job      p50  change\ntest  1m 04s  no change\nlint    4.0s\nnote"


def test_a_cell_with_a_picture_is_written_too() -> None:
    grid = Grid(
        ("test", "last", ">share", ">run"),
        [(Name("test_a", "tests/a.py"), Marks("pFks.m"), Share(0.5, "50 %"), RunRef(7, "x")), ("b", "", "", RunRef(12, "y", 2))],
    )
    assert lines(grid) == (
        "test                last    share   run\ntests/a.py::test_a  .Fk- m   50 %     7\nb                                  12.2"
    )


def test_the_runs_that_cells_name_are_found_once_in_their_order() -> None:
    first, second = RunRef(7, "x"), RunRef(8, "y")
    assert runs_of([Grid(("run", "n"), [(second, "1"), (first, "2")]), Grid(("run",), [(second,)])]) == [second, first]


def test_a_name_of_several_lines_stands_in_one() -> None:
    assert lines(Grid(("test", ">n"), [(Name("a\nb", "c"), "1")])).splitlines()[1].split() == ["c::a", "b", "1"]
