"""The hash of files: which, in which order, and what it refuses."""

import hashlib
import itertools
import os
from pathlib import Path

import pytest

from pipelinekit.workspaces.hash_files import HashFailed, hash_files

# In the order of a walk, which is not the one of whole paths: `a/z.txt` comes before `a-b/q.txt`.
FILES = (
    ".hidden",
    "B.txt",
    "a/[x].txt",
    "a/b/c.lock",
    "a/z.txt",
    "a-b/q.txt",
    "a.txt",
    "b/package-lock.json",
    "z/node_modules/p.txt",
    "{a,b}.txt",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"content of {name}", encoding="utf-8")
    return tmp_path


def _hash_of(root: Path, *names: str) -> str:
    """By the rule itself: the hash over the digests of these files in this order; '' for none."""
    digests = b"".join(hashlib.sha256((root / name).read_bytes()).digest() for name in names)
    return hashlib.sha256(digests).hexdigest() if names else ""


def test_a_known_file_has_the_hash_that_github_gives(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    # sha256(sha256("")), which any tool can check.
    assert hash_files(tmp_path, "empty") == "5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456"


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        pytest.param(["b/package-lock.json"], ["b/package-lock.json"], id="one file"),
        pytest.param(["nothing"], [], id="nothing"),
        pytest.param([""], [], id="no pattern"),
        pytest.param(["# a.txt"], [], id="only a comment"),
        pytest.param(["b/*", "a.txt"], ["b/package-lock.json", "a.txt"], id="in the order of the patterns"),
        pytest.param(["a.txt", "b/*"], ["a.txt", "b/package-lock.json"], id="in the other order"),
        pytest.param(["a.txt\n b/* "], ["a.txt", "b/package-lock.json"], id="a pattern a line"),
        pytest.param(
            ["**/*.txt"],
            [name for name in FILES if name.endswith(".txt")],
            id="a walk, entries by their bytes",
        ),
        pytest.param(["*"], list(FILES), id="everything, the hidden too"),
        pytest.param(["a*/*.txt"], ["a/[x].txt", "a/z.txt", "a-b/q.txt"], id="a pattern in the middle"),
        pytest.param(["a"], ["a/[x].txt", "a/b/c.lock", "a/z.txt"], id="a folder stands for all in it"),
        pytest.param(["a/"], ["a/[x].txt", "a/b/c.lock", "a/z.txt"], id="also with a slash"),
        pytest.param(["a.txt/"], [], id="a slash demands a folder"),
        pytest.param(["a/**"], ["a/[x].txt", "a/b/c.lock", "a/z.txt"], id="all below"),
        pytest.param(["a/**/c.lock"], ["a/b/c.lock"], id="any folders between"),
        pytest.param(["a/**/z.txt"], ["a/z.txt"], id="or none"),
        pytest.param(["**", "!**/*.txt"], [".hidden", "a/b/c.lock", "b/package-lock.json"], id="taken out again"),
        pytest.param(["!a", "a/*.txt"], ["a/[x].txt", "a/z.txt"], id="the last one decides"),
        pytest.param(["a/*", "!!a/b"], ["a/[x].txt", "a/b/c.lock", "a/z.txt"], id="not not"),
        pytest.param(["! a.txt", "*.txt"], ["B.txt", "a.txt", "{a,b}.txt"], id="nothing to take out yet"),
        pytest.param(["?.txt"], ["B.txt", "a.txt"], id="one character"),
        pytest.param(["[A-Z].txt"], ["B.txt"], id="a range"),
        pytest.param(["[!A-Z].txt"], ["a.txt"], id="not a range"),
        pytest.param(["a/[[]x].txt"], ["a/[x].txt"], id="a bracket in a set"),
        pytest.param(["a/\\[x\\].txt"], ["a/[x].txt"], id="escaped"),
        pytest.param(["a/[x].txt"], [], id="a set is not the name"),
        pytest.param(["{a,b}.txt"], ["{a,b}.txt"], id="braces mean themselves"),
        pytest.param(["A.TXT"], [], id="case counts"),
        pytest.param(["./a.txt"], ["a.txt"], id="a dot in front"),
        pytest.param(["."], list(FILES), id="a dot alone"),
        pytest.param(["/a.txt", "/src/*.js"], [], id="from the root of the file system"),
        pytest.param(["~/a.txt"], [], id="home is elsewhere"),
        pytest.param(["**/p.txt", "b"], ["b/package-lock.json", "z/node_modules/p.txt"], id="one walk where starts nest"),
    ],
)
def test_the_patterns_choose_the_files_and_their_order(root: Path, patterns: list[str], names: list[str]) -> None:
    assert hash_files(root, *patterns) == _hash_of(root, *names)


