"""Expressions inside a value: that they parse, use only what they may, and where in the file they stand."""

from pipelinekit.expressions.parse import parse
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import expressions_in, has_expression, tree
from pipelinekit.model.node import Scalar
from pipelinekit.model.problem import Problem
from pipelinekit.workflows.shapes import CONTEXTS, Scope
from pipelinekit.workflows.source import Source
from pipelinekit.workflows.suggest import suggestion

_FUNCTIONS = (
    "case", "contains", "endsWith", "format", "fromJSON", "join", "startsWith", "toJSON",
)  # fmt: skip
_LIMITED = frozenset({"hashfiles", "always", "cancelled", "failure", "success"})  # each only at some places


def expression_problems(scalar: Scalar, scope: Scope, source: Source) -> list[Problem]:
    """What is wrong with the `${{ }}` in the text of `scalar`; each that does not parse is one problem."""
    text = str(scalar.value)
    try:
        found = expressions_in(text)
    except ExpressionError as error:
        return [_problem(error, scalar, error.position - 1, scope, source)]
    problems = []
    for offset, expression in found:
        try:
            parse(expression, scope.names, scope.functions)
        except ExpressionError as error:
            problems.append(_problem(error, scalar, offset + error.position - 1, scope, source))
    if not problems:
        try:
            tree(text, scope.names, scope.functions)
        except ExpressionError as error:  # each part is well, the whole is too long or too deep
            problems.append(Problem("expression", _sentence(error), scalar.position))
    return problems


def condition_problems(scalar: Scalar, scope: Scope, source: Source) -> list[Problem]:
    """What is wrong with an `if`, in which `${{ }}` may be left out.

    Text beside `${{ }}` is an error, as in GitHub's editor: the whole is then a string that is never empty, so always true.
    """
    text = scalar.value
    if not isinstance(text, str):
        return []
    if not has_expression(text):
        try:
            parse(text.strip(), scope.names, scope.functions)
        except ExpressionError as error:
            blanks = len(text) - len(text.lstrip())
            return [_problem(error, scalar, blanks + error.position - 1, scope, source)]
        return []
    problems = expression_problems(scalar, scope, source)
    if not problems and beside(text).strip():
        bare = " ".join(text.replace("${{", "").replace("}}", "").split())
        message = 'text beside "${{ }}" makes this condition always true'
        hint = f"write the whole as one expression: ${{{{ {bare} }}}}"
        problems.append(Problem("condition", message, scalar.position, hint=hint, length=len(text.split("\n")[0])))
    return problems


def beside(text: str) -> str:
    """What stands outside of every `${{ }}`, blanks kept. Raises ExpressionError as `expressions_in` does."""
    outside, at = "", 0
    for offset, expression in expressions_in(text):
        outside += text[at : text.rindex("${{", 0, offset)]
        at = text.index("}}", offset + len(expression)) + len("}}")
    return outside + text[at:]


def _problem(error: ExpressionError, scalar: Scalar, offset: int, scope: Scope, source: Source) -> Problem:
    """offset: in the scalar's text, where the error is."""
    what, _, token = error.summary.partition(": ")
    word = token.removeprefix("'").removesuffix("'")
    message, hint = _sentence(error), ""
    if what == "Unrecognized named-value":
        usable = sorted(scope.names)
        message, hint = f'no context has the name "{word}"', suggestion(word, usable, "usable here")
        if word.lower() in CONTEXTS:
            message, hint = f'"{word}" can\'t be used here', "usable here: " + ", ".join(f'"{name}"' for name in usable)
    elif what == "Unrecognized function":
        functions = sorted({*_FUNCTIONS, *scope.functions}, key=str.lower)
        message, hint = f'no function has the name "{word}"', suggestion(word, functions, "functions here")
        if word.lower() in _LIMITED:
            message = f'"{word}" can\'t be used here'
    elif what == "Unexpected symbol" and word.startswith("'"):
        message, hint = "a text in quotes is not closed", "end it with '; a ' inside is written twice"
    elif '"' in word:
        hint = "text stands in single quotes: 'text'"
    elif error.summary == "An expression was expected":
        message = "nothing stands between ${{ and }}"
    elif "not closed" in error.summary:
        message, hint = '"${{" is not closed', 'end the expression with "}}"'
    return Problem("expression", message, source.place(scalar, offset), hint=hint, length=max(1, len(word)))


def _sentence(error: ExpressionError) -> str:
    what, colon, token = error.summary.partition(": ")
    said = what[:1].lower() + what[1:]
    return f'{said} "{token[1:-1]}"' if colon else said
