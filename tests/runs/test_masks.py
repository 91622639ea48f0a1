"""Secrets out of lines, in every spelling."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelinekit.runs.masks import Masks

SECRET = 'p@ss "word" & <more>/é'


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(SECRET, id="plain"),
        pytest.param(base64.b64encode(SECRET.encode()).decode(), id="base64"),
        pytest.param(base64.b64encode(SECRET.encode()[1:]).decode(), id="base64-shifted-by-1"),
        pytest.param(base64.b64encode(SECRET.encode()[2:]).decode(), id="base64-shifted-by-2"),
        pytest.param(json.dumps(SECRET)[1:-1], id="json"),
        pytest.param(quote(SECRET, safe=""), id="uri"),
        pytest.param(SECRET.replace('"', '\\"'), id="quotes-escaped"),
        pytest.param('p@ss "word" &amp; &lt;more&gt;/é'.replace('"', "&quot;"), id="xml"),
    ],
)
def test_every_spelling_is_hidden(spelling: str) -> None:
    assert Masks([SECRET]).hide(f"before {spelling} after") == "before *** after"


def test_base64_of_a_user_and_the_secret_shows_nothing_of_the_secret() -> None:
    for user in ("u:", "ab:", "abc:"):
        header = base64.b64encode((user + "hunter2hunter2").encode()).decode()
        hidden = Masks(["hunter2hunter2"]).hide(header)
        assert "***" in hidden


def test_each_line_of_a_secret_is_hidden() -> None:
    assert Masks(["first line\nsecond line"]).hide("a first line b second line") == "a *** b ***"


def test_neighbours_and_overlapping_ones_become_one() -> None:
    masks = Masks(["abc", "bcd"])
    assert masks.hide("xabcdx") == "x***x"
    assert masks.hide("xabcabcx") == "x***x"


def test_halves_around_an_ampersand_are_hidden_if_long_enough() -> None:
    masks = Masks(["longenough&alsolong"])
    assert masks.hide("longenough") == "***"
    assert Masks(["abc&def"]).hide("abc") == "abc"


def test_blank_secret_hides_nothing() -> None:
    assert Masks(["", " \n "]).hide("a b c") == "a b c"


@given(st.text(min_size=4).filter(lambda s: s.strip() == s and "\n" not in s and "*" not in s), st.text(), st.text())
def test_the_secret_never_comes_through(secret: str, before: str, after: str) -> None:
    assert secret not in Masks([secret]).hide(before + secret + after)
