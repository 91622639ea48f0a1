"""Which versions a wish allows."""

import pytest

from pipelinekit.executors.versions import Version, number, parse, parse_node

PYTHONS: tuple[Version, ...] = ((3, 9, 2), (3, 10, 0), (3, 11, 2), (3, 11, 9), (3, 12, 1), (4, 0, 0))
NODES: tuple[Version, ...] = ((16, 0, 0), (18, 20, 4), (20, 19, 2), (21, 1, 0), (24, 0, 1), (25, 0, 0))


def shown(versions: tuple[Version, ...]) -> str:
    return " ".join(".".join(map(str, version)) for version in versions)


@pytest.mark.parametrize(
    ("wish", "allowed"),
    [
        ("3.11", "3.11.2 3.11.9"),
        ("3.11.2", "3.11.2"),
        ("3.11.5", ""),
        ("3", "3.9.2 3.10.0 3.11.2 3.11.9 3.12.1"),
        ("3.x", "3.9.2 3.10.0 3.11.2 3.11.9 3.12.1"),
        ("3.11.x", "3.11.2 3.11.9"),
        ("*", "3.9.2 3.10.0 3.11.2 3.11.9 3.12.1 4.0.0"),
        ("", "3.9.2 3.10.0 3.11.2 3.11.9 3.12.1 4.0.0"),
        (">=3.11", "3.11.2 3.11.9 3.12.1 4.0.0"),
        (">= 3.10 <3.12", "3.10.0 3.11.2 3.11.9"),
        (">3.10", "3.11.2 3.11.9 3.12.1 4.0.0"),
        ("<=3.10", "3.9.2 3.10.0"),
        ("<3.10", "3.9.2"),
        ("3.9 - 3.11", "3.9.2 3.10.0 3.11.2 3.11.9"),
        ("^3.11", "3.11.2 3.11.9 3.12.1"),
        ("^3.11.5", "3.11.9 3.12.1"),
        ("~3.11", "3.11.2 3.11.9"),
        ("~3.11.5", "3.11.9"),
        ("~3", "3.9.2 3.10.0 3.11.2 3.11.9 3.12.1"),
        ("3.9 || >=3.12 <4", "3.9.2 3.12.1"),
        ("3.12-dev", "3.12.1"),
        ("v3.12", "3.12.1"),
    ],
)
def test_a_wish_allows_what_npms_semver_allows(wish: str, allowed: str) -> None:
    understood = parse(wish)
    assert understood is not None
    assert shown(tuple(version for version in PYTHONS if version in understood)) == allowed


@pytest.mark.parametrize("wish", ["pypy3.10", "3.13t", "latest", "three", "3.11;", "lts/*"])
def test_what_is_no_wish_for_a_version_is_not_understood(wish: str) -> None:
    assert parse(wish) is None


@pytest.mark.parametrize(
    ("wish", "allowed"),
    [
        ("20", "20.19.2"),
        ("20.x", "20.19.2"),
        (">=20", "20.19.2 21.1.0 24.0.1 25.0.0"),
        ("lts/*", "16.0.0 18.20.4 20.19.2 24.0.1"),
        ("lts/iron", "20.19.2"),
        ("LTS/Hydrogen", "18.20.4"),
        ("lts/-2", "20.19.2"),
        ("latest", "16.0.0 18.20.4 20.19.2 21.1.0 24.0.1 25.0.0"),
        ("node", "16.0.0 18.20.4 20.19.2 21.1.0 24.0.1 25.0.0"),
    ],
)
def test_node_has_words_of_its_own(wish: str, allowed: str) -> None:
    understood = parse_node(wish)
    assert understood is not None
    assert shown(tuple(version for version in NODES if version in understood)) == allowed


@pytest.mark.parametrize("wish", ["lts/unobtainium", "lts/-99", "lts/", "nightly"])
def test_a_line_of_node_that_there_is_not_is_not_understood(wish: str) -> None:
    assert parse_node(wish) is None


def test_a_version_without_its_patch_is_the_newest_of_its_line() -> None:
    bare, newest = number("3.11"), parse(">=3.11.999 <3.12")
    assert bare is not None
    assert newest is not None
    assert bare in newest
    assert number("v18.20.4") == (18, 20, 4)
    assert number("none") is None
