"""A tree and its contexts to a value."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from math import floor, isnan

from pipelinekit.expressions.functions import BUILT_IN
from pipelinekit.expressions.memory import OBJECT_BYTES, POINTER_BYTES, Memory, size
from pipelinekit.expressions.parse import parse
from pipelinekit.expressions.syntax import (
    Call,
    Compare,
    Comparison,
    ExpressionError,
    Index,
    Literal,
    Logical,
    Name,
    Node,
    Not,
    Wildcard,
)
from pipelinekit.expressions.values import (
    Filtered,
    Kind,
    equal,
    is_primitive,
    is_truthy,
    kind_of,
    less,
    lookup,
    to_number,
    to_text,
)

Functions = Mapping[str, Callable[..., object]]


def evaluate(
    expression: str,
    contexts: Mapping[str, object],
    *,
    functions: Functions | None = None,
    names: Collection[str] | None = None,
) -> object:
    """The value of an expression, written without `${{ }}`.

    contexts: values by name; keys inside are looked up ignoring case, except in `env`. functions: what exists besides
    the language's own, as `hashFiles`; they get plain values. names: contexts that may be named and are null unless
    given. Returns plain Python: None, bool, int or float, str, list, dict. Raises ExpressionError.
    """
    tree = parse(expression, {*contexts, *(names or ())}, functions or ())
    return Evaluation(contexts, functions or {}).value(tree)


class Evaluation:
    """One evaluation of one tree; it keeps what every node came to, to show the expression with its values."""

    def __init__(self, contexts: Mapping[str, object], functions: Functions) -> None:
        self.contexts = {name.lower(): value for name, value in contexts.items()}
        self.functions = {name.lower(): function for name, function in functions.items()}
        self.results: dict[int, object] = {}  # by id() of the node, which the tree keeps alive
        self._memory = Memory()

    def value(self, root: Node) -> object:
        """What the tree comes to. Raises ExpressionError (evaluation)."""
        result = self._evaluate(root, 0)
        return list(result) if isinstance(result, Filtered) else result

    def _evaluate(self, node: Node, level: int) -> object:
        result = self._result(node, level)
        taken = OBJECT_BYTES + POINTER_BYTES * len(result) if isinstance(result, Filtered) else size(result)
        # What comes out of a context or of JSON is wrapped in the runner: it takes room twice, and its operands stay.
        wrapped = result is not None and _is_data(node) and is_primitive(result)
        if wrapped:
            taken += OBJECT_BYTES
        self._memory.add(level, taken, frees_operands=not wrapped and is_primitive(result))
        self.results[id(node)] = result
        return result

    def _result(self, node: Node, level: int) -> object:  # noqa: PLR0911 - one for each node
        match node:
            case Literal(value=value):
                return value
            case Name(name=name):
                return self.contexts.get(name.lower())
            case Wildcard():
                return "*"
            case Index(base=base, key=key):
                return self._index(self._evaluate(base, level + 1), key, level + 1)
            case Not(operand=operand):
                return not is_truthy(self._evaluate(operand, level + 1))
            case Compare(operator=operator, left=left, right=right):
                return _compare(operator, self._evaluate(left, level + 1), self._evaluate(right, level + 1))
            case Logical():
                return self._logical(node, level + 1)
            case Call():
                return self._call(node, level + 1)

    def _logical(self, node: Logical, level: int) -> object:
        """The first operand that decides, else the last."""
        result: object = None
        for operand in node.operands:
            result = self._evaluate(operand, level)
            if is_truthy(result) == (node.operator == "||"):
                break
        return result

    def _call(self, node: Call, level: int) -> object:
        name = node.name.lower()
        arguments = [partial(self._evaluate, argument, level) for argument in node.arguments]
        try:
            if name in self.functions:
                return self.functions[name](*(argument() for argument in arguments))
            return BUILT_IN[name](arguments)
        except ExpressionError as error:
            if error.position == 1:  # an argument's error knows a place behind this function's name
                raise ExpressionError(error.kind, error.message, node.position) from error
            raise
        except (OSError, ValueError) as error:
            raise ExpressionError("evaluation", f"{node.name} failed: {error}", node.position) from error

    def _index(self, base: object, key_node: Node, level: int) -> object:
        if isinstance(key_node, Wildcard):
            self._evaluate(key_node, level)
            bases = base if isinstance(base, Filtered) else (base,)
            return Filtered(item for value in bases for item in _items(value))
        if is_primitive(base):
            return None  # without a look at the key, as in the runner
        key = self._evaluate(key_node, level)
        if isinstance(base, Filtered):
            return Filtered(found for item in base for found in self._found(item, key))
        return next(self._found(base, key), None)

    def _found(self, base: object, key: object) -> Iterator[object]:
        """The one item of `base` under `key`, or nothing."""
        if isinstance(base, Mapping):
            if is_primitive(key):
                is_env = base is self.contexts.get("env")  # the only one that is case-sensitive, as Linux is
                there, value = lookup(base, to_text(key), exactly=is_env)
                if there:
                    yield value
        elif kind_of(base) is Kind.ARRAY and isinstance(base, Sequence):
            number = to_number(key)
            if not isnan(number) and 0 <= number < len(base):
                yield base[floor(number)]


def _items(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif kind_of(value) is Kind.ARRAY and isinstance(value, Sequence):
        yield from value


def _is_data(node: Node) -> bool:
    return isinstance(node, Name | Index) or (isinstance(node, Call) and node.name.lower() == "fromjson")


def _compare(operator: Comparison, left: object, right: object) -> bool:
    match operator:
        case "==":
            return equal(left, right)
        case "!=":
            return not equal(left, right)
        case "<":
            return less(left, right)
        case ">":
            return less(right, left)
        case "<=":
            return equal(left, right) or less(left, right)
        case ">=":
            return equal(left, right) or less(right, left)
