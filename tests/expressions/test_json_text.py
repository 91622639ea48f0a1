"""JSON to values and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelinekit.expressions.json_text import read_json, write_json
from pipelinekit.expressions.syntax import ExpressionError


def test_collections_are_indented_by_two_spaces() -> None:
    value = {"a": [1.0, {"b": None}, [], {}], "c": "x", "d": True}
    assert write_json(value) == (
        '{\n  "a": [\n    1,\n    {\n      "b": null\n    },\n    [],\n    {}\n  ],\n  "c": "x",\n  "d": true\n}'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"\\/\b\f\n\r\t', '"\\"\\\\/\\b\\f\\n\\r\\t"'),
        ("\x00\x1f\x7f", '"\\u0000\\u001f\x7f"'),
        ("é€😀'<>&", '"é€😀\'<>&"'),
        ("\x85\u2028\u2029", '"\\u0085\\u2028\\u2029"'),
        (0.1, "0.1"),
        (1e20, "1E+20"),
        (-0.0, "0"),
        (float("nan"), "NaN"),
        (7, "7"),
    ],
)
def test_plain_values_are_written_as_the_runner_writes_them(value: object, text: str) -> None:
    assert write_json(value) == text


def test_numbers_are_floats_and_big_ones_have_no_limit_of_digits() -> None:
    assert read_json("[1, -0, 1.5, 1e400]") == [1.0, 0.0, 1.5, float("inf")]
    assert read_json("9" * 5000) == float("inf")


def test_what_is_too_large_to_write_is_refused() -> None:
    with pytest.raises(ExpressionError, match="The maximum allowed memory size was exceeded"):
        write_json(["x" * 1000] * 600)


def test_deep_nesting_is_written_until_it_is_too_large() -> None:
    value: list[object] = []
    for depth in range(5000):
        value = [value]
        if depth == 400:
            assert write_json(value).count("[") == 402
    with pytest.raises(ExpressionError, match="The maximum allowed memory size was exceeded"):
        write_json(value)


_PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9).map(float), st.text(max_size=20))
_JSON = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=20,
)


@given(_JSON)
def test_a_value_survives_the_way_to_json_and_back(value: object) -> None:
    assert read_json(write_json(value)) == value


@given(_JSON)
def test_what_is_written_is_json_for_others_too(value: object) -> None:
    assert json.loads(write_json(value)) == value
