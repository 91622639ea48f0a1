"""Whether Nodes have the shape that the tables ask for: keys, kinds of values, and where expressions may stand."""

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.problem import Problem
from pipelinekit.workflows.embedded import condition_problems, expression_problems
from pipelinekit.workflows.shapes import ANYTHING, NOWHERE, Keys, Scope, Shape
from pipelinekit.workflows.source import Source
from pipelinekit.workflows.suggest import suggestion


def validate(node: Node, shape: Shape, source: Source) -> list[Problem]:
    """What is wrong with `node`, in the order written. source: the text that it was read from."""
    visitor = _Visitor(source)
    visitor.visit(node, shape, NOWHERE, "the file")
    return visitor.problems


class _Visitor:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def visit(self, node: Node, shape: Shape, scope: Scope, where: str) -> None:
        """where: how a message calls the value, `"runs-on"`. scope: of the place around it."""
        scope = scope if shape.scope is None else shape.scope
        match node:
            case Scalar():
                self.scalar(node, shape, scope, where)
            case ListNode(items=items):
                inner = ANYTHING if shape.anything else shape.items
                if inner is None:
                    self.problem("value", f"{where} can't be a list", node, f"it must be {_expected(shape)}")
                    return
                for item in items:
                    self.visit(item, inner, scope, where)
            case MapNode():
                if shape.anything:
                    self.mapping(node, Keys(where, other=ANYTHING), scope)
                elif not shape.maps:
                    self.problem("value", f"{where} can't be a mapping", node, f"it must be {_expected(shape)}")
                else:
                    self.chosen(node, shape.maps, scope)

    def scalar(self, node: Scalar, shape: Shape, scope: Scope, where: str) -> None:
        if shape.condition:
            self.problems += condition_problems(node, scope, self.source)
        elif isinstance(node.value, str) and "${{" in node.value:
            if scope == NOWHERE:
                self.problem("expression", f"{where} can't hold an expression", node, "write the value itself")
            else:
                self.problems += expression_problems(node, scope, self.source)
        elif not _fits(node, shape):
            self.misfit(node, shape, where)

    def misfit(self, node: Scalar, shape: Shape, where: str) -> None:
        expected = _expected(shape)
        if node.value is None:
            self.problem("value", f"{where} is empty", node, f"it must be {expected}")
        elif shape.words and not shape.truth:
            self.problem("value", f'{where} can\'t be "{node.text}"', node, suggestion(node.text, shape.words, "possible"))
        else:
            hint = ""
            if isinstance(node.value, str):
                quoted = shape.number and node.text.strip().replace(".", "", 1).isdigit()
                hint = "remove the quotes" if quoted else ""
                if shape.truth and node.text.lower() in ("yes", "no", "on", "off", "true", "false"):
                    hint = f'"{node.text}" is text here: write true or false, without quotes'
            self.problem("value", f'{where} must be {expected}, but is "{node.text}"', node, hint)

    def chosen(self, node: MapNode, maps: tuple[Keys, ...], scope: Scope) -> None:
        """Of several kinds of mapping the one whose keys are used; each key narrows them down, as GitHub does it."""
        left = maps
        for key, _ in node.entries:
            left = tuple(keys for keys in left if key.text in keys.known or keys.other) or left
        if len(left) == 1:
            self.mapping(node, left[0], scope, tuple(keys for keys in maps if keys is not left[0]))
            return
        every = {name: shape for keys in reversed(left) for name, shape in keys.known.items()}
        before = len(self.problems)
        self.mapping(node, Keys(left[0].what, every), scope)
        if not any(problem.code == "key" for problem in self.problems[before:]):
            needed = ", ".join(f'"{name}"' for keys in left for name in keys.required)
            self.problem("missing", f"{left[0].what} needs one of {needed}", _first_key(node))

    def mapping(self, node: MapNode, keys: Keys, scope: Scope, others: tuple[Keys, ...] = ()) -> None:
        """others: the kinds of mapping that this one might have been."""
        inserted = False
        for key, value in node.entries:
            if "${{" in key.text:
                inserted = True
                self.inserted(key, value, keys, scope)
            elif key.text in keys.known:
                self.visit(value, keys.known[key.text], scope, f'"{key.text}"')
            elif keys.other and key.text and key.value is not None:
                self.visit(value, keys.other, scope, f'"{key.text}"')
            elif not key.text:
                self.problem("key", f"an empty key in {keys.what}", key)
            elif keys.required and any(key.text in other.known for other in others):
                self.problem("key", f'"{key.text}" can\'t stand beside "{keys.required[0]}"', key)
            else:
                hint = suggestion(key.text, keys.known, "keys here")
                self.problem("key", f'unknown key "{key.text}" in {keys.what}', key, hint)
        written = node.keys()
        for name in () if inserted else keys.required:
            if name not in written:
                self.problem("missing", f'{keys.what} needs "{name}"', _first_key(node))

    def inserted(self, key: Scalar, value: Node, keys: Keys, scope: Scope) -> None:
        """`${{ insert }}: ${{ a mapping }}` merges, by the template engine's own word; others name a key."""
        if scope == NOWHERE:
            self.problem("expression", f"a key of {keys.what} can't hold an expression", key)
        elif key.text.replace(" ", "") != "${{insert}}":  # a word of the template engine, not an expression
            self.problems += expression_problems(key, scope, self.source)
        self.visit(value, ANYTHING, scope, f'"{key.text}"')

    def problem(self, code: str, message: str, node: Node, hint: str = "") -> None:
        length = max(1, len(node.text.split("\n")[0])) if isinstance(node, Scalar) else 1
        self.problems.append(Problem(code, message, node.position, hint=hint, length=length))


def _first_key(node: MapNode) -> Node:
    return node.entries[0][0] if node.entries and node.entries[0][0].position == node.position else node


def _fits(node: Scalar, shape: Shape) -> bool:
    if shape.text or shape.anything:
        return True
    match node.value:
        case None:
            return shape.null
        case bool() if shape.truth:
            return True
        case int() | float() if shape.number and not isinstance(node.value, bool):
            return True
        case _:
            return (shape.filled and node.text != "") or node.text in shape.words


def _expected(shape: Shape) -> str:
    kinds = (
        (shape.null, "empty"),
        (bool(shape.words), "one of " + ", ".join(f'"{word}"' for word in shape.words[:12])),
        (shape.truth, "true or false"),
        (shape.number, "a number"),
        (shape.text or shape.filled, "text"),
        (shape.items is not None, "a list"),
        (bool(shape.maps), "a mapping"),
    )
    return " or ".join(name for allowed, name in kinds if allowed)
