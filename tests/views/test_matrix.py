"""The legs of a matrix, axis by axis."""

import pytest

from pipelinekit.model.node import Value
from pipelinekit.views.matrix import Cell, grid, said
from tests.views.parsed import HOSTILE, assert_harmless, parse


def cells(*points: dict[str, Value]) -> list[Cell]:
    return [Cell("success", f"{at}s", point, f"leg {at}", f"#leg-{at}") for at, point in enumerate(points)]


def rows(html: str) -> list[list[str]]:
    return [[cell.text for cell in tr.children if not isinstance(cell, str)] for tr in parse(html).all("tr")]


def test_the_longer_axis_runs_across() -> None:
    points: list[dict[str, Value]] = [{"python": p, "db": d} for d in ("sqlite", "postgres") for p in ("3.11", "3.12", "3.13")]
    assert rows(grid(cells(*points))) == [
        ["db \\ python", "3.11", "3.12", "3.13"], ["sqlite", "0s", "1s", "2s"], ["postgres", "3s", "4s", "5s"],
    ]  # fmt: skip


def test_one_axis_is_one_row() -> None:
    assert rows(grid(cells({"python": "3.11"}, {"python": "3.12"}))) == [["python", "3.11", "3.12"], ["", "0s", "1s"]]


def test_what_the_matrix_left_out_is_an_empty_cell() -> None:
    drawn = rows(grid(cells({"os": "a", "v": 1}, {"os": "b", "v": 1}, {"os": "a", "v": 2}, {"v": 3, "os": "a"})))
    assert drawn == [["os \\ v", "1", "2", "3"], ["a", "0s", "2s", "3s"], ["b", "1s", "", ""]]


def test_more_axes_than_two_stand_together_in_a_row() -> None:
    points: list[dict[str, Value]] = [{"a": a, "b": b, "c": c} for a in (1, 2, 3) for b in (1, 2) for c in ("x", "y")]
    assert [row[0] for row in rows(grid(cells(*points)))] == ["b, c \\ a", "1, x", "1, y", "2, x", "2, y"]


def test_a_cell_leads_to_its_log_and_says_its_leg() -> None:
    link = parse(grid(cells({"v": 1}, {"v": 2}))).all("a")[1]
    assert link.attributes["href"] == "#leg-1"
    assert link.attributes["aria-label"] == "leg 1: success, 1s"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (3.11, "3.11"), ("a", "a"), ({"os": "linux", "n": 2}, "linux, 2"), ([1, "b"], "1, b")],
)
def test_values_are_written_as_their_author_would(value: Value, text: str) -> None:
    assert said(value) == text


def test_names_do_no_harm() -> None:
    assert_harmless(grid([Cell(HOSTILE, HOSTILE, {HOSTILE: HOSTILE, "b": 1}, HOSTILE, HOSTILE)]))
