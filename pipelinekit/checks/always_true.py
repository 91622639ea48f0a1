"""Conditions that look like a question and always say yes."""

from collections.abc import Iterator

from pipelinekit.expressions.functions import STATUS_FUNCTIONS
from pipelinekit.expressions.parse import parse
from pipelinekit.expressions.syntax import Literal
from pipelinekit.expressions.template import expressions_in, has_expression
from pipelinekit.model.node import Scalar
from pipelinekit.model.problem import Problem, Severity
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.embedded import beside
from pipelinekit.workflows.shapes import CONTEXTS


def always_true(workflow: Workflow) -> Iterator[Problem]:
    """A condition that is true whatever happens.

    Blanks beside `${{ }}` make the condition a text, and a text that is not empty is true. This is what a block does,
    since it ends with a line break:

        if: |
          ${{ github.ref == 'refs/heads/main' }}

    The same goes for a condition that is nothing but a text in quotes, as in `if: "'false'"`.
    """
    for job in workflow.jobs:
        for condition in (job.condition, *(step.condition for step in job.steps)):
            if condition is not None and isinstance(condition.value, str) and condition.value.strip():
                yield from _judged(condition, condition.value)


def _judged(condition: Scalar, text: str) -> Iterator[Problem]:
    if has_expression(text) and beside(text):
        message = 'blanks beside "${{ }}" make this condition always true'
        hint = "write it on the line of the key, or leave out ${{ and }}"
        yield Problem("always-true", message, condition.position, Severity.WARNING, hint)
        return
    expression = expressions_in(text)[0][1] if has_expression(text) else text.strip()
    tree = parse(expression, CONTEXTS, (*STATUS_FUNCTIONS, "hashFiles"))
    if isinstance(tree, Literal) and isinstance(tree.value, str) and tree.value:
        message = "this condition is a text, which is always true"
        hint = "compare it with something, or remove the quotes"
        length = len(text.split("\n", 1)[0])
        yield Problem("always-true", message, condition.position, Severity.WARNING, hint, length)
