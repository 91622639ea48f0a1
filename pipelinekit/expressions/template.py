"""Text with `${{ }}` in it: values of keys, scripts, and the conditions of `if`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipelinekit.expressions.evaluate import Evaluation, Functions
from pipelinekit.expressions.functions import STATUS_FUNCTIONS
from pipelinekit.expressions.parse import calls, parse
from pipelinekit.expressions.render import literal, written
from pipelinekit.expressions.syntax import (
    MAX_LENGTH,
    Call,
    ExpressionError,
    Literal,
    Node,
    check_depth,
    join,
    utf16_length,
)
from pipelinekit.expressions.values import is_truthy, to_text, trim

_OPEN, _CLOSE = "${{", "}}"
_NOT_CLOSED = "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a condition came to. lines: how, in the runner's own two or three lines, not yet masked."""

    result: bool
    lines: str


@dataclass(frozen=True, slots=True)
class _Segment:
    """A piece of a text: plain, or the inside of `${{ }}` without the blanks around it. start: offset in the text."""

    text: str
    start: int
    is_expression: bool


def has_expression(text: str) -> bool:
    """Whether `${{` occurs in the text."""
    return _OPEN in text


def expressions_in(text: str) -> list[tuple[int, str]]:
    """The expressions of a text, each with its offset from 0.

    An error at position p of an expression is at offset + p - 1 of the text. Raises ExpressionError (parsing), its
    position counted in the text, where `${{` is not closed or nothing is inside.
    """
    return [(segment.start, segment.text) for segment in _segments(text) if segment.is_expression]


def is_insert(text: str) -> bool:
    """Whether a key is `${{ insert }}`, which merges the mapping that is its value into the one around it."""
    return text.startswith(_OPEN) and text.endswith(_CLOSE) and trim(text[len(_OPEN) : -len(_CLOSE)]) == "insert"


def tree(text: str, names: Collection[str], functions: Collection[str] = ()) -> Node:
    """What a text is evaluated as: an expression alone is itself, text around it makes it a call of `format`.

    Raises ExpressionError (lexing, parsing), its position counted in the expression that is wrong.
    """
    segments = _segments(text)
    if not has_expression(text):
        return Literal(text)
    if len(segments) == 1:
        return parse(segments[0].text, names, functions)
    arguments: list[Node] = []
    pattern: list[str] = []
    for segment in segments:
        if segment.is_expression:
            pattern.append(f"{{{len(arguments)}}}")
            arguments.append(parse(segment.text, names, functions))
        else:
            pattern.append(segment.text.replace("{", "{{").replace("}", "}}"))
    _check_length("".join(pattern), [segment.text for segment in segments if segment.is_expression])
    root = Call("format", (Literal("".join(pattern)), *arguments))
    check_depth(root)
    return root


def _check_length(pattern: str, expressions: list[str]) -> None:
    """The limit counts the call of `format` that GitHub makes of the text, so a long script fails by one expression."""
    call = f"format('{pattern.replace(chr(39), chr(39) * 2)}', {', '.join(expressions)})"
    if utf16_length(call) > MAX_LENGTH:
        raise ExpressionError("parsing", f"Exceeded max expression length {MAX_LENGTH}")


def _segments(text: str) -> list[_Segment]:
    found: list[_Segment] = []
    at = 0
    while (start := text.find(_OPEN, at)) >= 0:
        if start > at:
            found.append(_Segment(text[at:start], at, False))
        end = _closing(text, start + len(_OPEN))
        if end < 0:
            raise ExpressionError("parsing", _NOT_CLOSED, start + 1)
        inside = text[start + len(_OPEN) : end]
        expression = trim(inside)
        if not expression:
            raise ExpressionError("parsing", "An expression was expected", start + 1)
        found.append(_Segment(expression, start + len(_OPEN) + inside.index(expression), True))
        at = end + len(_CLOSE)
    if at < len(text):
        found.append(_Segment(text[at:], at, False))
    return found


def _closing(text: str, at: int) -> int:
    """Where `}}` stands outside of quotes, or -1. A doubled quote ends one string and begins the next."""
    while (end := text.find(_CLOSE, at)) >= 0:
        quote = text.find("'", at)
        if quote < 0 or end < quote:
            return end
        at = text.find("'", quote + 1) + 1
        if at == 0:
            return -1
    return -1


def fill(
    text: str,
    contexts: Mapping[str, object],
    *,
    functions: Functions | None = None,
    names: Collection[str] | None = None,
) -> object:
    """The text with the values of its expressions; where it is one expression and nothing else, that value.

    Arguments as of `evaluate`. Raises ExpressionError, its position counted in the expression that is wrong.
    """
    if not has_expression(text):
        return text
    root = tree(text, {*contexts, *(names or ())}, functions or ())
    return Evaluation(contexts, functions or {}).value(root)


def text(
    text: str,
    contexts: Mapping[str, object],
    *,
    functions: Functions | None = None,
    names: Collection[str] | None = None,
) -> str:
    """As `fill`, and the result as text: null is '', collections are `Array` and `Object`."""
    return to_text(fill(text, contexts, functions=functions, names=names))


def condition_tree(text: str | None, names: Collection[str], functions: Collection[str]) -> Node:
    """What the text of an `if` is evaluated as: `success() && (...)`, unless a status function occurs in it.

    Nothing written, or blanks, is `success()`. `${{ }}` may be left out; text around it makes the whole a string, which
    is true. Raises ExpressionError (lexing, parsing).
    """
    success = parse("success()", names, functions)
    if text is None or not trim(text):
        return success
    root = tree(text, names, functions) if has_expression(text) else parse(trim(text), names, functions)
    if calls(root) & set(STATUS_FUNCTIONS):
        return root
    root = join("&&", success, root)
    check_depth(root)
    return root


def condition(
    text: str | None,
    contexts: Mapping[str, object],
    *,
    functions: Functions,
    names: Collection[str] | None = None,
) -> Verdict:
    """Whether a job or a step with this `if` runs, and why.

    functions: the status functions, and `hashFiles` where it may be used. Raises ExpressionError.
    """
    root = condition_tree(text, {*contexts, *(names or ())}, functions)
    evaluation = Evaluation(contexts, functions)
    value = evaluation.value(root)
    lines = [f"Evaluating: {_bare(written(root))}"]
    expanded, result = written(root, evaluation.results), literal(value)
    if expanded not in (result, f"'{result}'"):
        lines.append(f"Expanded: {expanded}")
    lines.append(f"Result: {result}")
    return Verdict(is_truthy(value), "\n".join(lines))


def _bare(expression: str) -> str:
    """Without the parentheses around the whole, which nobody wrote."""
    depth = 0
    in_text = False
    for at, character in enumerate(expression):
        in_text ^= character == "'"
        depth += 0 if in_text else (character == "(") - (character == ")")
        if depth == 0 and at < len(expression) - 1:
            return expression
    return expression[1:-1]
