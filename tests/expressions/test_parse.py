"""Tokens to a tree."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelinekit.expressions.parse import calls, parse, uses
from pipelinekit.expressions.render import written
from pipelinekit.expressions.syntax import ExpressionError, Literal

NAMES = ("github", "needs", "matrix", "secrets", "env", "a", "b", "c")


@pytest.mark.parametrize(
    ("expression", "tree"),
    [
        ("a || b && c", "(a || (b && c))"),
        ("(a || b) && c", "((a || b) && c)"),
        ("a && b && (c && a)", "(a && b && c && a)"),
        ("a == b && c != a", "((a == b) && (c != a))"),
        ("a < b == c > a", "((a < b) == (c > a))"),
        ("a < b < c", "((a < b) < c)"),
        ("!a.b == !!c", "(!a.b == !!c)"),
        ("!(a == b)", "!(a == b)"),
        ("(a).b['x y'].*[0]", "a.b['x y'].*[0]"),
        ("contains(a, b || c)", "contains(a, (b || c))"),
        ("FROMJSON('1')", "FROMJSON('1')"),
    ],
)
def test_operators_bind_as_they_should(expression: str, tree: str) -> None:
    assert written(parse(expression, NAMES)) == tree


@pytest.mark.parametrize("expression", ["", "  ", "\n\t"])
def test_nothing_is_null(expression: str) -> None:
    assert parse(expression, NAMES) == Literal(None)


@pytest.mark.parametrize(
    ("expression", "summary", "position"),
    [
        pytest.param("a.", "Unexpected end of expression: '.'", 2, id="ends in a dot"),
        pytest.param("a &&", "Unexpected end of expression: '&&'", 3, id="ends in an operator"),
        pytest.param("(a", "Unexpected end of expression: 'a'", 2, id="open group"),
        pytest.param("contains(a, ", "Unexpected end of expression: ','", 11, id="open call"),
        pytest.param("a[1", "Unexpected end of expression: '1'", 3, id="open index"),
        pytest.param("contains(a, b,)", "Unexpected symbol: ')'", 15, id="comma at the end"),
        pytest.param("(a, b)", "Unexpected symbol: ','", 3, id="comma in a group"),
        pytest.param("()", "Unexpected symbol: ')'", 2, id="empty group"),
        pytest.param("a[]", "Unexpected symbol: ']'", 3, id="empty index"),
        pytest.param("a * b", "Unexpected symbol: '*'", 3, id="no arithmetic"),
        pytest.param("a b", "Unexpected symbol: 'b'", 3, id="two operands"),
        pytest.param("'a'[0]", "Unexpected symbol: '['", 4, id="index of a literal"),
        pytest.param("a.1", "Unexpected symbol: '1'", 3, id="number as a property"),
        pytest.param("a.b(1)", "Unexpected symbol: '('", 4, id="call of a property"),
        pytest.param("foo.bar", "Unrecognized named-value: 'foo'", 1, id="unknown context"),
        pytest.param("a || contains", "Unrecognized named-value: 'contains'", 6, id="function without parentheses"),
        pytest.param("foo (", "Unrecognized function: 'foo'", 1, id="unknown function, before all that follows"),
        pytest.param("hashFiles('a')", "Unrecognized function: 'hashFiles'", 1, id="function of another place"),
        pytest.param("contains(a)", "Too few parameters supplied: 'contains'", 1, id="too few"),
        pytest.param("a && toJSON(a, b)", "Too many parameters supplied: 'toJSON'", 6, id="too many"),
        pytest.param(
            "case(a, b, c, a)",
            "Even number of parameters supplied, requires an odd number of parameters: 'case'",
            1,
            id="even case",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(expression: str, summary: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(expression, NAMES)
    assert (caught.value.kind, caught.value.summary, caught.value.position) == ("parsing", summary, position)
    assert caught.value.message == f"{summary}. Located at position {position} within expression: {expression}"


def test_names_and_functions_are_found_in_any_case() -> None:
    assert written(parse("GitHub.REF == HASHFILES('x')", ("github",), ("hashFiles",))) == "(GitHub.REF == HASHFILES('x'))"


@pytest.mark.parametrize(
    ("shape", "most"),
    [
        pytest.param(lambda n: "!" * n + "a", 49, id="not"),
        pytest.param(lambda n: "a" + ".b" * n, 49, id="properties"),
        pytest.param(lambda n: "a" + " == a" * n, 49, id="comparisons"),
        pytest.param(lambda n: "toJSON(" * n + "a" + ")" * n, 49, id="calls"),
        pytest.param(lambda n: " && ".join("a" * n), 4000, id="a chain is one level"),
        pytest.param(lambda n: "(" * n + "a" + ")" * n, 90, id="groups are no level"),
    ],
)
def test_the_tree_has_at_most_fifty_levels(shape: Callable[[int], str], most: int) -> None:
    parse(shape(most), NAMES)
    with pytest.raises(ExpressionError, match=r"^Exceeded max expression (depth 50|length 21000)$"):
        parse(shape(most * 3), NAMES)


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        ("fromJSON(needs.build.outputs.x).y", {"needs.build.outputs.x"}),
        ("secrets.TOKEN != '' && GITHUB['ref']", {"secrets.TOKEN", "github.ref"}),
        ("needs.*.result", {"needs.*.result"}),
        ("matrix[env.KEY].x", {"matrix.*.x", "env.KEY"}),
        ("toJSON(github) || matrix[1]", {"github", "matrix.1"}),
        ("(a || b).x", {"a", "b"}),
        ("'a'", set()),
    ],
)
def test_the_paths_that_an_expression_reads_are_listed(expression: str, paths: set[str]) -> None:
    assert uses(parse(expression, NAMES)) == paths


def test_the_functions_that_an_expression_calls_are_listed() -> None:
    tree = parse("Contains(toJSON(a), 'x') && always()", NAMES, ("always",))
    assert calls(tree) == {"contains", "tojson", "always"}


@given(st.text("ab.*[](),!<>=&|' 01-x@\n", max_size=40))
def test_whatever_is_written_either_parses_or_ends_in_our_error(expression: str) -> None:
    with suppress(ExpressionError):
        tree = parse(expression, NAMES)
        assert written(parse(written(tree), NAMES)) == written(tree)


_OPERANDS = st.sampled_from(["a", "b.c", "1", "'x''y'", "true", "null", "a[0]", "needs.*.result"])
_TREES = st.recursive(
    _OPERANDS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["==", "<", "&&", "||", "!="]), inner),
        st.builds("!{}".format, inner),
        st.builds("contains({}, {})".format, inner, inner),
    ),
    max_leaves=12,
)


@given(_TREES)
def test_a_tree_that_is_written_out_parses_to_the_same_text(expression: str) -> None:
    once = written(parse(expression, NAMES))
    assert written(parse(once, NAMES)) == once
