import pytest

from pipelinekit.workflows.embedded import beside
from tests.workflows.written import job, problems_of, step, told


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("run: echo ${{ nope.x }}", '6:23 no context has the name "nope"'),
        ("run: |\n  echo a\n  echo ${{ nope.x }}", '8:20 no context has the name "nope"'),
        ("run: >-\n  a ${{ github.sha }}\n  ${{ nope.x }}", '8:15 no context has the name "nope"'),
        ("run: 'it''s ${{ nope.x }}'", '6:25 no context has the name "nope"'),
        ('run: "a ${{ nope.x }}"', '6:21 no context has the name "nope"'),
        ('run: "a\\tb ${{ nope.x }}"', '6:14 no context has the name "nope"'),
        ("run: &script a ${{ nope.x }}", '6:28 no context has the name "nope"'),
        ("run: ${{ format('{0}', nope.x) }}", '6:32 no context has the name "nope"'),
        ("run: ${{ always() }}", '6:18 "always" can\'t be used here'),
        ("run: ${{ 'it''s }}", '6:14 "${{" is not closed'),
        ("run: a\nif: failure() && nope.x", '7:26 no context has the name "nope"'),
        ("run: a\nif: secrets.A == 'x'", '7:13 "secrets" can\'t be used here'),
        ("run: a\nif: |\n  github.ref == 'x' &&\n  nope.x", '9:11 no context has the name "nope"'),
        ("run: ${{ github.ref == }}", '6:29 the expression ends too early, after "=="'),
    ],
)
def test_an_expression_is_blamed_where_it_stands(lines: str, problem: str) -> None:
    assert told(step(lines)) == [problem]


@pytest.mark.parametrize("condition", ["", "true", "0", "always()", "${{ always() }}", "github.ref == 'x'", "'${{ github.ref }}'"])
def test_conditions_that_ask_something_are_left_alone(condition: str) -> None:
    assert told(job(f"if: {condition}")) == []


@pytest.mark.parametrize(
    ("condition", "bare"),
    [
        ("${{ github.ref }} == 'x'", "github.ref == 'x'"),
        ("'!${{ github.ref }}'", "!github.ref"),
        ("false || ${{ true }}", "false || true"),
    ],
)
def test_text_beside_an_expression_is_an_error(condition: str, bare: str) -> None:
    (problem,) = problems_of(job(f"if: {condition}"))
    assert problem.message == 'text beside "${{ }}" makes this condition always true'
    assert problem.hint == f"write the whole as one expression: ${{{{ {bare} }}}}"


@pytest.mark.parametrize(
    ("text", "outside"),
    [("a", "a"), ("${{ a }}", ""), (" ${{ a }}\n", " \n"), ("x ${{ '}}' }} y ${{ b }}", "x  y ")],
)
def test_what_stands_beside_expressions(text: str, outside: str) -> None:
    assert beside(text) == outside


def test_a_script_that_becomes_too_long_a_call_is_told() -> None:
    assert told(step(f"run: ${{{{ github.sha }}}} {'x' * 21_000}")) == ["6:14 exceeded max expression length 21000"]
    assert told(step(f"run: {'x' * 21_001}")) == ['6:14 "run" has 21,001 characters; a step may have 21,000']
    assert told(step(f"run: {'x' * 21_000}")) == []
