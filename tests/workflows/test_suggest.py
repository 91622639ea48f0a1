import pytest

from pipelinekit.workflows.suggest import suggestion


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("tset", ["lint", "test"], 'did you mean "test"? jobs here: "lint", "test"'),
        ("TEST", ["lint", "test"], 'did you mean "test"? jobs here: "lint", "test"'),
        ("deploy", ["lint", "test"], 'jobs here: "lint", "test"'),
        ("tset", [], ""),
        ("job9", [f"job{n}" for n in range(9)], 'did you mean "job8"?'),
        ("x", ["b", "a"], 'jobs here: "b", "a"'),
    ],
    ids=["close", "case", "nothing close", "nothing there", "many", "order kept"],
)
def test_the_hint_for_an_unknown_word(word: str, known: list[str], hint: str) -> None:
    assert suggestion(word, known, "jobs here") == hint
