import pytest

from pipelinekit.workflows.yaml_tree import compose

BROKEN = [
    ("a:\n\t- b\n", "2:1", "a tab in the indentation", "YAML is indented with spaces; replace the tab"),
    ("a: b: c\n", "1:5", 'a second ": " in one value', 'put the value in quotes, or write it as a block: "key: |"'),
    ("a: 1\n b: 2\n", "2:3", "a key can't stand here", "its indentation does not match the lines above"),
    ("a: @x\n", "1:4", 'a value can\'t begin with "@"', "put the value in quotes"),
    ("a: `x`\n", "1:4", 'a value can\'t begin with "`"', "put the value in quotes"),
    ("a: **\n", "1:4", 'a value that begins with "*" is read as an alias', "put the value in quotes"),
    ("a: &&x\n", "1:4", 'a value that begins with "&" is read as an anchor', "put the value in quotes"),
    ("a: !f(a, 'b')\n", "1:4", 'a value that begins with "!" is read as a tag', "put the value in quotes, or in ${{ }}"),
    ("a: [1\nb: 2\n", "2:2", 'a "," or the closing "]" is missing', ""),
    ("a: {b: 1\nc: 2\n", "2:2", 'a "," or the closing "}" is missing', ""),
    ("a: {b: ${{ c }}}\n", "1:9", "an expression without quotes inside [...] or {...}", 'put it in quotes: "${{ ... }}"'),
    ('a: "b\n', "1:6", "the file ends inside a quoted value", "close the quote"),
    ('a: "\\q"\n', "1:5", 'an escape that YAML does not know in a "..." value', "double the backslash, or use '...'"),
    ("a:\n    b: 1\n   c: 1\n", "3:4", "a key was expected here",
     "its indentation does not match the lines above, or a quote ends too early"),
    ("- a\nb: 1\n", "2:1", 'an item that begins with "- " was expected here', "a list can't go on as a mapping"),
    ("a: b\nc: \x07\n", "2:4", "a character that YAML does not allow: U+0007", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message", "hint"), BROKEN, ids=[repr(text) for text, *_ in BROKEN])
def test_broken_yaml_says_where_and_what_to_do(text: str, place: str, message: str, hint: str) -> None:
    node, problems = compose(text, "ci.yml")
    assert node is None
    assert [(str(p.position), p.message, p.hint) for p in problems] == [(f"ci.yml:{place}", message, hint)]


def test_what_was_opened_far_above_is_shown_too() -> None:
    _, (problem,) = compose("a: [1,\n  2\nb: 3\n", "ci.yml")
    assert [(str(place), word) for place, word in problem.related] == [("ci.yml:1:4", "the flow sequence begins here")]
