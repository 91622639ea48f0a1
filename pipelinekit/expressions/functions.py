"""The functions of the language, and what is known of those that only a run can answer.

An argument is a function without parameters: it is evaluated when it is asked for, as in the runner, so that what is
not needed can neither fail nor take memory.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from pipelinekit.expressions.json_text import read_json, write_json
from pipelinekit.expressions.memory import Counter, size
from pipelinekit.expressions.syntax import MAX_ARGUMENTS, ExpressionError
from pipelinekit.expressions.values import Kind, equal, fold, is_primitive, kind_of, to_text

Argument = Callable[[], object]
Arguments = Sequence[Argument]

STATUS_FUNCTIONS = ("success", "failure", "always", "cancelled")


@dataclass(frozen=True, slots=True)
class Signature:
    """How many arguments a function takes; `odd` where their number must be odd."""

    least: int
    most: int
    odd: bool = False

    def complaint(self, count: int) -> str:
        """What is wrong with so many arguments, in GitHub's words; empty where nothing is."""
        if count < self.least:
            return "Too few parameters supplied"
        if count > self.most:
            return "Too many parameters supplied"
        if self.odd and count % 2 == 0:
            return "Even number of parameters supplied, requires an odd number of parameters"
        return ""


# Counts from the official schema. A job's `success` and `failure` may name jobs.
SIGNATURES: dict[str, Signature] = {
    "case": Signature(3, MAX_ARGUMENTS, odd=True),
    "contains": Signature(2, 2),
    "endswith": Signature(2, 2),
    "format": Signature(1, MAX_ARGUMENTS),
    "fromjson": Signature(1, 1),
    "join": Signature(1, 2),
    "startswith": Signature(2, 2),
    "tojson": Signature(1, 1),
    "always": Signature(0, 0),
    "cancelled": Signature(0, 0),
    "failure": Signature(0, MAX_ARGUMENTS),
    "success": Signature(0, MAX_ARGUMENTS),
    "hashfiles": Signature(1, MAX_ARGUMENTS),
}


def _is_array(value: object) -> TypeGuard[Sequence[object]]:
    return kind_of(value) is Kind.ARRAY


def _case(arguments: Arguments) -> object:
    for predicate, result in zip(arguments[:-1:2], arguments[1::2], strict=True):
        holds = predicate()
        if kind_of(holds) is not Kind.BOOLEAN:
            raise ExpressionError("evaluation", "case predicate must evaluate to a boolean value")
        if holds:
            return result()
    return arguments[-1]()


def _contains(arguments: Arguments) -> bool:
    where, what = arguments
    left = where()
    if _is_array(left):
        right = what()
        return any(equal(right, item) for item in left)
    if not is_primitive(left):
        return False
    right = what()
    return is_primitive(right) and fold(to_text(right)) in fold(to_text(left))


def _starts_with(arguments: Arguments) -> bool:
    return _end_matches(arguments, str.startswith)


def _ends_with(arguments: Arguments) -> bool:
    return _end_matches(arguments, str.endswith)


def _end_matches(arguments: Arguments, test: Callable[[str, str], bool]) -> bool:
    left = arguments[0]()
    if not is_primitive(left):
        return False
    right = arguments[1]()
    return is_primitive(right) and test(fold(to_text(left)), fold(to_text(right)))


def _join(arguments: Arguments) -> str:
    items = arguments[0]()
    if not _is_array(items):
        return to_text(items) if is_primitive(items) else ""
    separator = ","
    if len(items) > 1 and len(arguments) > 1:
        given = arguments[1]()
        separator = to_text(given) if is_primitive(given) else separator
    counter = Counter()
    texts = [to_text(item) for item in items]
    for text in texts:
        counter.add(size(text))
    counter.add(size(separator) * max(0, len(texts) - 1))
    return separator.join(texts)


def _to_json(arguments: Arguments) -> str:
    return write_json(arguments[0]())


def _from_json(arguments: Arguments) -> object:
    return read_json(to_text(arguments[0]()))


@dataclass(frozen=True, slots=True)
class _Slot:
    """`{index}` or `{index:specifiers}` in a format string."""

    index: int
    specifiers: str

    def fill(self, value: object) -> str:
        if self.specifiers:
            kind = kind_of(value).value
            message = f"The format specifiers '{self.specifiers}' are not valid for objects of type '{kind}'"
            raise ExpressionError("evaluation", message)
        return to_text(value)


def _format(arguments: Arguments) -> str:
    segments = list(_segments(to_text(arguments[0]()), len(arguments) - 1))
    counter = Counter()
    for segment in segments:
        if isinstance(segment, str):
            counter.add(size(segment))
    values: dict[int, object] = {}
    texts: list[str] = []
    for segment in segments:
        if isinstance(segment, str):
            texts.append(segment)
            continue
        if segment.index not in values:
            values[segment.index] = arguments[segment.index + 1]()
        texts.append(segment.fill(values[segment.index]))
        counter.add(size(texts[-1]))
    return "".join(texts)


_BRACE = re.compile("[{}]")
_SLOT = re.compile(r"\{([0-9]+)(?::((?:[^}]|\}\})*+))?\}")


def _segments(template: str, count: int) -> Iterator[str | _Slot]:
    """The parts of a format string, for `count` arguments; doubled braces stand for one."""
    at = 0
    while brace := _BRACE.search(template, at):
        start = brace.start()
        if template[start + 1 : start + 2] == brace[0]:
            yield template[at : start + 1]
            at = start + 2
            continue
        slot = _SLOT.match(template, start)
        if slot is None or len(slot[1].lstrip("0")) > 3 or int(slot[1]) > 255:
            raise ExpressionError("evaluation", f"The following format string is invalid: {template}")
        if int(slot[1]) >= count:
            what = "The following format string references more arguments than were supplied"
            raise ExpressionError("evaluation", f"{what}: {template}")
        if start > at:
            yield template[at:start]
        yield _Slot(int(slot[1]), (slot[2] or "").replace("}}", "}"))
        at = slot.end()
    if at < len(template):
        yield template[at:]


BUILT_IN: dict[str, Callable[[Arguments], object]] = {
    "case": _case,
    "contains": _contains,
    "endswith": _ends_with,
    "format": _format,
    "fromjson": _from_json,
    "join": _join,
    "startswith": _starts_with,
    "tojson": _to_json,
}
