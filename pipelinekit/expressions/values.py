"""Values: their kinds, how they turn into one another, and how they compare.

They are plain Python: None, bool, int or float, str, list and dict. What the language calls an object is any
Mapping, an array any list or tuple.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from math import isnan


class Kind(Enum):
    """What a value is; the words are those that GitHub uses in messages and for collections turned into text."""

    NULL = "Null"
    BOOLEAN = "Boolean"
    NUMBER = "Number"
    STRING = "String"
    ARRAY = "Array"
    OBJECT = "Object"


class Filtered(list[object]):
    """The result of `.*`: what follows is applied to each of its items."""


_KINDS: dict[type, Kind] = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.NUMBER,
    float: Kind.NUMBER,
    str: Kind.STRING,
    list: Kind.ARRAY,
    tuple: Kind.ARRAY,
    Filtered: Kind.ARRAY,
    dict: Kind.OBJECT,
}
_ANCESTORS = ((str, Kind.STRING), (int, Kind.NUMBER), (float, Kind.NUMBER), (Sequence, Kind.ARRAY))
_COLLECTIONS = (Kind.ARRAY, Kind.OBJECT)


def kind_of(value: object) -> Kind:
    """The kind; what the language does not know counts as an object without keys."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    return next((kind for ancestor, kind in _ANCESTORS if isinstance(value, ancestor)), Kind.OBJECT)


def is_primitive(value: object) -> bool:
    return kind_of(value) not in _COLLECTIONS


def is_truthy(value: object) -> bool:
    """False for false, 0, -0, NaN, '' and null; true for every collection, also an empty one."""
    match kind_of(value):
        case Kind.NUMBER:
            number = _as_float(value)
            return number != 0 and not isnan(number)
        case Kind.NULL | Kind.BOOLEAN | Kind.STRING:
            return bool(value)
        case Kind.ARRAY | Kind.OBJECT:
            return True


def to_text(value: object) -> str:
    """The value where text is wanted: null is '', collections are the name of their kind."""
    match kind_of(value):
        case Kind.NULL:
            return ""
        case Kind.BOOLEAN:
            return "true" if value else "false"
        case Kind.NUMBER:
            return number_text(_as_float(value))
        case Kind.STRING:
            return str(value)
        case Kind.ARRAY | Kind.OBJECT as kind:
            return str(kind.value)


def number_text(number: float) -> str:
    """The number as .NET's format G15 writes it, but 0 for -0."""
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    if isnan(number):
        return "NaN"
    return "0" if number == 0 else f"{number:.15G}"


def to_number(value: object) -> float:
    """The value where a number is wanted; NaN where it is none. Collections are NaN."""
    match kind_of(value):
        case Kind.NULL:
            return 0.0
        case Kind.BOOLEAN:
            return 1.0 if value else 0.0
        case Kind.NUMBER:
            return _as_float(value)
        case Kind.STRING:
            return _parsed(str(value))
        case Kind.ARRAY | Kind.OBJECT:
            return float("nan")


def _as_float(number: object) -> float:
    try:
        return float(number)  # type: ignore[arg-type]  # the caller knows that it is an int or a float
    except OverflowError:  # an int beyond what a double holds
        return float("inf") if number > 0 else float("-inf")  # type: ignore[operator]


_NUMBER_CHARACTERS = frozenset("0123456789+-.eE")
_INFINITIES = {"Infinity": float("inf"), "+Infinity": float("inf"), "-Infinity": float("-inf")}
_BASES = {"0x": (16, frozenset("0123456789abcdefABCDEF")), "0o": (8, frozenset("01234567"))}


