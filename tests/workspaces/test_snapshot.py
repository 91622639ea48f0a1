"""The copy that a leg works in: what is in it, what is not, and that the author's files stay as they are."""

import errno
import os
import threading
from pathlib import Path

import pytest

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.workspaces import snapshot as snapshot_module
from pipelinekit.workspaces.snapshot import Snapshot
from tests.workspaces.conftest import ENVIRONMENT, RunGit, contents


def lay(top: Path, tmp_path: Path, name: str = "leg") -> Path:
    into = tmp_path / name
    Snapshot(top, tmp_path / f"{name}-snapshot", ENVIRONMENT).lay(into)
    return into


def names(folder: Path) -> list[str]:
    return [name for name in contents(folder) if not name.startswith(".git/")]


def test_the_files_as_they_are_now_are_laid_without_the_ignored_ones(repository: Path, tmp_path: Path, git: RunGit) -> None:
    (repository / "app.py").write_text("print('changed')\n")
    (repository / "new.txt").write_text("new\n")
    (repository / "noise.log").write_text("ignored\n")
    (repository / "docs" / "guide.md").unlink()
    (repository / ".pipelinekit").mkdir()
    (repository / ".pipelinekit" / "x").write_text("store\n")
    (repository / "docs" / ".ipynb_checkpoints").mkdir()
    (repository / "docs" / ".ipynb_checkpoints" / "try-checkpoint.ipynb").write_text("{}\n")
    leg = lay(repository, tmp_path)
    assert names(leg) == [".gitignore", "app.py", "bin/run", "new.txt"]
    assert (leg / "app.py").read_text() == "print('changed')\n"
    assert git(leg, "status", "--short") == "M app.py\n D docs/guide.md\n?? new.txt"
    assert git(leg, "log", "--format=%s") == "Add a way to run it\nFirst light"


def test_modes_times_and_links_are_kept(repository: Path, tmp_path: Path) -> None:
    (repository / "link").symlink_to("bin/run")
    (repository / "broken").symlink_to("/nowhere")
    (repository / "folder-link").symlink_to("docs")
    (repository / "locked").write_text("read only\n")
    (repository / "locked").chmod(0o444)
    os.utime(repository / "app.py", ns=(1_500_000_000_123_456_789, 1_400_000_000_987_654_321))
    leg = lay(repository, tmp_path)
    assert (leg / "bin" / "run").stat().st_mode & 0o777 == 0o755
    assert (leg / "locked").stat().st_mode & 0o777 == 0o444
    assert (leg / "app.py").stat().st_mtime_ns == 1_400_000_000_987_654_321
    assert {name: str((leg / name).readlink()) for name in ("link", "broken", "folder-link")} == {
        "link": "bin/run",
        "broken": "/nowhere",
        "folder-link": "docs",
    }


def test_no_file_is_shared_with_the_author_or_another_leg(repository: Path, tmp_path: Path) -> None:
    before = contents(repository)
    snapshot = Snapshot(repository, tmp_path / "snapshot", ENVIRONMENT)
    snapshot.lay(tmp_path / "one")
    for path in (tmp_path / "one").rglob("*"):
        if path.is_file():
            assert path.stat().st_nlink == 1
            path.chmod(0o644)
            path.write_bytes(b"overwritten")
    assert contents(repository) == before
    snapshot.lay(tmp_path / "two")
    assert (tmp_path / "two" / "app.py").read_bytes() == before["app.py"]


