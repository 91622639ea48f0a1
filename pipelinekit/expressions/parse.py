"""Tokens to a tree: `!` binds tightest, then `< <= > >=`, `== !=`, `&&`, `||`.

Names and functions are checked here, before anything is evaluated, so a mistake in a branch that is never taken is
found all the same. Source of the rules and the texts: the expression parser of actions/runner.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import get_args

from pipelinekit.expressions.functions import BUILT_IN, SIGNATURES
from pipelinekit.expressions.lex import Token, tokens
from pipelinekit.expressions.syntax import (
    MAX_DEPTH,
    Call,
    Compare,
    Comparison,
    ExpressionError,
    Index,
    Junction,
    Literal,
    Name,
    Node,
    Not,
    Wildcard,
    check_depth,
    children,
    join,
    located,
    walk,
)
from pipelinekit.expressions.values import to_text

_PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}
_JUNCTIONS: dict[str, Junction] = {word: word for word in get_args(Junction)}
_COMPARISONS: dict[str, Comparison] = {word: word for word in get_args(Comparison)}
_MAX_NESTING = 2 * MAX_DEPTH  # groups are no level of the tree, but ours take room on Python's stack


def parse(expression: str, names: Collection[str], functions: Collection[str] = ()) -> Node:
    """The tree of an expression; an empty one is null.

    names: the contexts that may be used here. functions: those that exist besides the language's own, as `hashFiles`
    or `success`. Both ignore case. Raises ExpressionError (lexing, parsing).
    """
    return _parsed(expression, frozenset(map(str.lower, names)), frozenset(map(str.lower, functions)))


@lru_cache(maxsize=4096)
def _parsed(expression: str, names: frozenset[str], functions: frozenset[str]) -> Node:
    return _Parser(expression, names, functions | BUILT_IN.keys()).parse()


class _Parser:
    def __init__(self, expression: str, names: frozenset[str], functions: frozenset[str]) -> None:
        self.expression = expression
        self.names = names
        self.functions = functions
        self.tokens = tokens(expression)
        self.at = 0
        self.nesting = 0

    def parse(self) -> Node:
        if self.ended():
            return Literal(None)
        root = self.binary(0)
        if not self.ended():
            raise self.unexpected()
        check_depth(root)
        return root

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def ended(self) -> bool:
        return self.token.kind == "end"

    def binary(self, above: int) -> Node:
        """Operands joined by operators that bind tighter than `above`."""
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise ExpressionError("parsing", f"Exceeded max expression depth {MAX_DEPTH}")
        left = self.unary()
        while (precedence := self.precedence()) > above:
            operator = self.take().text
            right = self.binary(precedence)
            if operator in _JUNCTIONS:
                left = join(_JUNCTIONS[operator], left, right)
            else:
                left = Compare(_COMPARISONS[operator], left, right, left.position)
        self.nesting -= 1
        return left

    def precedence(self) -> int:
        """How tightly the operator that stands here binds; 0 where none does."""
        return _PRECEDENCE.get(self.token.text, 0) if self.token.kind == "symbol" else 0

    def unary(self) -> Node:
        marks: list[Token] = []
        while self.accept("!"):
            marks.append(self.tokens[self.at - 1])
        node = self.operand()
        for mark in reversed(marks):
            node = Not(node, mark.start + 1)
        return node

    def operand(self) -> Node:
        token = self.token
        match token.kind:
            case "literal":
                self.take()
                return Literal(token.value, token.start + 1)
            case "identifier":
                self.take()
                return self.path(self.call(token) if self.accept("(") else self.name(token))
            case _:
                if not self.accept("("):
                    raise self.unexpected()
                group = self.binary(0)
                self.expect(")")
                return self.path(group)

    def name(self, token: Token) -> Name:
        if token.text.lower() not in self.names:
            raise located("parsing", "Unrecognized named-value", token.text, token.start, self.expression)
        return Name(token.text, token.start + 1)

    def call(self, token: Token) -> Call:
        if token.text.lower() not in self.functions:
            raise located("parsing", "Unrecognized function", token.text, token.start, self.expression)
        arguments: list[Node] = []
        if not self.accept(")"):
            arguments.append(self.binary(0))
            while self.accept(","):
                arguments.append(self.binary(0))
            self.expect(")")
        self.check_count(token, len(arguments))
        return Call(token.text, tuple(arguments), token.start + 1)

    def check_count(self, token: Token, count: int) -> None:
        signature = SIGNATURES.get(token.text.lower())
        if signature is None:
            return
        what = signature.complaint(count)
        if what:
            raise located("parsing", what, token.text, token.start, self.expression)

    def path(self, node: Node) -> Node:
        """The node with all `.x`, `.*`, `[x]` and `[*]` that follow it."""
        while True:
            if self.accept("."):
                token = self.token
                if token.kind != "identifier" and token.text != "*":
                    raise self.unexpected()
                self.take()
                key: Node = self.star(token) if token.text == "*" else Literal(token.text, token.start + 1)
            elif self.accept("["):
                token = self.token
                key = self.star(self.take()) if token.kind == "symbol" and token.text == "*" else self.binary(0)
                self.expect("]")
            else:
                return node
            node = Index(node, key, node.position)

    @staticmethod
    def star(token: Token) -> Wildcard:
        return Wildcard(token.start + 1)

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, symbol: str) -> bool:
        found = self.token.kind == "symbol" and self.token.text == symbol
        self.at += found
        return found

    def expect(self, symbol: str) -> None:
        if not self.accept(symbol):
            raise self.unexpected()

    def unexpected(self) -> ExpressionError:
        """The error for the token that stands here; at the end of the expression the last one is named."""
        token, what = self.token, "Unexpected symbol"
        if self.ended():
            token, what = self.tokens[self.at - 1], "Unexpected end of expression"
        return located("parsing", what, token.text, token.start, self.expression)


def uses(root: Node) -> set[str]:
    """What an expression reads, as dotted paths: `needs.build.outputs.x`, `secrets.TOKEN`, `github`.

    The context's name is in lower case, the rest as written. A star stands where every item is meant or where the key
    is computed, and what the key itself reads is listed too.
    """
    found: set[str] = set()
    rest = [root]
    while rest:
        node = rest.pop()
        path: list[str] = []
        while isinstance(node, Index):
            if isinstance(node.key, Literal):
                path.append(to_text(node.key.value))
            else:
                path.append("*")
                rest.append(node.key)
            node = node.base
        if isinstance(node, Name):
            found.add(".".join((node.name.lower(), *reversed(path))))
        rest.extend(children(node))
    return found


def calls(root: Node) -> set[str]:
    """The functions that an expression calls anywhere, in lower case."""
    return {node.name.lower() for node, _ in walk(root) if isinstance(node, Call)}
