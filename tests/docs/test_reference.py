"""The generated pages of the reference say what the code says now."""

import difflib

import pytest

from docs.make_reference import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_says_what_the_code_says(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    meant = PAGES[name]().splitlines()
    difference = "\n".join(difflib.unified_diff(written, meant, f"docs/reference/{name}", "the code", lineterm=""))
    assert not difference, f"{difference}\n\nif it is meant so, accept it: python -m docs.make_reference"
