"""History marks tell an outcome by shape."""

import pytest

from pipelinekit.views import marks
from tests.views.parsed import parse


def test_every_letter_but_absence_draws_a_shape_of_its_own() -> None:
    shapes = {letter: marks.marks(letter) for letter in marks.LETTERS}
    assert shapes.pop(".") == ""
    assert len(set(shapes.values())) == len(shapes)


def test_all_passes_are_one_path() -> None:
    assert len(parse(marks.marks("pppppppp")).all("path")) == 1
    assert len(parse(marks.marks("ppFpp")).all("path")) == 2


@pytest.mark.parametrize(
    ("history", "words"),
    [("ppFk", "2 passed, 1 failed, 1 flaky"), ("", "nothing yet"), ("..", "nothing yet"), ("mp", "1 passed, 1 missed")],
)
def test_a_history_is_said_in_words(history: str, words: str) -> None:
    assert marks.said(history) == words


def test_a_strip_is_as_wide_as_its_history_and_labelled() -> None:
    shown = parse(marks.strip("ppF", 6, 18)).one("span")
    assert shown.attributes["aria-label"] == "last 3 runs: 2 passed, 1 failed"
    assert shown.one("svg").attributes["width"] == "18"


def test_a_wide_column_does_not_widen_its_bar() -> None:
    assert f"h{marks.WIDEST}v" in marks.marks("F", pitch=24)


def test_a_key_names_the_marks_it_is_asked_for() -> None:
    assert parse(marks.key("p", "k", words={"k": "split"})).text == "passedsplit"


def test_every_state_has_a_letter() -> None:
    assert set(marks.LETTER_OF_STATE.values()) <= set(marks.LETTERS)
