"""Kinds, coercions and comparisons."""

import math
from collections import ChainMap, deque
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelinekit.expressions.values import (
    Kind,
    equal,
    fold,
    is_truthy,
    kind_of,
    less,
    lookup,
    to_number,
    to_text,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, Kind.NULL),
        (True, Kind.BOOLEAN),
        (1, Kind.NUMBER),
        (1.5, Kind.NUMBER),
        ("", Kind.STRING),
        (Kind, Kind.OBJECT),
        ((), Kind.ARRAY),
        ([], Kind.ARRAY),
        (MappingProxyType({}), Kind.OBJECT),
        (ChainMap(), Kind.OBJECT),
        (deque(), Kind.ARRAY),
    ],
)
def test_every_value_has_a_kind(value: object, kind: Kind) -> None:
    assert kind_of(value) is kind


@pytest.mark.parametrize("value", [None, False, 0, -0.0, NAN, ""])
def test_nothing_like_values_are_false(value: object) -> None:
    assert not is_truthy(value)


@pytest.mark.parametrize("value", [True, 1, -1.5, "0", "false", " ", [], {}])
def test_all_else_is_true_also_an_empty_collection(value: object) -> None:
    assert is_truthy(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        ([], "Array"),
        ({}, "Object"),
        (3.0, "3"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1e14, "100000000000000"),
        (1e15, "1E+15"),
        (123456789012345678, "1.23456789012346E+17"),
        (1e-4, "0.0001"),
        (1e-5, "1E-05"),
        (1.5e300, "1.5E+300"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (NAN, "NaN"),
        (10**400, "Infinity"),
        (-(10**400), "-Infinity"),
    ],
)
def test_text_is_written_as_dotnet_writes_it(value: object, text: str) -> None:
    assert to_text(value) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        (" \t\n ", 0),
        (" 12 ", 12),
        ("+1.5e-1", 0.15),
        ("1.", 1),
        (".5", 0.5),
        ("0xff", 255),
        ("0x7FFFFFFF", 2**31 - 1),
        ("0xFFFFFFFF", -1),
        ("0o17", 15),
        ("1e999", math.inf),
        ("-Infinity", -math.inf),
        ("+Infinity", math.inf),
    ],
)
def test_text_that_spells_a_number_is_one(text: str, number: float) -> None:
    assert to_number(text) == number


@pytest.mark.parametrize(
    "text", ["abc", "1_000", "inf", "infinity", "nan", "0XFF", "0b1", "0x", "0o8", "-0x1", "0x100000000", "1 2", "٣", ".", "e"]
)
def test_other_text_is_not_a_number(text: str) -> None:
    assert math.isnan(to_number(text))


@pytest.mark.parametrize("value", [[], {}, [1]])
def test_collections_are_not_numbers(value: object) -> None:
    assert math.isnan(to_number(value))


SAME: list[object] = []


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (None, None, True),
        (None, "", True),
        (None, 0, True),
        (None, "null", False),
        (True, 1, True),
        (True, " 1.0 ", True),
        (False, "", True),
        ("Straße", "sTRAßE", True),
        ("straße", "STRASSE", False),
        ("ς", "σ", True),
        ("ı", "I", False),
        ("ſ", "S", False),
        ("ᾳ", "ᾼ", True),
        ("1.0", "1", False),
        ("1.0", 1, True),
        (NAN, NAN, False),
        ("NaN", NAN, False),
        (SAME, SAME, True),
        ([], [], False),
        ({}, "Object", False),
        ([], None, False),
    ],
)
def test_equality_follows_the_kinds(left: object, right: object, expected: bool) -> None:
    assert equal(left, right) is expected
    assert equal(right, left) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("a", "B", True),
        ("[", "a", False),
        ("a", "b", True),
        ("", "a", True),
        (False, True, True),
        (None, 1, True),
        (None, None, False),
        ("9", 10, True),
        ("9", "10", False),
        (NAN, 1, False),
        (1, NAN, False),
        ([], [1], False),
        ("\ue000", "\U0001f600", False),
    ],
)
def test_order_follows_the_kinds(left: object, right: object, expected: bool) -> None:
    assert less(left, right) is expected


def test_a_key_is_found_in_any_case_and_the_same_spelling_first() -> None:
    mapping = {"Path": 1, "PATH": 2}
    assert lookup(mapping, "PATH") == (True, 2)
    assert lookup(mapping, "path") == (True, 1)
    assert lookup(mapping, "path", exactly=True) == (False, None)
    assert lookup(mapping, "other") == (False, None)


@given(st.text())
def test_folding_keeps_the_length_and_is_stable(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.floats(-1e300, 1e300))
def test_a_number_survives_its_text_to_fifteen_digits(number: float) -> None:
    assert to_number(to_text(number)) == pytest.approx(number, rel=1e-14)


_SIMPLE = st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5))


@given(_SIMPLE, _SIMPLE)
def test_no_two_values_are_equal_and_ordered_at_once(left: object, right: object) -> None:
    assert sum((equal(left, right), less(left, right), less(right, left))) <= 1
