"""Where expressions ask for a part of a context by its name, as in `steps.build.outputs.x` or `needs['test']`."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelinekit.expressions.functions import STATUS_FUNCTIONS
from pipelinekit.expressions.parse import parse
from pipelinekit.expressions.syntax import Index, Literal, Name, walk
from pipelinekit.expressions.template import expressions_in, has_expression
from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.position import Position
from pipelinekit.workflows.shapes import CONTEXTS
from pipelinekit.workflows.source import Source


@dataclass(frozen=True, slots=True)
class Reference:
    """name: the part asked for. position: where the context is named."""

    name: str
    position: Position


def references(node: Node | None, context: str, source: Source) -> Iterator[Reference]:
    """The parts of `context` that the expressions in `node` ask for, in the order written. node: read without an error."""
    match node:
        case Scalar(value=str(text)) if has_expression(text):
            for offset, expression in expressions_in(text):
                yield from _in_expression(node, expression, offset, context, source)
        case ListNode(items=items):
            for item in items:
                yield from references(item, context, source)
        case MapNode(entries=entries):
            for key, value in entries:
                if (
                    key.text == "if"
                    and isinstance(value, Scalar)
                    and isinstance(value.value, str)
                    and not has_expression(value.value)
                ):
                    blanks = len(value.value) - len(value.value.lstrip())
                    yield from _in_expression(value, value.value.strip(), blanks, context, source)
                else:
                    yield from references(value, context, source)
        case _:
            return


def _in_expression(scalar: Scalar, expression: str, offset: int, context: str, source: Source) -> Iterator[Reference]:
    if context not in expression.lower():
        return
    for node, _ in walk(parse(expression, CONTEXTS, (*STATUS_FUNCTIONS, "hashFiles"))):
        match node:
            case Index(base=Name(name=name, position=position), key=Literal(value=str(part))) if name.lower() == context:
                yield Reference(part, source.place(scalar, offset + position - 1))
