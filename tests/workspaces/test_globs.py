"""Which files a list of patterns means."""

from pathlib import Path

import pytest

from pipelinekit.workspaces.globs import PatternInvalid, Patterns


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        (["**/junit*.xml"], "build/reports/junit-1.xml", True),
        (["**/junit*.xml"], "junit.xml", True),
        (["*.xml"], "build/junit.xml", False),
        (["*.xml", "!junit.xml"], "junit.xml", False),
        (["build"], "build/reports/junit.xml", True),
        (["build/"], "build", False),
        (["***"], "x", True),
        (["a**b"], "a1/2b", False),
        (["a[/]b"], "a/b", False),
        (["a[!x]b"], "a/b", False),
        (["[]a]"], "]", True),
        (["[z-a]"], "[z-a]", True),
        (["[a"], "[a", True),
        (["[a-]"], "-", True),
        (["\\*"], "*", True),
        (["\\*"], "a", False),
        (["a\\"], "a\\", True),
        (["line\nbreak"], "line\nbreak", True),
        (["**/x"], "new\nline/x", True),
    ],
)
def test_a_path_matches_or_not(lines: list[str], path: str, expected: bool) -> None:
    assert Patterns(lines).match(path) is expected
    assert Patterns(lines, Path("/some/where [x]")).match(path) is expected


@pytest.mark.parametrize(
    ("lines", "starts"),
    [
        (["b/*", "a", "b/c"], ["/w/b", "/w/a"]),
        (["a/b", "a"], ["/w/a"]),
        (["!a", "b"], ["/w/b"]),
        (["a/\\[x\\]/*.txt"], ["/w/a/[x]"]),
        (["/**"], ["/w"]),
        (["/elsewhere/*"], []),
        (["/w-beside/*"], []),
    ],
)
def test_a_walk_starts_at_the_part_in_front_that_is_no_pattern(lines: list[str], starts: list[str]) -> None:
    assert Patterns(lines, Path("/w")).starts() == starts


def test_folders_that_can_hold_no_match_are_known() -> None:
    patterns = Patterns(["src/*/x.txt", "!other/**"], Path("/w"))
    assert patterns.may_match_below("/w/src")
    assert patterns.may_match_below("/w/src/a")
    assert not patterns.may_match_below("/w/other")
    assert not patterns.may_match_below("/w/src/a/b/c")


def test_a_pattern_with_two_dots_is_refused() -> None:
    with pytest.raises(PatternInvalid, match="Relative pathing"):
        Patterns(["\\.\\./x"])
