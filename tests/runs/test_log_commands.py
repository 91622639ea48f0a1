"""Commands that a step gives by printing them."""

import pytest

from pipelinekit.runs.log_commands import LogCommand, parse, resume_token


@pytest.mark.parametrize(
    ("line", "command"),
    [
        pytest.param("::error::boom", LogCommand("error", "boom"), id="plain"),
        pytest.param(
            "::error file=a.py,line=3,endLine=4,title=T%3A x::m%0An%25",
            LogCommand("error", "m\nn%", {"file": "a.py", "line": "3", "endline": "4", "title": "T: x"}), id="properties",
        ),
        pytest.param("  ::group::Install", LogCommand("group", "Install"), id="leading-blanks"),
        pytest.param("##[warning]careful", LogCommand("warning", "careful"), id="old"),
        pytest.param("12:00 ##[error file=a%5D;line=2]m", LogCommand("error", "m", {"file": "a]", "line": "2"}), id="old-in-a-line"),
        pytest.param("::nothing::x", None, id="unknown"),
        pytest.param("a ::error::x", None, id="not-at-the-start"),
        pytest.param("std::vector<int>::size", None, id="c++"),
        pytest.param("::endgroup::", LogCommand("endgroup", ""), id="no-data"),
        pytest.param("::add-mask::s%253A", LogCommand("add-mask", "s%3A"), id="percent-last"),
    ],
)
def test_parse(line: str, command: LogCommand | None) -> None:
    assert parse(line) == command


@pytest.mark.parametrize(("token", "may"), [("abc123", True), ("", False), ("error", False), ("pause-logging", False)])
def test_resume_token(token: str, may: bool) -> None:
    assert resume_token(token) is may
