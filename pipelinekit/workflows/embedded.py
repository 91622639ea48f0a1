"""Expressions inside a value: that they parse, use only what they may, and where in the file they stand."""

import re

from pipelinekit.expressions.parse import parse
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import expressions_in, has_expression, tree
from pipelinekit.model.node import Scalar
from pipelinekit.model.problem import Problem
from pipelinekit.workflows.complaints import complaint, sentence
from pipelinekit.workflows.shapes import Scope
from pipelinekit.workflows.source import Source


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
            problems.append(Problem("expression", sentence(error), scalar.position))
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
        bare = " ".join(re.sub(r"\$\{\{\s*|\s*\}\}", "", text).split())
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
    message, hint, length = complaint(error, scope)
    return Problem("expression", message, source.place(scalar, offset), hint=hint, length=length)
