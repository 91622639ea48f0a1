import pytest

from pipelinekit.model.node import MapNode, Node, Scalar, Value, plain
from pipelinekit.model.position import Position
from pipelinekit.workflows.yaml_tree import MAX_CHARACTERS, compose


def composed(text: str) -> Node:
    node, problems = compose(text, "ci.yml")
    assert problems == []
    assert node is not None
    return node


def told(text: str) -> list[str]:
    return [f"{p.position}: {p.message}" for p in compose(text, "ci.yml")[1]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: push", {"on": "push"}),
        ("yes: no", {"yes": "no"}),
        ("a: &x [1]\nb: &x [2]\nc: *x", {"a": [1], "b": [2], "c": [2]}),
        ("a: &x {k: 1}\n<<: *x", {"a": {"k": 1}, "<<": {"k": 1}}),
        ("a: !!str 1.10\nb: ! 5", {"a": "1.10", "b": "5"}),
        ("a: [one]#, two ]\nb: 1", {"a": ["one"], "b": 1}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("\ufeffa: 1", {"a": 1}),
        ("---\na: 1\n...\n", {"a": 1}),
    ],
    ids=[
        "on is text",
        "yes and no are text",
        "last anchor wins",
        "no merge keys",
        "tags",
        "comment after a list",
        "blocks",
        "BOM",
        "marks",
    ],
)
def test_a_document_is_what_yaml_1_2_says(text: str, value: Value) -> None:
    assert plain(composed(text)) == value


def test_every_value_knows_where_it_stands() -> None:
    node = composed('jobs:\n  test:\n    "runs-on": [a,\n      b]\n    image:\n')
    assert isinstance(node, MapNode)
    test = node.get("jobs")
    assert isinstance(test, MapNode)
    inner = test.get("test")
    assert isinstance(inner, MapNode)
    places = [(key.position.line, key.position.column, value.position.line, value.position.column) for key, value in inner.entries]
    assert places == [(3, 5, 3, 16), (5, 5, 5, 11)]
    assert inner.position == Position("ci.yml", 3, 5)


def test_an_alias_stands_where_its_anchor_does() -> None:
    node = composed("a: &x here\nb: *x\n")
    assert isinstance(node, MapNode)
    assert node.get("b") == Scalar("here", "here", Position("ci.yml", 1, 4))


@pytest.mark.parametrize("text", ["", "# only words\n", "\n\n"], ids=["nothing", "a comment", "blank lines"])
def test_nothing_is_no_node_and_no_problem(text: str) -> None:
    assert compose(text, "ci.yml") == (None, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("FOO: 1\nfoo: 2", 'ci.yml:2:1: "foo" is already defined (case is ignored)'),
        ("a: !!timestamp 2020-01-01", 'ci.yml:1:4: the tag "tag:yaml.org,2002:timestamp" is not allowed'),
        ("a: !!set {b}", 'ci.yml:1:4: the tag "tag:yaml.org,2002:set" is not allowed'),
        ("a: !!int test", 'ci.yml:1:4: "test" is not a valid int'),
        ("a: 0xFFFFFFFFF", 'ci.yml:1:4: "0xFFFFFFFFF" is not a valid int'),
        ("a: *x", 'ci.yml:1:4: no anchor has the name "x"'),
        ("a: &x [*x]", 'ci.yml:1:8: the alias "x" stands inside its own anchor'),
        ("? [a]\n: b", "ci.yml:1:3: a key must be a word, not a list or a mapping"),
        ("a: 1\n---\nb: 1", "ci.yml:2:1: a second YAML document begins here"),
        ("[" * 60, "ci.yml:1:51: nested more than 50 levels deep"),
        ("x" * (MAX_CHARACTERS + 1), "ci.yml:1:1: the file has 1,048,577 characters; a workflow may have 1,048,576"),
    ],
    ids=[
        "duplicate",
        "timestamp",
        "set",
        "not an int",
        "over 32 bits",
        "alias",
        "recursion",
        "list as key",
        "documents",
        "depth",
        "size",
    ],
)
def test_what_github_refuses_is_a_problem(text: str, problem: str) -> None:
    assert told(text) == [problem]


def test_a_key_that_is_an_expression_may_come_twice() -> None:
    assert told("${{ insert }}: 1\n${{ insert }}: 2") == []


def test_aliases_of_aliases_hit_a_limit_instead_of_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert told("\n".join(lines)) == ["ci.yml:5:25: more than 50,000 values, aliases expanded"]


def test_the_characters_of_aliases_count_each_time() -> None:
    lines = ["a: &a " + "x" * 100_000, f"b: [{', '.join(['*a'] * 200)}]"]
    assert told("\n".join(lines)) == ["ci.yml:2:417: more than 10,485,760 characters, aliases expanded"]


def test_aliases_nest_as_deep_as_what_they_stand_for() -> None:
    deep = "a: &a " + "[" * 40 + "]" * 40
    assert told(f"{deep}\nb: [[[[[[[[*a]]]]]]]]") == []
    assert told(f"{deep}\nb: [[[[[[[[[[*a]]]]]]]]]]") == ["ci.yml:2:14: nested more than 50 levels deep"]
