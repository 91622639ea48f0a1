"""What an expression is made of: the nodes of its tree, its limits, and the one error that it can end in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

MAX_LENGTH = 21_000  # UTF-16 units, as the runner counts them
MAX_DEPTH = 50  # levels of the tree
MAX_MEMORY_BYTES = 1024 * 1024  # what one evaluation may hold, by the runner's way of counting
MAX_ARGUMENTS = 255

ErrorKind = OneOf["lexing", "parsing", "evaluation"]


class ExpressionError(Exception):
    """What is wrong with an expression.

    kind: the stage that found it. message: GitHub's sentence, with the place in it where it says one.
    position: where in the expression, counted from 1. summary: the sentence without the place.
    """

    def __init__(self, kind: ErrorKind, message: str, position: int = 1, *, summary: str = "") -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.message = message
        self.position = position
        self.summary = summary or message

    def __reduce__(self) -> tuple[object, ...]:
        return (_restored, (self.kind, self.message, self.position, self.summary))


def _restored(kind: ErrorKind, message: str, position: int, summary: str) -> ExpressionError:
    return ExpressionError(kind, message, position, summary=summary)


def located(kind: ErrorKind, what: str, token: str, start: int, expression: str) -> ExpressionError:
    """The error about `token`, which begins at the offset `start` of `expression`."""
    summary = f"{what}: '{token}'"
    place = f"Located at position {start + 1} within expression: {expression}"
    return ExpressionError(kind, f"{summary}. {place}", start + 1, summary=summary)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that was written out."""

    value: bool | float | str | None
    position: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A context, as the author spelt it."""

    name: str
    position: int = 1


@dataclass(frozen=True, slots=True)
class Wildcard:
    """The star of `x.*` and `x[*]`."""

    position: int = 1


@dataclass(frozen=True, slots=True)
class Index:
    """`base.key` or `base[key]`; a property's name is a literal."""

    base: "Node"
    key: "Node"
    position: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"
    position: int = 1


Comparison = OneOf["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Compare:
    operator: Comparison
    left: "Node"
    right: "Node"
    position: int = 1


Junction = OneOf["&&", "||"]


@dataclass(frozen=True, slots=True)
class Logical:
    """Two or more operands; a chain of the same operator is one node, as deep as a single pair."""

    operator: Junction
    operands: tuple["Node", ...]
    position: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """A function, as the author spelt it, with its arguments, which are evaluated only when it asks for them."""

    name: str
    arguments: tuple["Node", ...]
    position: int = 1


Node = Literal | Name | Wildcard | Index | Not | Compare | Logical | Call


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order written."""
    match node:
        case Literal() | Name() | Wildcard():
            return ()
        case Index(base=base, key=key):
            return (base, key)
        case Not(operand=operand):
            return (operand,)
        case Compare(left=left, right=right):
            return (left, right)
        case Logical(operands=operands):
            return operands
        case Call(arguments=arguments):
            return arguments


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth; the root's is 1. Works for trees deeper than Python's stack."""
    rest = [(root, 1)]
    while rest:
        node, depth = rest.pop()
        yield node, depth
        rest.extend((child, depth + 1) for child in reversed(children(node)))


def check_depth(root: Node) -> None:
    """Raises ExpressionError (parsing) where the tree has more than 50 levels."""
    if any(depth > MAX_DEPTH for _, depth in walk(root)):
        raise ExpressionError("parsing", f"Exceeded max expression depth {MAX_DEPTH}")


def join(operator: Junction, left: Node, right: Node) -> Logical:
    """`left operator right`, where operands that are chains of the same operator become part of this one."""
    operands: list[Node] = []
    for side in (left, right):
        if isinstance(side, Logical) and side.operator == operator:
            operands.extend(side.operands)
        else:
            operands.append(side)
    return Logical(operator, tuple(operands), left.position)


def utf16_length(text: str) -> int:
    """How many UTF-16 units the text has: GitHub's strings are counted in them."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
