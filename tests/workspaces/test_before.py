"""The workspace as it was before a step."""

from pathlib import Path

import pytest

from pipelinekit.workspaces import before
from pipelinekit.workspaces.before import Before


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.txt").write_text("a")
    (folder / "link").symlink_to("sub/a.txt")
    return folder


def test_what_a_step_did_is_undone(workspace: Path, tmp_path: Path) -> None:
    kept = Before(workspace, tmp_path / "before")
    kept.keep("Test")
    (workspace / "sub" / "a.txt").write_text("changed")
    (workspace / "new").mkdir()
    (workspace / "link").unlink()
    inode = workspace.stat().st_ino
    assert kept.restore("Test")
    assert (workspace / "sub" / "a.txt").read_text() == "a"
    assert (workspace / "link").readlink() == Path("sub/a.txt")
    assert sorted(path.name for path in workspace.iterdir()) == ["link", "sub"]
    assert workspace.stat().st_ino == inode


def test_the_copy_is_of_the_last_step_that_asked(workspace: Path, tmp_path: Path) -> None:
    kept = Before(workspace, tmp_path / "before")
    kept.keep("One")
    (workspace / "one.txt").write_text("1")
    kept.keep("Two")
    (workspace / "two.txt").write_text("2")
    assert not kept.restore("One")
    assert kept.restore("Two")
    assert (workspace / "one.txt").exists()
    assert not (workspace / "two.txt").exists()


def test_another_process_finds_the_copy(workspace: Path, tmp_path: Path) -> None:
    Before(workspace, tmp_path / "before").keep("Test")
    (workspace / "sub" / "a.txt").write_text("changed")
    assert Before(workspace, tmp_path / "before").restore("Test")
    assert (workspace / "sub" / "a.txt").read_text() == "a"


def test_nothing_is_copied_where_nothing_has_changed(workspace: Path, tmp_path: Path) -> None:
    kept = Before(workspace, tmp_path / "before")
    kept.keep("One")
    made = (tmp_path / "before" / "files").stat().st_ino
    kept.keep("Two")
    assert (tmp_path / "before" / "files").stat().st_ino == made
    assert kept.restore("Two")


def test_too_large_a_workspace_is_not_copied(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before, "MOST_FILES", 2)
    kept = Before(workspace, tmp_path / "before")
    kept.keep("Test")
    assert not kept.restore("Test")
