"""Text with expressions in it, and conditions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.template import (
    condition,
    expressions_in,
    fill,
    has_expression,
    is_insert,
    text,
)

CONTEXTS: dict[str, object] = {"github": {"ref": "main", "list": [1.0]}, "matrix": {"n": 3, "none": None}}
STATUS = {"success": lambda *_: True, "failure": lambda *_: False, "always": lambda: True, "cancelled": lambda: False}
FAILED = STATUS | {"success": lambda *_: False, "failure": lambda *_: True}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("plain {0} }} text", "plain {0} }} text", id="no expression, nothing changes"),
        pytest.param("${{ matrix.n }}", 3, id="an expression alone keeps its type"),
        pytest.param("${{github.list}}", [1.0], id="also a collection, and blanks are not needed"),
        pytest.param(" ${{ matrix.n }}", " 3", id="a blank in front makes it text"),
        pytest.param("${{ matrix.n }}${{ matrix.none }}!", "3!", id="several"),
        pytest.param("{${{ github.ref }}} {0} '{{x}}'", "{main} {0} '{{x}}'", id="braces and quotes stay"),
        pytest.param("${{ github.list }}:${{ github }}", "Array:Object", id="collections in text"),
        pytest.param("${{ '}}' }}", "}}", id="the end inside of quotes is none"),
        pytest.param("${{ 'it''s }}' }}.", "it's }}.", id="nor behind a doubled quote"),
        pytest.param("${{ '${{' }}", "${{", id="a beginning inside of quotes"),
        pytest.param("a\n${{\n matrix.n\n}}\nb", "a\n3\nb", id="over lines"),
        pytest.param("$ {{ x }} }}", "$ {{ x }} }}", id="not a beginning"),
    ],
)
def test_a_text_is_filled(written: str, value: object) -> None:
    assert fill(written, CONTEXTS) == value


def test_text_is_the_value_as_text() -> None:
    assert text("${{ matrix.n }}", CONTEXTS) == "3"
    assert text("${{ github.list }}", CONTEXTS) == "Array"
    assert text("${{ matrix.none }}", CONTEXTS) == ""


def test_expressions_are_listed_with_their_offsets() -> None:
    written = "a ${{ x }} ${{'}}'}}${{\n\ty }}"
    assert expressions_in(written) == [(6, "x"), (14, "'}}'"), (25, "y")]
    assert all(written[offset:].startswith(expression) for offset, expression in expressions_in(written))


@pytest.mark.parametrize(
    ("written", "message", "position"),
    [
        ("a ${{ x", "The expression is not closed. An unescaped ${{ sequence was found", 3),
        ("${{ 'x }}", "The expression is not closed. An unescaped ${{ sequence was found", 1),
        ("${{ x }} ${{ y }", "The expression is not closed. An unescaped ${{ sequence was found", 10),
        ("a ${{ }}", "An expression was expected", 3),
        ("${{}}", "An expression was expected", 1),
    ],
)
def test_what_is_not_closed_or_empty_is_an_error_at_its_place(written: str, message: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        expressions_in(written)
    assert (caught.value.kind, caught.value.position) == ("parsing", position)
    assert caught.value.message.startswith(message)


def test_an_error_has_its_place_in_its_own_expression() -> None:
    with pytest.raises(ExpressionError) as caught:
        fill("${{ github.ref }} and ${{ true && nope }}", CONTEXTS)
    assert caught.value.position == 9
    assert caught.value.message.endswith("within expression: true && nope")


@pytest.mark.parametrize(("characters", "is_fine"), [(20_000, True), (21_000, False)])
def test_a_long_text_with_one_expression_is_too_long_an_expression(characters: int, is_fine: bool) -> None:
    written = "x" * characters + "${{ matrix.n }}"
    if is_fine:
        assert fill(written, CONTEXTS) == "x" * characters + "3"
    else:
        with pytest.raises(ExpressionError, match="Exceeded max expression length 21000"):
            fill(written, CONTEXTS)


def test_a_long_text_without_an_expression_has_no_limit() -> None:
    assert fill("x" * 50_000, CONTEXTS) == "x" * 50_000


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("${{ insert }}", True),
        ("${{insert}}", True),
        ("${{ insert }} ", False),
        ("insert", False),
        ("${{ inserts }}", False),
        ("${{ insert", False),
    ],
)
def test_a_key_that_inserts_is_recognised(key: str, expected: bool) -> None:
    assert is_insert(key) is expected


@given(st.text())
def test_a_text_without_an_expression_stays_as_it_is(written: str) -> None:
    if not has_expression(written):
        assert fill(written, {}) == written


@given(st.lists(st.text("a{}'\n0$", max_size=6), min_size=2, max_size=4))
def test_text_around_expressions_stays_as_it_is(parts: list[str]) -> None:
    if all("${{" not in part for part in parts):
        assert fill("${{ '|' }}".join(parts), {}) == ("|".join(parts) if any(parts) or len(parts) > 2 else "|")


@pytest.mark.parametrize(
    ("written", "result", "lines"),
    [
        pytest.param(None, True, ["Evaluating: success()", "Result: true"], id="nothing written"),
        pytest.param("  ", True, ["Evaluating: success()", "Result: true"], id="blanks"),
        pytest.param(
            "github.ref == 'x'",
            False,
            [
                "Evaluating: success() && (github.ref == 'x')",
                "Expanded: (true && ('main' == 'x'))",
                "Result: false",
            ],
            id="success is added",
        ),
        pytest.param(
            "${{ github.ref == 'main' }}",
            True,
            [
                "Evaluating: success() && (github.ref == 'main')",
                "Expanded: (true && ('main' == 'main'))",
                "Result: true",
            ],
            id="with the braces",
        ),
        pytest.param("always()", True, ["Evaluating: always()", "Result: true"], id="a status function"),
        pytest.param(
            "contains(format('{0}', failure()), 'x')",
            False,
            [
                "Evaluating: contains(format('{0}', failure()), 'x')",
                "Expanded: contains('false', 'x')",
                "Result: false",
            ],
            id="a status function inside of arguments",
        ),
        pytest.param(
            "matrix.n > 2 && !cancelled()",
            True,
            ["Evaluating: (matrix.n > 2) && !cancelled()", "Expanded: ((3 > 2) && !false)", "Result: true"],
            id="beside others",
        ),
        pytest.param(
            "${{ false }} && true",
            True,
            [
                "Evaluating: success() && format('{0} && true', false)",
                "Expanded: (true && 'false && true')",
                "Result: 'false && true'",
            ],
            id="text around the braces is true",
        ),
        pytest.param(
            "github.list || github.nope",
            True,
            [
                "Evaluating: success() && (github.list || github.nope)",
                "Expanded: (true && (Array || github.nope))",
                "Result: Array",
            ],
            id="what was not reached stays as written",
        ),
        pytest.param(
            "matrix['n'] && matrix[github.ref] == '(it''s)'",
            False,
            [
                "Evaluating: success() && matrix.n && (matrix[github.ref] == '(it''s)')",
                "Expanded: (true && 3 && (null == '(it''s)'))",
                "Result: false",
            ],
            id="indexes and quotes",
        ),
    ],
)
def test_a_condition_says_what_it_came_to_and_how(written: str | None, result: bool, lines: list[str]) -> None:
    verdict = condition(written, CONTEXTS, functions=STATUS)
    assert verdict.result is result
    assert verdict.lines.split("\n") == lines


def test_a_condition_with_a_line_break_behind_the_braces_is_true() -> None:
    assert condition("${{ false }}\n", CONTEXTS, functions=STATUS).result


@pytest.mark.parametrize(
    ("written", "result"),
    [(None, False), ("true", False), ("always()", True), ("failure()", True), ("!cancelled()", True), ("success() || true", True)],
)
def test_after_a_failure_only_a_status_function_lets_a_step_run(written: str | None, result: bool) -> None:
    assert condition(written, CONTEXTS, functions=FAILED).result is result


def test_a_condition_may_use_only_what_it_is_given() -> None:
    with pytest.raises(ExpressionError, match="Unrecognized named-value: 'secrets'"):
        condition("secrets.x", CONTEXTS, functions=STATUS)
    assert not condition("vars.x", CONTEXTS, functions=STATUS, names=["vars"]).result
