"""Characters to tokens, each with the place where it begins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal as OneOf

from pipelinekit.expressions.syntax import MAX_LENGTH, ExpressionError, located, utf16_length
from pipelinekit.expressions.values import is_space, to_number

TokenKind = OneOf["literal", "identifier", "symbol", "end"]

_BOUNDARIES = frozenset("()[],.!<>=&|")
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_NAME_CHARACTERS = _LETTERS | _DIGITS | {"-"}
_PAIRS = frozenset({"==", "!=", "<=", ">=", "&&", "||"})
_CONSTANTS: dict[str, bool | float | None] = {
    "null": None,
    "true": True,
    "false": False,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}


@dataclass(slots=True)
class Token:
    """text: as written. value: of a literal. start: offset in the expression, from 0."""

    kind: TokenKind
    text: str
    start: int
    value: bool | float | str | None = None


def tokens(expression: str) -> list[Token]:
    """All tokens of the expression; the last is its end.

    Raises ExpressionError: lexing where characters make no token, parsing where there are too many of them.
    """
    if utf16_length(expression) > MAX_LENGTH:
        raise ExpressionError("parsing", f"Exceeded max expression length {MAX_LENGTH}")
    found: list[Token] = []
    at, length = 0, len(expression)
    while at < length:
        if is_space(expression[at]):
            at += 1
            continue
        token, at = _next(expression, at, found[-1] if found else None)
        found.append(token)
    found.append(Token("end", "", length))
    return found


def _next(expression: str, start: int, previous: Token | None) -> tuple[Token, int]:
    """The token at `start`, and the offset behind it."""
    first = expression[start]
    if first == "'":
        return _string(expression, start)
    if first in _DIGITS or first in "+-" or (first == "." and not _can_have_property(previous)):
        return _number(expression, start)
    if first in "()[],.*":
        return Token("symbol", first, start), start + 1
    if expression[start : start + 2] in _PAIRS:
        return Token("symbol", expression[start : start + 2], start), start + 2
    if first in "!<>":
        return Token("symbol", first, start), start + 1
    return _word(expression, start, is_property=previous is not None and previous.text == "." and previous.kind == "symbol")


def _can_have_property(token: Token | None) -> bool:
    return token is not None and (token.kind == "identifier" or (token.kind == "symbol" and token.text in ")]*"))


def _string(expression: str, start: int) -> tuple[Token, int]:
    at = start + 1
    while True:
        at = expression.find("'", at)
        if at < 0:
            raise _unexpected(expression, start, len(expression))
        if expression[at + 1 : at + 2] != "'":
            break
        at += 2
    at += 1
    return Token("literal", expression[start:at], start, expression[start + 1 : at - 1].replace("''", "'")), at


def _number(expression: str, start: int) -> tuple[Token, int]:
    # The dot belongs to the number, so that `1.2.3` is one bad token and not a property of 1.2.
    end = _until(expression, start + 1, lambda c: c != "." and _is_boundary(c))
    value = to_number(expression[start:end])
    if value != value:  # noqa: PLR0124 - NaN, the only value that differs from itself
        raise _unexpected(expression, start, end)
    return Token("literal", expression[start:end], start, value), end


def _word(expression: str, start: int, *, is_property: bool) -> tuple[Token, int]:
    end = _until(expression, start + 1, _is_boundary)
    text = expression[start:end]
    if text[0] not in _LETTERS or not _NAME_CHARACTERS.issuperset(text):
        raise _unexpected(expression, start, end)
    if text in _CONSTANTS and not is_property:
        return Token("literal", text, start, _CONSTANTS[text]), end
    return Token("identifier", text, start), end


def _until(expression: str, at: int, stops: Callable[[str], bool]) -> int:
    while at < len(expression) and not stops(expression[at]):
        at += 1
    return at


def _is_boundary(character: str) -> bool:
    return character in _BOUNDARIES or is_space(character)


def _unexpected(expression: str, start: int, end: int) -> ExpressionError:
    return located("lexing", "Unexpected symbol", expression[start:end], start, expression)
