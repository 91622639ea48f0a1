"""A tree as text: as it was written, and with the values that it came to."""

from collections.abc import Mapping

from pipelinekit.expressions.syntax import Call, Compare, Index, Literal, Logical, Name, Node, Not, Wildcard
from pipelinekit.expressions.values import Kind, kind_of, to_text

# Calls that are shown with the values of their arguments, as in the runner; of all others the result tells more.
_OPEN = frozenset({"contains", "startswith", "endswith"})


def written(node: Node, results: Mapping[int, object] | None = None) -> str:  # noqa: PLR0911 - one for each node
    """The tree in one line, with parentheses around every operator.

    results: what nodes came to, by `id()`; where given, their values stand in place of names and calls.
    """
    match node:
        case Literal(value=value):
            return literal(value)
        case Wildcard():
            return "*"
        case Not(operand=operand):
            return f"!{written(operand, results)}"
        case Compare(operator=operator, left=left, right=right):
            return f"({written(left, results)} {operator} {written(right, results)})"
        case Logical(operator=operator, operands=operands):
            return f"({f' {operator} '.join(written(operand, results) for operand in operands)})"
        case Name() | Index() | Call():
            if results is None or id(node) not in results or _is_open(node):
                return _reference(node, results)
            return literal(results[id(node)])


def _is_open(node: Node) -> bool:
    return isinstance(node, Call) and node.name.lower() in _OPEN


def _reference(node: Name | Index | Call, results: Mapping[int, object] | None) -> str:
    match node:
        case Name(name=name):
            return name
        case Index(base=base, key=Literal(value=str(name))) if _is_name(name):
            return f"{written(base, results)}.{name}"
        case Index(base=base, key=Wildcard()):
            return f"{written(base, results)}.*"
        case Index(base=base, key=key):
            return f"{written(base, results)}[{written(key, results)}]"
        case Call(name=name, arguments=arguments):
            return f"{name}({', '.join(written(argument, results) for argument in arguments)})"


def _is_name(text: str) -> bool:
    return text.isascii() and text.replace("-", "_").isidentifier() and not text.startswith("-")


def literal(value: object) -> str:
    """A value as an expression would spell it; collections are the name of their kind."""
    match kind_of(value):
        case Kind.NULL:
            return "null"
        case Kind.STRING:
            return "'" + str(value).replace("'", "''") + "'"
        case Kind.BOOLEAN | Kind.NUMBER | Kind.ARRAY | Kind.OBJECT:
            return to_text(value)
