"""A tree and its contexts to a value."""

import pickle
from contextlib import suppress
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelinekit.expressions.evaluate import evaluate
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.values import Kind, kind_of

CONTEXTS: dict[str, object] = {
    "github": {"Ref": "refs/heads/main", "event": {"labels": [{"name": "bug"}, {"id": 7.0}, {"NAME": "ui"}, "plain"]}},
    "env": {"Path": "a", "FOO": "b"},
    "list": ["zero", "one", "two"],
    "nested": [[1.0, 2.0], {"x": [3.0]}, "s", None],
    "matrix": MappingProxyType({"os": "ubuntu", "n": 3}),
    "nothing": None,
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("GITHUB.REF", "refs/heads/main", id="case of contexts and keys does not matter"),
        pytest.param("env.Path", "a", id="env as written"),
        pytest.param("env.PATH", None, id="env in another case"),
        pytest.param("(env || github)['path']", None, id="env is case-sensitive wherever it comes from"),
        pytest.param("env.*", ["a", "b"], id="values of an object"),
        pytest.param("matrix.OS", "ubuntu", id="any mapping"),
        pytest.param("matrix.n", 3, id="an int stays one"),
        pytest.param("github.nope.deeper", None, id="missing is null"),
        pytest.param("list[1.9]", "one", id="fractions are floored"),
        pytest.param("list['1']", "one", id="text as index"),
        pytest.param("list[-1]", None, id="negative"),
        pytest.param("list[3]", None, id="out of range"),
        pytest.param("list[NaN]", None, id="not a number"),
        pytest.param("list.length", None, id="arrays have no properties"),
        pytest.param("nothing[fromJSON('{')]", None, id="the key of null is not looked at"),
        pytest.param("github.event.labels.*.name", ["bug", "ui"], id="items without the key are dropped"),
        pytest.param("(github.event.labels.*).name", ["bug", "ui"], id="the filter survives parentheses"),
        pytest.param("(nothing || github.event.labels.*).name", ["bug", "ui"], id="and operators"),
        pytest.param("nested.*[0]", [1.0], id="index of items"),
        pytest.param("nested.*.*", [1.0, 2.0, [3.0]], id="two filters"),
        pytest.param("nothing.*", [], id="filter of null"),
        pytest.param("'a' && list", ["zero", "one", "two"], id="operators give operands"),
        pytest.param("nothing || '' || 0", 0.0, id="the last one where none decides"),
        pytest.param("list == list && nested != list", True, id="collections are compared by identity"),
        pytest.param("!nothing", True, id="not"),
        pytest.param("1 >= '1' && 'A' <= 'a' && 'b' > 'A'", True, id="comparisons"),
    ],
)
def test_an_expression_has_its_value(expression: str, value: object) -> None:
    result = evaluate(expression, CONTEXTS)
    assert result == value
    assert type(result) is type(value)


def test_a_name_may_be_known_without_having_a_value() -> None:
    assert evaluate("vars.x", {}, names=["vars"]) is None
    with pytest.raises(ExpressionError, match="Unrecognized named-value: 'vars'"):
        evaluate("vars.x", {})


def test_functions_that_are_given_get_plain_values() -> None:
    got: list[object] = []

    def hash_files(*patterns: object) -> str:
        got.extend(patterns)
        return "abc"

    assert evaluate("HashFiles('a', list[0], 1)", CONTEXTS, functions={"hashFiles": hash_files}) == "abc"
    assert got == ["a", "zero", 1.0]


@pytest.mark.parametrize("failure", [ValueError("no"), OSError("no")])
def test_a_function_that_fails_ends_in_an_evaluation_error_at_its_place(failure: Exception) -> None:
    def fails() -> object:
        raise failure

    with pytest.raises(ExpressionError, match=r"^fails failed: no$") as caught:
        evaluate("false || fails()", {}, functions={"fails": fails})
    assert (caught.value.kind, caught.value.position) == ("evaluation", 10)


def test_an_error_inside_an_argument_keeps_its_place() -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("toJSON(fromJSON('{'))", {})
    assert caught.value.position == 8


def test_an_error_can_go_to_another_process() -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("a.b", {})
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert vars(copy) == vars(caught.value)


class TestMemory:
    """One evaluation may hold 1 MiB, as the runner counts it."""

    @staticmethod
    def _text(length: int) -> dict[str, object]:
        return {"c": {"x": "a" * length}}

    def test_a_text_that_fits_is_fine(self) -> None:
        assert evaluate("c.x", self._text(520_000)) == "a" * 520_000

    def test_a_text_that_does_not_fit_is_refused(self) -> None:
        with pytest.raises(ExpressionError, match="The maximum allowed memory size was exceeded"):
            evaluate("c.x", self._text(525_000))

    def test_what_an_operator_has_done_with_is_given_back(self) -> None:
        expression = " && ".join(["toJSON(format('{0}', c.x)) != ''"] * 10)
        assert evaluate(expression, self._text(100_000)) is True

    def test_what_is_held_at_once_is_added_up(self) -> None:
        with pytest.raises(ExpressionError, match="maximum allowed memory"):
            evaluate("format('{0}', c.x) == format('{0}', c.x)", self._text(300_000))

    def test_characters_beyond_the_basic_plane_count_twice(self) -> None:
        with pytest.raises(ExpressionError, match="maximum allowed memory"):
            evaluate("c", {"c": "\U0001f600" * 270_000})

    def test_a_filter_counts_its_items(self) -> None:
        with pytest.raises(ExpressionError, match="maximum allowed memory"):
            evaluate("c.*", {"c": [None] * 140_000})


_PIECES = st.sampled_from(
    [
        "github",
        "list",
        "env",
        ".ref",
        ".*",
        "[0]",
        "[*]",
        "'a'",
        "1",
        "NaN",
        "null",
        "true",
        "==",
        "<",
        "&&",
        "||",
        "!",
        "(",
        ")",
        "toJSON(",
        "fromJSON(",
        "contains(",
        ",",
        "join(",
        "format('{0}',",
        "case(",
        "-1",
        "0x",
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_whatever_is_written_has_a_value_or_ends_in_our_error(expression: str) -> None:
    with suppress(ExpressionError):
        assert kind_of(evaluate(expression, CONTEXTS)) in Kind
