"""What a scalar means after the rules of YAML 1.2 core, as GitHub applies them."""

import re

from pipelinekit.model.node import Plain

TAG = "tag:yaml.org,2002:"
TAGS = tuple(TAG + kind for kind in ("str", "null", "bool", "int", "float"))

_NULLS = frozenset({"", "null", "Null", "NULL", "~"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_OCTAL = re.compile(r"0o[0-7]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NAMED = {
    sign + name: value
    for sign, infinity in (("", "inf"), ("+", "inf"), ("-", "-inf"))
    for name, value in ((".inf", float(infinity)), (".Inf", float(infinity)), (".INF", float(infinity)))
} | {name: float("nan") for name in (".nan", ".NaN", ".NAN")}
_EXACT = 2**53  # beyond it a double no longer holds every integer, and GitHub's numbers are doubles
_STARTS = frozenset("0123456789.+-~ntfNTF")  # nothing else begins a scalar that is not a string


def plain_value(text: str) -> Plain:
    """The value of an unquoted scalar without a tag. Raises ValueError for a number that can't be held."""
    if text and text[0] not in _STARTS:
        return text
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    number = _number(text)
    return text if number is None else number


def tagged_value(text: str, tag: str, quoted: bool) -> Plain:
    """The value of a scalar with one of TAGS. Raises ValueError where the text is not of that kind, or is in quotes."""
    if tag == TAG + "str":
        return text
    if quoted:
        raise ValueError(text)
    if tag == TAG + "null" and text in _NULLS:
        return None
    if tag == TAG + "bool" and text in _TRUTHS:
        return _TRUTHS[text]
    number = _number(text)
    if number is None or tag not in (TAG + "int", TAG + "float") or (tag == TAG + "int" and not _is_integer(text)):
        raise ValueError(text)
    return number


def _is_integer(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (_INTEGER, _HEX, _OCTAL))


def _number(text: str) -> int | float | None:
    if _INTEGER.fullmatch(text):
        value = float(text)
        return int(value) if abs(value) <= _EXACT else value
    if _FLOAT.fullmatch(text):
        return float(text)
    if _HEX.fullmatch(text):
        return _int32(text, 16)
    if _OCTAL.fullmatch(text):
        return _int32(text, 8)
    return _NAMED.get(text)


def _int32(text: str, base: int) -> int:
    # .NET's Convert.ToInt32: 32 bits, of which the first is the sign.
    value = int(text[2:], base)
    if value >= 2**32:
        raise ValueError(text)
    return value - 2**32 if value >= 2**31 else value