def _parsed(text: str) -> float:
    trimmed = trim(text)
    if not trimmed:
        return 0.0
    if trimmed in _INFINITIES:
        return _INFINITIES[trimmed]
    base, digits = _BASES.get(trimmed[:2], (0, frozenset[str]()))
    if base:
        return _bits(trimmed[2:], base) if len(trimmed) > 2 and digits.issuperset(trimmed[2:]) else float("nan")
    if not _NUMBER_CHARACTERS.issuperset(trimmed):  # keeps out what only Python reads: `1_000`, `inf`, other digits
        return float("nan")
    try:
        return float(trimmed)
    except ValueError:
        return float("nan")


def _bits(digits: str, base: int) -> float:
    """The 32 bits that the digits spell, with the sign in the highest, as the runner reads them; NaN beyond."""
    number = int(digits, base)
    if number >= 2**32:
        return float("nan")
    return float(number - 2**32 if number >= 2**31 else number)


def is_space(character: str) -> bool:
    """White space as .NET sees it: Python adds four control characters."""
    return character.isspace() and character not in "\x1c\x1d\x1e\x1f"


def trim(text: str) -> str:
    """The text without white space around it."""
    start, end = 0, len(text)
    while start < end and is_space(text[start]):
        start += 1
    while end > start and is_space(text[end - 1]):
        end -= 1
    return text[start:end]


def fold(text: str) -> str:
    """The text as it is compared, each character in upper case by itself, so that its length stays."""
    return text.upper() if text.isascii() else "".join(map(_upper, text))


@lru_cache(maxsize=4096)
def _upper(character: str) -> str:
    # .NET's ordinal comparison leaves these two alone, whose upper case would be the ASCII letters I and S.
    if character in "\u0131\u017f":
        return character
    # Where upper case takes several characters (ß, ﬁ), the simple mapping is the title case, or there is none.
    return next((upper for upper in (character.upper(), character.title()) if len(upper) == 1), character)


def _aligned(left: object, right: object) -> tuple[object, object, Kind | None]:
    """Both values after coercion, and their common kind, if they have one now."""
    left_kind, right_kind = kind_of(left), kind_of(right)
    if left_kind is right_kind:
        return left, right, left_kind
    if left_kind in _COLLECTIONS or right_kind in _COLLECTIONS:
        return left, right, None
    # Kinds differ, and neither is a collection: whatever the two are, both become numbers.
    return to_number(left), to_number(right), Kind.NUMBER


def equal(left: object, right: object) -> bool:
    """`==`: text ignores case, collections are equal to themselves only, NaN to nothing.

    `null == ''` holds, and so does `null == null`.
    """
    left, right, kind = _aligned(left, right)
    match kind:
        case None:
            return False
        case Kind.NULL:
            return True
        case Kind.BOOLEAN:
            return left is right
        case Kind.NUMBER:
            return _as_float(left) == _as_float(right)
        case Kind.STRING:
            return fold(str(left)) == fold(str(right))
        case Kind.ARRAY | Kind.OBJECT:
            return left is right


def less(left: object, right: object) -> bool:
    """`<`: text in upper case by its UTF-16 units, false before true; null and collections have no order."""
    left, right, kind = _aligned(left, right)
    match kind:
        case Kind.BOOLEAN:
            return not left and bool(right)
        case Kind.NUMBER:
            return _as_float(left) < _as_float(right)
        case Kind.STRING:
            return _text_less(fold(str(left)), fold(str(right)))
        case Kind.NULL | Kind.ARRAY | Kind.OBJECT | None:
            return False


def _text_less(left: str, right: str) -> bool:
    if left.isascii() and right.isascii():
        return left < right
    return left.encode("utf-16-be", "surrogatepass") < right.encode("utf-16-be", "surrogatepass")


def lookup(mapping: Mapping[str, object], key: str, *, exactly: bool = False) -> tuple[bool, object]:
    """Whether the key is there, and its value; ignoring case unless `exactly`, the same spelling first."""
    if key in mapping:
        return True, mapping[key]
    if not exactly:
        folded = fold(key)
        for name in mapping:
            if len(name) == len(key) and fold(name) == folded:
                return True, mapping[name]
    return False, None
