from pathlib import Path

import pytest

from pipelinekit.books.read import read
from pipelinekit.model.problem import WorkflowInvalid
from tests.books.made_book import code, markdown, stream, write


def test_text_kept_as_lines_reads_like_text_kept_as_one(tmp_path: Path) -> None:
    lines = code(["a = 1\n", "a"], stream(["1\n", "2\n"]))  # type: ignore[arg-type]
    whole = code("a = 1\na", stream("1\n2\n"))
    one, other = read(write(tmp_path / "book.ipynb", lines, whole)).cells
    assert one == other


def test_the_title_is_the_first_heading(tmp_path: Path) -> None:
    book = write(tmp_path / "book.ipynb", markdown("Hello"), markdown("## Are builds slow?\n\n# Later"))
    assert read(book).title == "Are builds slow?"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a notebook"),
        ("{", "not a notebook"),
        ("[]", "not a notebook"),
        ('{"nbformat": 3, "worksheets": []}', "format 3, not 4"),
        ('{"nbformat": 4, "metadata": {}}', "cells"),
    ],
    ids=["empty", "cut off", "a list", "an old format", "without cells"],
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "book.ipynb"
    file.write_text(text)
    with pytest.raises(WorkflowInvalid, match=says):
        read(file)


def test_a_notebook_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkflowInvalid, match=r"there is no notebook .*gone\.ipynb"):
        read(tmp_path / "gone.ipynb")
