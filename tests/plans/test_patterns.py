"""GitHub's filter patterns, with the examples of its documentation among them."""

import pytest

from pipelinekit.plans.patterns import any_matches, matches


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        pytest.param("*", ["main", "v1"], ["feature/a"], id="star-stops-at-a-slash"),
        pytest.param("**", ["main", "a/b/c"], [], id="two-stars-take-all"),
        pytest.param("feature/*", ["feature/a"], ["feature/a/b", "feature"], id="one-level"),
        pytest.param("feature/**", ["feature/a", "feature/a/b"], ["feature"], id="all-levels"),
        pytest.param("**/docs/**", ["docs/a.md", "x/docs/y/z"], ["docs"], id="two-stars-slash-may-be-nothing"),
        pytest.param("**.js", ["a.js", "x/y/a.js"], ["a.jsx"], id="two-stars-then-text"),
        pytest.param("*.jsx?", ["a.js", "a.jsx"], ["a.jsxx"], id="question-mark-makes-the-one-before-optional"),
        pytest.param("ab+c", ["abc", "abbbc"], ["ac"], id="plus-repeats-the-one-before"),
        pytest.param("v[12].[0-9]+.[0-9]+", ["v1.10.1", "v2.0.0"], ["v3.0.0", "v1.0"], id="sets"),
        pytest.param(r"release\*", ["release*"], ["release1"], id="escaped-star"),
        pytest.param("main", ["main"], ["Main", "mainline"], id="whole-and-case-sensitive"),
        pytest.param("a.b", ["a.b"], ["axb"], id="a-dot-is-a-dot"),
    ],
)
def test_pattern_takes_and_leaves(pattern: str, taken: list[str], left: list[str]) -> None:
    assert [t for t in taken + left if matches(t, [pattern])] == taken


def test_the_last_pattern_that_matches_decides() -> None:
    patterns = ["releases/**", "!releases/**-alpha", "releases/9-alpha"]
    assert matches("releases/10", patterns)
    assert not matches("releases/10-alpha", patterns)
    assert matches("releases/9-alpha", patterns)


def test_only_taking_back_takes_nothing() -> None:
    assert not matches("main", ["!dev"])


def test_any_of_several_texts_is_enough() -> None:
    assert any_matches(["a.py", "docs/b.md"], ["docs/**"])
    assert not any_matches([], ["**"])
