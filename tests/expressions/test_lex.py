"""Characters to tokens."""

import pytest

from pipelinekit.expressions.lex import tokens
from pipelinekit.expressions.syntax import ExpressionError


def _texts(expression: str) -> list[str]:
    return [token.text for token in tokens(expression)[:-1]]


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        pytest.param("a-b", ["a-b"], id="a hyphen belongs to a name"),
        pytest.param("a.b[*].*", ["a", ".", "b", "[", "*", "]", ".", "*"], id="paths"),
        pytest.param("!a==b!=c", ["!", "a", "==", "b", "!=", "c"], id="pairs of characters before single ones"),
        pytest.param("a<=1>=.5", ["a", "<=", "1", ">=", ".5"], id="a number may begin with a dot"),
        pytest.param("\u00a0a\t&&\r\n b", ["a", "&&", "b"], id="any white space"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_an_expression_is_cut_into_its_tokens(expression: str, texts: list[str]) -> None:
    assert _texts(expression) == texts


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'it''s'", "it's"),
        ("''", ""),
        ("''''", "'"),
        ("'a''''b'", "a''b"),
        ("true", True),
        ("null", None),
        ("0xfF", 255.0),
        ("5.", 5.0),
        ("+.5e1", 5.0),
    ],
)
def test_a_literal_has_its_value(expression: str, value: object) -> None:
    assert tokens(expression)[0].value == value


@pytest.mark.parametrize("name", ["TRUE", "True", "NULL", "nan", "infinity"])
def test_constants_are_case_sensitive(name: str) -> None:
    assert tokens(name)[0].kind == "identifier"


def test_a_constant_behind_a_dot_is_the_name_of_a_property() -> None:
    assert [token.kind for token in tokens("a.true")] == ["identifier", "symbol", "identifier", "end"]


@pytest.mark.parametrize(
    ("expression", "token", "position"),
    [
        ('a == "b"', '"b"', 6),
        ("a = b", "=", 3),
        ("a & b", "&", 3),
        ("'open", "'open", 1),
        ("'it''", "'it''", 1),
        ("1-1", "1-1", 1),
        ("1.2.3", "1.2.3", 1),
        ("'a'.b", ".b", 4),
        ("foo..bar", ".bar", 5),
        ("a\n  @b", "@b", 5),
        ("é", "é", 1),
    ],
)
def test_what_makes_no_token_is_named_with_its_place(expression: str, token: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        tokens(expression)
    assert caught.value.kind == "lexing"
    assert caught.value.position == position
    place = f"Located at position {position} within expression: {expression}"
    assert caught.value.message == f"Unexpected symbol: '{token}'. {place}"
    assert caught.value.summary == f"Unexpected symbol: '{token}'"


@pytest.mark.parametrize(("character", "most"), [("a", 20_998), ("\U0001f600", 10_499)], ids=["plain", "two units each"])
def test_the_length_is_limited_in_utf16_units(character: str, most: int) -> None:
    tokens(f"'{character * most}'")
    with pytest.raises(ExpressionError, match="Exceeded max expression length 21000"):
        tokens(f"'{character * most}a'")
