"""What steps write to GITHUB_ENV and its kin."""

import pytest

from pipelinekit.runs.env_files import EnvFileInvalid, read_pairs, read_paths, refuse_node_options


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        pytest.param("A=1\n", {"A": "1"}, id="simple"),
        pytest.param("A=1=2\n", {"A": "1=2"}, id="value-with-equals"),
        pytest.param("A=\n", {"A": ""}, id="empty-value"),
        pytest.param("A=1", {"A": "1"}, id="no-last-newline"),
        pytest.param("\ufeffA=1\n", {"A": "1"}, id="byte-order-mark"),
        pytest.param("\n\nA=1\n\n", {"A": "1"}, id="blank-lines"),
        pytest.param("A=1\r\n", {"A": "1\r"}, id="carriage-return-stays"),
        pytest.param("A<<END\none\ntwo\nEND\nB=2\n", {"A": "one\ntwo", "B": "2"}, id="heredoc"),
        pytest.param("A<<END\nEND\n", {"A": ""}, id="empty-heredoc"),
        pytest.param("A=x<<y\n", {"A": "x<<y"}, id="equals-first-decides"),
        pytest.param("A<<x=y\nv\nx=y\n", {"A": "v"}, id="heredoc-first-decides"),
        pytest.param("A=1\nA=2\n", {"A": "2"}, id="last-wins"),
    ],
)
def test_pairs(text: str, pairs: dict[str, str]) -> None:
    assert read_pairs(text) == pairs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("nonsense\n", "Invalid format 'nonsense'", id="no-sign"),
        pytest.param("A<<END\none\n", "Invalid value. Matching delimiter not found 'END'", id="no-end"),
        pytest.param("<<END\nx\nEND\n", "Invalid format '<<END'. Name must not be empty and delimiter must not be empty", id="no-name"),
        pytest.param("=x\n", "Invalid format '=x'. Name must not be empty", id="empty-name"),
    ],
)
def test_what_cannot_be_read_is_told_in_githubs_words(text: str, message: str) -> None:
    with pytest.raises(EnvFileInvalid) as caught:
        read_pairs(text)
    assert str(caught.value) == message


def test_paths_one_a_line() -> None:
    assert read_paths("/a\n\n/b\r\n") == ("/a", "/b")


def test_node_options_are_refused_and_the_rest_applies() -> None:
    assert refuse_node_options({"node_options": "x", "A": "1"}) == (
        {"A": "1"}, "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
    )