def test_a_pattern_may_be_absolute_when_it_lies_inside(root: Path) -> None:
    assert hash_files(root, f"{root}/b/*") == _hash_of(root, "b/package-lock.json")
    assert hash_files(root, f"{root.parent}/*/a.txt") == _hash_of(root, "a.txt")


def test_files_outside_are_never_hashed(root: Path) -> None:
    (root.parent / f"{root.name}-beside").mkdir()
    (root.parent / f"{root.name}-beside" / "a.txt").write_text("x", encoding="utf-8")
    assert hash_files(root / "a", f"{root}*/*.txt") == ""


def test_special_characters_in_the_root_mean_themselves(tmp_path: Path) -> None:
    root = tmp_path / "a[b]* ?\\c"
    root.mkdir()
    (root / "x").write_text("x", encoding="utf-8")
    assert hash_files(root, "*") == _hash_of(root, "x")


def test_home_can_be_given(root: Path) -> None:
    assert hash_files(root, "~/z.txt", home=root / "a") == _hash_of(root, "a/z.txt")


@pytest.fixture
def linked(root: Path) -> Path:
    (root / "l-dir").symlink_to("a")
    (root / "l-file").symlink_to("a.txt")
    (root / "a" / "l-up").symlink_to("..")
    return root


def test_links_are_not_followed_but_what_they_point_at_is_hashed(linked: Path) -> None:
    assert hash_files(linked, "l-*") == _hash_of(linked, "a.txt")
    assert hash_files(linked, "l-dir/z.txt") == _hash_of(linked, "a/z.txt")


def test_links_are_followed_on_request_but_never_in_a_circle(linked: Path) -> None:
    # From `l-dir` it goes to `a/l-up`, which is the root, and there stops at `a` and `l-dir`, where it has come from.
    inside = ["a/[x].txt", "a/b/c.lock"]
    above = [".hidden", "B.txt", "a-b/q.txt", "a.txt", "b/package-lock.json", "a.txt", "z/node_modules/p.txt", "{a,b}.txt"]
    expected = _hash_of(linked, *inside, *above, "a/z.txt")
    assert hash_files(linked, "--Follow-Symbolic-Links", "l-dir") == expected


def test_a_broken_link_that_is_chosen_fails_the_call(root: Path) -> None:
    (root / "broken").symlink_to("nowhere")
    assert hash_files(root, "a.txt") == _hash_of(root, "a.txt")
    with pytest.raises(HashFailed, match="broken' is a symbolic link to something that is not there"):
        hash_files(root, "b*")
    assert hash_files(root, "--follow-symbolic-links", "broken") == ""


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        (["--follow", "a"], "invalid glob option '--follow', available option: '--follow-symbolic-links'"),
        (["a/../b"], "invalid pattern 'a/../b'. Relative pathing '.' and '..' is not allowed."),
        (["../b"], "invalid pattern '../b'. Relative pathing '.' and '..' is not allowed."),
        (["a/./b"], "invalid pattern 'a/./b'. Relative pathing '.' and '..' is not allowed."),
        (["/./b"], "invalid pattern '/./b'. Relative pathing '.' and '..' is not allowed."),
        (["a", "!"], "pattern cannot be empty"),
    ],
)
def test_what_is_no_pattern_is_refused(root: Path, patterns: list[str], message: str) -> None:
    with pytest.raises(HashFailed) as caught:
        hash_files(root, *patterns)
    assert str(caught.value) == message


def test_an_option_after_the_first_argument_is_a_pattern(root: Path) -> None:
    assert hash_files(root, "a.txt", "--x") == _hash_of(root, "a.txt")


def test_a_pattern_below_a_file_fails_the_call(root: Path) -> None:
    with pytest.raises(NotADirectoryError):
        hash_files(root, "a.txt/x")


def test_what_is_neither_file_nor_folder_is_refused_instead_of_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(HashFailed, match="is neither a file nor a folder"):
        hash_files(root, "pipe")


def test_it_stops_when_the_time_is_over(root: Path) -> None:
    ticks = itertools.count(0, 50)
    with pytest.raises(HashFailed, match="couldn't finish within 120 seconds"):
        hash_files(root, "**/nothing", clock=lambda: float(next(ticks)))
