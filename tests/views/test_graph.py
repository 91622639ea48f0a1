"""The job graph, as a picture and as a list."""

import pytest

from pipelinekit.views.graph import Node, fit, graph
from tests.views.parsed import HOSTILE, assert_harmless, parse

NODES = [
    Node("lint", (), "success", "19s"),
    Node("test", ("lint",), "failure", "3m 12s", "1 of 6 failed", "pppFpp", "#legs-1"),
    Node("deploy", ("test",), "skipped", "–"),
]


def test_a_node_shows_its_name_its_state_in_words_and_its_time() -> None:
    node = parse(graph(NODES)).all("a", "pk-node")[1]
    assert [text.text for text in node.all("text")] == ["test", "1 of 6 failed", "3m 12s"]
    assert node.attributes["href"] == "#legs-1"
    assert node.attributes["aria-label"] == "test: 1 of 6 failed, 3m 12s"
    assert "pk-failure" in node.classes


def test_the_critical_path_is_drawn_dark_and_on_top() -> None:
    edges = [path.classes for path in parse(graph(NODES, {"lint", "test"})).all("path", "pk-edge")]
    assert "pk-crit" in edges[-1]
    assert sum("pk-crit" in classes for classes in edges) == 1


def test_an_edge_to_what_was_skipped_is_dotted() -> None:
    assert [("pk-dash" in path.classes) for path in parse(graph(NODES)).all("path", "pk-edge")] == [False, True]


@pytest.mark.parametrize(("legs", "rows"), [("p" * 12, 1), ("p" * 13, 2), ("p" * 36, 3), ("p" * 60, 3)])
def test_a_matrix_has_a_mark_a_leg_in_at_most_three_rows(legs: str, rows: int) -> None:
    node = parse(graph([Node("test", (), "success", "1s", legs=legs)])).one("a", "pk-node")
    assert len(node.all("g")) == rows


def test_the_list_says_what_the_picture_says() -> None:
    rows = parse(graph(NODES)).one("ol").all("li")
    assert [row.one("b").text for row in rows] == ["lint", "test", "deploy"]
    assert rows[1].one("small").text == "needs lint"
    assert rows[0].one("small").text == "starts at once"


def test_a_long_name_loses_its_middle_and_stands_whole_in_its_title() -> None:
    name = "build-the-documentation-of-everything"
    assert fit(name) == "build-th…erything"
    node = parse(graph([Node(name, (), "success", "1s")])).one("a", "pk-node")
    assert name in node.one("title").text


def test_names_do_no_harm() -> None:
    assert_harmless(graph([Node(HOSTILE, (HOSTILE,), HOSTILE, HOSTILE, HOSTILE, "pF", HOSTILE)]))
