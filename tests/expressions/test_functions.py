"""The functions of the language."""

import pytest

from pipelinekit.expressions.evaluate import evaluate
from pipelinekit.expressions.syntax import ExpressionError

CONTEXTS = {
    "list": ["a", "B", 1.0, None, True, [1.0], {}],
    "object": {"a": 1.0},
    "numbers": [1.0, 2.5],
    "one": ["x"],
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("contains('Hello', 'LL')", True),
        ("contains('Hello', '')", True),
        ("contains('1.5', 1.5)", True),
        ("contains('x', fromJSON('[]'))", False),
        ("contains(list, 'b')", True),
        ("contains(list, ' 1 ')", True),
        ("contains(list, 'zz')", False),
        ("contains(list, null)", True),
        ("contains(object, 'a')", False),
        ("contains(null, '')", True),
        ("startsWith('Hello', 'hE')", True),
        ("startsWith(15, 1)", True),
        ("startsWith(list, 'A')", False),
        ("endsWith('Hello', 'LO')", True),
        ("endsWith('a', object)", False),
        ("join(list, '|')", "a|B|1||true|Array|Object"),
        ("join(numbers)", "1,2.5"),
        ("join(numbers, list)", "1,2.5"),
        ("join('a', '-')", "a"),
        ("join(object)", ""),
        ("join(fromJSON('[]'))", ""),
        ("format('{0}{1}{0}', 'a', 2)", "a2a"),
        ("format('{{{0}}}', 'a')", "{a}"),
        ("format('{00}', 'a')", "a"),
        ("format('{0:}', 'a')", "a"),
        ("format(1.5)", "1.5"),
        ("case(false, 1, true, 2, 3)", 2.0),
        ("case(false, 1, 1 == 2, 2, 'x')", "x"),
        ('fromJSON(\'{"a": [1, null, "x"]}\').a', [1.0, None, "x"]),
        ("fromJSON(' true ')", True),
        ("fromJSON(toJSON(Infinity))", float("inf")),
    ],
)
def test_functions_give_what_they_promise(expression: str, value: object) -> None:
    result = evaluate(expression, CONTEXTS)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("format('{0}')", "The following format string references more arguments than were supplied: {0}"),
        ("format('{255}', 1)", "The following format string references more arguments than were supplied: {255}"),
        ("format('{256}', 1)", "The following format string is invalid: {256}"),
        (f"format('{{{'9' * 5000}}}', 1)", "The following format string is invalid: {9999"),
        ("format('{ 0}', 1)", "The following format string is invalid: { 0}"),
        ("format('{0', 1)", "The following format string is invalid: {0"),
        ("format('{}', 1)", "The following format string is invalid: {}"),
        ("format('}', 1)", "The following format string is invalid: }"),
        ("format('{٣}', 1)", "The following format string is invalid: {٣}"),
        ("format('{0:x}', 1)", "The format specifiers 'x' are not valid for objects of type 'Number'"),
        ("format('{0:a}}b}', list)", "The format specifiers 'a}b' are not valid for objects of type 'Array'"),
        ("format('{0:x', 1)", "The following format string is invalid: {0:x"),
        ("case('true', 1, 2)", "case predicate must evaluate to a boolean value"),
        ("fromJSON('')", "Error parsing JSON when evaluating fromJson: empty input"),
        ("fromJSON('{')", "Error parsing JSON when evaluating fromJson: Expecting property name"),
        ("fromJSON('[1] 2')", "Error parsing JSON when evaluating fromJson: Extra data (line 1, column 5)"),
        (f"fromJSON('{'[' * 20_000}')", "Error parsing JSON when evaluating fromJson: nested too deeply"),
    ],
)
def test_functions_say_what_they_cannot_do(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, CONTEXTS)
    assert caught.value.kind == "evaluation"
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    "expression",
    [
        "case(true, 'x', fromJSON('{'))",
        "case(true, 'x', false, fromJSON('{'), 'y')",
        "format('x', fromJSON('{'))",
        "join(one, fromJSON('{'))",
        "case(contains(object, fromJSON('{')), 'y', 'x')",
        "case(startsWith(object, fromJSON('{')), 'y', 'x')",
        "false || 'x' || fromJSON('{')",
    ],
)
def test_what_is_not_needed_is_not_evaluated(expression: str) -> None:
    assert evaluate(expression, CONTEXTS) == "x"


def test_an_argument_that_is_used_twice_is_evaluated_once() -> None:
    numbers = iter((1, 2))
    assert evaluate("format('{0}{0}', next())", {}, functions={"next": lambda: next(numbers)}) == "11"
