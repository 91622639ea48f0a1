"""Nodes of a file with their expressions filled in."""

import pytest

from pipelinekit.expressions.tree import fill_node, fill_text, fill_texts
from pipelinekit.model.node import ListNode, MapNode, Node, Plain, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.problem import WorkflowInvalid

HERE = Position("ci.yml", 3, 7)
CONTEXTS: dict[str, object] = {"matrix": {"n": 3.0, "more": {"b": True, "C": "d"}}}


def _scalar(value: Plain, text: str | None = None) -> Scalar:
    return Scalar(value, str(value) if text is None else text, HERE)


def _map(**entries: Node) -> MapNode:
    return MapNode(tuple((_scalar(key), value) for key, value in entries.items()), HERE)


def test_every_value_of_a_tree_is_filled() -> None:
    node = _map(a=ListNode((_scalar("${{ matrix.n }}"), _scalar("n${{ matrix.n }}"), _scalar(False)), HERE))
    assert fill_node(node, CONTEXTS, {}) == {"a": [3.0, "n3", False]}
    assert fill_node(None, CONTEXTS, {}) is None


def test_an_inserted_mapping_becomes_part_of_the_one_around_it() -> None:
    node = MapNode(((_scalar("a"), _scalar(1)), (_scalar("${{ insert }}"), _scalar("${{ matrix.more }}"))), HERE)
    assert fill_node(node, CONTEXTS, {}) == {"a": 1, "b": True, "C": "d"}


@pytest.mark.parametrize(
    ("node", "text"),
    [(None, ""), (_scalar(1.1, "1.10"), "1.1"), (_scalar(None, ""), ""), (_scalar("v${{ matrix.n }}"), "v3")],
)
def test_a_scalar_becomes_text(node: Scalar | None, text: str) -> None:
    assert fill_text(node, CONTEXTS, {}) == text


def test_a_mapping_of_texts_may_come_from_an_expression() -> None:
    assert fill_texts(_map(A=_scalar("${{ matrix.n }}"), B=_scalar("x")), CONTEXTS, {}) == {"A": "3", "B": "x"}
    assert fill_texts(_scalar("${{ matrix.more }}"), CONTEXTS, {}) == {"b": "true", "C": "d"}
    assert fill_texts(None, CONTEXTS, {}) == {}


def test_an_expression_that_fails_is_blamed_at_its_value() -> None:
    with pytest.raises(WorkflowInvalid, match="Unrecognized named-value: 'nope'") as caught:
        fill_node(_map(a=_scalar("${{ nope }}")), CONTEXTS, {})
    assert caught.value.problems[0].position == HERE
