"""Which files a job can see, by what git says, and without git."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelinekit.workspaces.manifest import Manifest, content_hash
from pipelinekit.workspaces.snapshot import Snapshot
from tests.repositories import commit, git, repository, write


def files(top: Path) -> dict[str, str]:
    return dict(Manifest(top, os.environ).files())


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "r", "on: push\n", **{"a.txt": "a\n", "folder__b.txt": "b\n", ".gitignore": "*.log\n"})


def test_tracked_and_untracked_files_are_seen_ignored_ones_and_the_store_are_not(top: Path) -> None:
    for name in ("new.txt", "x.log", ".pipelinekit/tables/t", ".ipynb_checkpoints/try-checkpoint.ipynb"):
        write(top, name, "n")
    assert set(files(top)) == {".github/workflows/ci.yml", ".gitignore", "a.txt", "folder/b.txt", "new.txt"}


def test_a_file_has_the_same_hash_before_and_after_it_is_committed(top: Path) -> None:
    write(top, "new.txt", "n\n")
    write(top, "a.txt", "changed\n")
    (top / "a.txt").chmod(0o755)
    (top / "link").symlink_to("a.txt")
    before = files(top)
    commit(top, "Second")
    assert files(top) == before
    assert before["a.txt"].startswith("100755")
    assert before["link"].startswith("120000")


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited": lambda top: write(top, "a.txt", "other\n"),
    "staged": lambda top: git(top, "rm", "-q", "--cached", "a.txt") + git(top, "mv", "folder/b.txt", "b.txt"),
    "deleted": lambda top: (top / "a.txt").unlink(),
    "new": lambda top: write(top, "c.txt", ""),
    "renamed": lambda top: (top / "a.txt").rename(top / "z.txt"),
    "executable": lambda top: (top / "a.txt").chmod(0o755),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_changes_the_hash(top: Path, change: Callable[[Path], object]) -> None:
    before = content_hash(files(top))
    change(top)
    assert content_hash(files(top)) != before


def test_outside_git_the_same_files_have_the_same_hash(top: Path) -> None:
    before = files(top)
    (top / ".git").rename(top.parent / "git")
    assert files(top) == before


def test_the_same_files_have_the_same_hash_in_another_place(top: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(top), "copy")
    assert content_hash(files(top)) == content_hash(files(tmp_path / "copy"))


def test_a_repository_that_lies_in_it_is_seen_with_its_files(top: Path) -> None:
    repository(top / "inner", "on: push\n", **{"c.txt": "c"})
    assert "inner/c.txt" in files(top)
    before = content_hash(files(top))
    write(top, "inner/c.txt", "other")
    assert content_hash(files(top)) != before


def test_a_submodule_is_seen_with_its_changes(top: Path, tmp_path: Path) -> None:
    module = repository(tmp_path / "module", "on: push\n", **{"c.txt": "c"})
    git(top, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(module), "lib")
    commit(top, "Add lib")
    before = files(top)
    assert "lib/c.txt" in before
    write(top, "lib/c.txt", "other")
    assert files(top)["lib/c.txt"] != before["lib/c.txt"]


def test_refs_tell_of_a_new_tag(top: Path) -> None:
    before = Manifest(top, os.environ).refs()
    git(top, "tag", "v1")
    assert Manifest(top, os.environ).refs() != before


def test_a_copy_made_before_an_edit_is_of_the_same_files_one_made_after_it_is_not(top: Path, tmp_path: Path) -> None:
    (top / "link").symlink_to("a.txt")
    manifest, later = Manifest(top, os.environ), Manifest(top, os.environ)
    assert manifest.files() == later.files()
    early = Snapshot(top, tmp_path / "early", os.environ)
    early.lay(tmp_path / "first")
    assert manifest.is_of(early.files_folder)
    write(top, "a.txt", "edited\n")
    os.utime(top / "a.txt", (2e9, 2e9))
    late = Snapshot(top, tmp_path / "late", os.environ)
    late.lay(tmp_path / "second")
    assert not later.is_of(late.files_folder)