def test_all_legs_get_the_same_files_whatever_the_author_does_meanwhile(repository: Path, tmp_path: Path) -> None:
    snapshot = Snapshot(repository, tmp_path / "snapshot", ENVIRONMENT)
    legs = [tmp_path / f"leg-{n}" for n in range(4)]
    threads = [threading.Thread(target=snapshot.lay, args=(leg,)) for leg in legs[:3]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (repository / "app.py").write_text("later\n")
    snapshot.lay(legs[3])
    assert contents(legs[0]) == contents(legs[1]) == contents(legs[2]) == contents(legs[3])


def test_a_half_made_copy_of_a_process_that_was_killed_is_made_anew(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "leg-snapshot" / "part").mkdir(parents=True)
    (tmp_path / "leg-snapshot" / "part" / "half").write_text("half\n")
    assert "half" not in names(lay(repository, tmp_path))


def test_a_plain_folder_is_laid_whole_but_for_the_store(tmp_path: Path) -> None:
    top = tmp_path / "plain"
    (top / "empty").mkdir(parents=True)
    (top / "a.log").write_text("a\n")
    (top / ".pipelinekit" / "work").mkdir(parents=True)
    (top / ".pipelinekit" / "x").write_text("x\n")
    os.mkfifo(top / "pipe")
    leg = tmp_path / "leg"
    Snapshot(top, top / ".pipelinekit" / "work" / "run", ENVIRONMENT).lay(leg)
    assert sorted(path.name for path in leg.iterdir()) == ["a.log", "empty"]


def test_a_plain_folder_is_not_copied_into_itself(tmp_path: Path) -> None:
    top = tmp_path / "plain"
    (top / "sub").mkdir(parents=True)
    (top / "sub" / "a").write_text("a\n")
    Snapshot(top, top / "sub" / "work", ENVIRONMENT).lay(tmp_path / "leg")
    assert names(tmp_path / "leg") == ["sub/a"]


def test_a_worktree_gets_a_git_folder_of_its_own(repository: Path, git: RunGit, tmp_path: Path) -> None:
    git(repository, "branch", "other")
    git(repository, "worktree", "add", "--quiet", str(tmp_path / "tree"), "-b", "side")
    (tmp_path / "tree" / "staged").write_text("staged\n")
    git(tmp_path / "tree", "add", "staged")
    leg = lay(tmp_path / "tree", tmp_path)
    (tmp_path / "shop").rename(tmp_path / "moved")  # nothing may be needed from there
    assert git(leg, "branch", "--show-current") == "side"
    assert git(leg, "status", "--short") == "A  staged"
    assert git(leg, "log", "-1", "--format=%s", "other") == "Add a way to run it"
    git(leg, "fsck", "--strict")


def test_a_submodule_comes_with_its_files_and_its_git(repository: Path, git: RunGit, tmp_path: Path) -> None:
    lib = tmp_path / "lib"
    git(tmp_path, "clone", "--quiet", str(repository), str(lib))
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(lib), "vendor/lib")
    git(repository, "commit", "--quiet", "--message", "Add lib")
    (repository / "vendor" / "lib" / "new.txt").write_text("new\n")
    leg = lay(repository, tmp_path)
    assert (leg / "vendor" / "lib" / "bin" / "run").is_file()
    assert git(leg / "vendor" / "lib", "status", "--short") == "?? new.txt"
    assert git(leg, "status", "--short") == "? vendor/lib"
    git(leg / "vendor" / "lib", "fsck", "--strict")


def test_a_submodule_that_was_not_fetched_is_an_empty_folder(repository: Path, git: RunGit, tmp_path: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/lib")
    (repository / "vendor" / "lib").mkdir(parents=True)
    leg = lay(repository, tmp_path)
    assert list((leg / "vendor" / "lib").iterdir()) == []


def test_objects_that_are_borrowed_from_another_repository_are_copied(repository: Path, git: RunGit, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--shared", str(repository), "borrower")
    leg = lay(tmp_path / "borrower", tmp_path)
    repository.rename(tmp_path / "moved")
    assert git(leg, "log", "--format=%s") == "Add a way to run it\nFirst light"
    git(leg, "fsck", "--strict")


def test_a_file_that_vanishes_is_passed_over(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_file = snapshot_module.copy_file

    def vanish_first(source: str, target: str) -> None:
        if source == str(repository / "app.py"):
            (repository / "app.py").unlink()
        copy_file(source, target)

    monkeypatch.setattr(snapshot_module, "copy_file", vanish_first)
    assert names(lay(repository, tmp_path)) == [".gitignore", "bin/run", "docs/guide.md"]


def test_where_the_system_can_not_copy_between_files_the_bytes_go_through_us(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(read: int, write: int, count: int) -> int:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "copy_file_range", refuse)
    leg = lay(repository, tmp_path)
    assert {name: contents(leg)[name] for name in names(leg)} == {name: contents(repository)[name] for name in names(repository)}


def test_a_full_disk_says_what_to_do(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(read: int, write: int, count: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "copy_file_range", full)
    with pytest.raises(SurroundingsMissing, match=r"(?s)can't be copied into a workspace.*No space left.*make room"):
        lay(repository, tmp_path)


def test_a_workspace_with_something_in_it_is_refused(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "leg").mkdir()
    (tmp_path / "leg" / "theirs").write_text("x\n")
    with pytest.raises(FileExistsError, match="must be empty"):
        lay(repository, tmp_path)
    assert names(tmp_path / "leg") == ["theirs"]
