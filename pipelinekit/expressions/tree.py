"""A piece of the author's file with its expressions filled in: nodes in, plain values out."""

from collections.abc import Callable, Mapping
from typing import cast

from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import fill, is_insert, text
from pipelinekit.expressions.values import to_text
from pipelinekit.model.node import ListNode, MapNode, Node, Scalar, Value
from pipelinekit.model.problem import Problem, WorkflowInvalid

Contexts = Mapping[str, object]
Functions = Mapping[str, Callable[..., object]]


def fill_node(node: Node | None, contexts: Contexts, functions: Functions) -> Value:
    """The node as plain data. A mapping under the key `${{ insert }}` is merged into the one around it.

    Raises WorkflowInvalid with the place of the value whose expression could not be evaluated.
    """
    match node:
        case None:
            return None
        case Scalar(value=str(written)):
            return _at(node, lambda: fill(written, contexts, functions=functions))
        case Scalar(value=plain):
            return plain
        case ListNode(items=items):
            return [fill_node(item, contexts, functions) for item in items]
        case MapNode(entries=entries):
            filled: dict[str, Value] = {}
            for key, value in entries:
                inner = fill_node(value, contexts, functions)
                if isinstance(inner, dict) and is_insert(key.text):
                    filled.update(inner)
                else:
                    filled[fill_text(key, contexts, functions)] = inner
            return filled


def fill_text(node: Scalar | None, contexts: Contexts, functions: Functions) -> str:
    """The scalar as the text that the language makes of it: numbers as .NET prints them, null as ''. Raises WorkflowInvalid."""
    if node is None:
        return ""
    if not isinstance(node.value, str):
        return to_text(node.value)
    value = node.value
    return str(_at(node, lambda: text(value, contexts, functions=functions)))


def fill_texts(node: Node | None, contexts: Contexts, functions: Functions) -> dict[str, str]:
    """A mapping of names to text (`env`, `with`, `outputs`); values that are null become ''. Raises WorkflowInvalid."""
    if isinstance(node, MapNode):
        return {key.text: fill_text(value, contexts, functions) for key, value in node.entries if isinstance(value, Scalar)}
    filled = fill_node(node, contexts, functions)
    if isinstance(filled, dict):
        return {key: str(text("${{ v }}", {"v": value})) for key, value in filled.items()}
    return {}


def _at(node: Scalar, evaluate: Callable[[], object]) -> Value:
    try:
        return cast(Value, evaluate())  # the language's values are JSON's
    except ExpressionError as wrong:
        raise WorkflowInvalid(Problem("expression", str(wrong), node.position, length=len(node.text))) from wrong
