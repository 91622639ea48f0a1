from pathlib import Path

import pytest

from pipelinekit.books.parameters import Parameter, coerced, declared
from pipelinekit.model.node import Value
from pipelinekit.model.problem import WorkflowInvalid
from tests.books.made_book import code, write

CELL = """\
store: str = ""  # folder with the tables
days: int = 28  # window
share: float = 0.5
dry_run: bool = True  # change nothing
branches: list[str] = ["main"]
workflow: str | None = None  # all, where None
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write(tmp_path / "book.ipynb", code("import os"), code(CELL, tags=("parameters",)))


def test_names_types_defaults_and_meanings_are_read(book: Path) -> None:
    assert declared(book) == (
        Parameter("store", "str", "", "folder with the tables"),
        Parameter("days", "int", 28, "window"),
        Parameter("share", "float", 0.5),
        Parameter("dry_run", "bool", True, "change nothing"),
        Parameter("branches", "list[str]", ["main"]),
        Parameter("workflow", "str | None", None, "all, where None"),
    )


def test_a_notebook_without_the_cell_has_no_parameters(tmp_path: Path) -> None:
    assert declared(write(tmp_path / "book.ipynb", code(CELL))) == ()


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("days", "14", 14),
        ("share", "0.25", 0.25),
        ("dry_run", "false", False),
        ("dry_run", "False", False),
        ("dry_run", "yes", True),
        ("store", "14", "14"),
        ("branches", "main, next", ["main", "next"]),
        ("branches", "", []),
        ("workflow", "None", None),
        ("workflow", "ci", "ci"),
        ("days", 3, 3),
    ],
)
def test_text_becomes_what_the_type_says(book: Path, name: str, given: Value, value: Value) -> None:
    found = coerced(book, {name: given})[name]
    assert (found, type(found)) == (value, type(value))


HEADS = """\
from datetime import date
days = 28
share = 0.5
loud = True
names = ["a"]
where = None
size: Optional[int] = None
rate: "None | float" = None
marks: List[int] = []
day: date = date(2024, 1, 1)
"""


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("days", "-3", -3),
        ("share", "1e-3", 0.001),
        ("loud", "no", False),
        ("names", '["a, b", "c"]', ["a, b", "c"]),
        ("where", "007", "007"),
        ("size", "4", 4),
        ("size", "None", None),
        ("rate", "2", 2.0),
        ("marks", "[-1, 2]", [-1, 2]),
    ],
)
def test_where_no_type_is_written_it_is_that_of_the_value(tmp_path: Path, name: str, given: str, value: Value) -> None:
    found = coerced(write(tmp_path / "book.ipynb", code(HEADS, tags=("parameters",))), {name: given})[name]
    assert (found, type(found)) == (value, type(value))


def test_a_cell_of_another_form_does_not_matter_where_nothing_is_given(tmp_path: Path) -> None:
    assert coerced(write(tmp_path / "book.ipynb", code("days = (\n%magic", tags=("parameters",))), {}) == {}


@pytest.mark.parametrize(
    ("given", "says"),
    [({"day": "2024-02-01"}, 'text can\'t be turned into "date" for "day"'), ({"names": "[a, b]"}, "the list can't be read: \\[a, b\\]")],
    ids=["date", "list"],
)
def test_text_that_can_not_be_read_is_refused(tmp_path: Path, given: dict[str, Value], says: str) -> None:
    with pytest.raises(WorkflowInvalid, match=says):
        coerced(write(tmp_path / "book.ipynb", code(HEADS, tags=("parameters",))), given)


def test_what_is_written_for_a_type_and_is_none_is_refused(tmp_path: Path) -> None:
    book = write(tmp_path / "book.ipynb", code('days: "days to keep" = 3', tags=("parameters",)))
    with pytest.raises(WorkflowInvalid, match='text can\'t be turned into "days to keep" for "days"'):
        coerced(book, {"days": "4"})


@pytest.mark.parametrize(
    ("name", "given", "hint"),
    [("days", "a week", "an integer, as 14"), ("dry_run", "perhaps", "true or false"), ("share", "half", "a number, as 0.5")],
)
def test_text_of_another_type_is_refused_with_an_example(book: Path, name: str, given: str, hint: str) -> None:
    with pytest.raises(WorkflowInvalid) as refused:
        coerced(book, {name: given})
    assert refused.value.problems[0].hint == hint


def test_an_unknown_name_is_refused_with_those_that_there_are(book: Path) -> None:
    with pytest.raises(WorkflowInvalid, match='no parameter "day"') as refused:
        coerced(book, {"day": "1"})
    assert refused.value.problems[0].hint == "parameters here: store, days, share, dry_run, branches, workflow"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("days = 28", "more than typed values: days = 28"),
        ("import os\ndays: int = 28", "more than typed values: import os"),
        ("days: int = 7 * weeks", "not a literal: 7 \\* weeks"),
        ("days: int = (", "does not parse"),
    ],
    ids=["untyped", "code", "computed", "broken"],
)
def test_a_cell_of_another_form_is_refused(tmp_path: Path, source: str, says: str) -> None:
    with pytest.raises(WorkflowInvalid, match=says):
        declared(write(tmp_path / "book.ipynb", code(source, tags=("parameters",))))
