"""actions/checkout: what stands in the workspace afterwards, and what can't be had."""

from pathlib import Path

import pytest

from pipelinekit.workspaces.snapshot import Snapshot
from tests.actions.conftest import Bench, FolderPlace, contents, lay
from tests.workspaces.conftest import ENVIRONMENT, RunGit

USES = "actions/checkout"


def names(folder: Path) -> list[str]:
    return [name for name in contents(folder) if "/.git/" not in f"/{name}"]


def test_the_working_tree_is_laid_with_its_changes_and_its_git(
    bench: Bench, workspace: Path, repository: Path, git: RunGit
) -> None:
    (repository / "app.py").write_text("changed\n")
    result = bench.use(USES)
    assert (workspace / "app.py").read_text() == "changed\n"
    assert git(workspace, "status", "--short") == "M app.py"
    assert result.outputs == {"ref": "refs/heads/main", "commit": "1234567890" * 4}
    assert bench.said == [f"acme/shop at 1234567 is in {workspace}"]


@pytest.mark.parametrize("ref", ["refs/heads/main", "main", "1234567890" * 4])
def test_the_ref_that_the_run_is_of_is_the_working_tree(bench: Bench, workspace: Path, repository: Path, ref: str) -> None:
    (repository / "app.py").write_text("changed\n")
    bench.use(USES, ref=ref, repository="Acme/Shop", fetch_depth="0", persist_credentials="false", submodules="true", lfs="true")
    assert (workspace / "app.py").read_text() == "changed\n"


@pytest.mark.parametrize(
    ("ref", "branch"), [("old", "old"), ("refs/heads/old", "old"), ("v1", ""), ("refs/tags/v1", ""), ("SHA", "")]
)
def test_another_ref_of_the_local_repository_is_checked_out_clean(
    bench: Bench, workspace: Path, repository: Path, git: RunGit, ref: str, branch: str
) -> None:
    first = git(repository, "rev-parse", "HEAD~1")
    git(repository, "branch", "old", first)
    git(repository, "tag", "v1", first)
    (repository / "app.py").write_text("changed\n")
    (repository / "new.txt").write_text("untracked\n")
    result = bench.use(USES, ref=ref.replace("SHA", first))
    assert names(workspace) == [".gitignore", "app.py"]
    assert git(workspace, "status", "--short") == ""
    assert git(workspace, "branch", "--show-current") == branch
    assert result.outputs["commit"] == first
    assert git(repository, "branch", "--show-current") == "main", "the author's repository stays as it is"


def test_a_branch_that_was_only_fetched_can_be_checked_out(bench: Bench, workspace: Path, git: RunGit, tmp_path: Path) -> None:
    git(tmp_path / "shop", "branch", "side", "HEAD~1")
    git(tmp_path, "clone", "--quiet", str(tmp_path / "shop"), "clone")
    bench.snapshot = Snapshot(tmp_path / "clone", tmp_path / "clone-snapshot", ENVIRONMENT)
    bench.use(USES, ref="side")
    assert git(workspace, "branch", "--show-current") == "side"
    assert names(workspace) == [".gitignore", "app.py"]


def test_a_ref_that_is_not_here_fails_and_says_how_to_have_it(bench: Bench) -> None:
    assert bench.failure(USES, ref="gone") == (
        'the local repository has no branch, tag or commit "gone", and nothing is fetched here; to have it: git fetch origin gone'
    )


def test_another_repository_can_not_be_had(bench: Bench) -> None:
    assert bench.failure(USES, repository="acme/other") == (
        'the repository "acme/other" can\'t be checked out: only "acme/shop", which this run is of, is at hand'
    )


def test_path_lays_it_into_a_folder_of_the_workspace(bench: Bench, workspace: Path) -> None:
    bench.use(USES, path="./src/shop")
    bench.use(USES, path=".again")
    assert (workspace / "src" / "shop" / "bin" / "run").is_file()
    assert sorted(path.name for path in workspace.iterdir()) == [".again", "src"]


@pytest.mark.parametrize("path", ["../elsewhere", "/etc", "a/../../b"])
def test_a_path_outside_the_workspace_is_refused(bench: Bench, path: str) -> None:
    assert "is not under" in bench.failure(USES, path=path)


def test_what_was_there_is_deleted(bench: Bench, workspace: Path) -> None:
    lay(workspace, "left.txt", ".hidden/x", "..odd", "-rf")
    bench.use(USES)
    assert names(workspace) == [".gitignore", "app.py", "bin/run", "docs/guide.md"]
    assert bench.said[0] == f"Deleting the contents of '{workspace}'"


def test_clean_false_keeps_a_repository_that_is_there(bench: Bench, workspace: Path) -> None:
    bench.use(USES)
    lay(workspace, "built.txt")
    bench.use(USES, clean="false")
    assert (workspace / "built.txt").exists()


def test_the_index_is_fresh_so_that_plumbing_sees_no_changes(bench: Bench, workspace: Path, git: RunGit) -> None:
    bench.use(USES)
    assert git(workspace, "diff-index", "HEAD") == ""


def test_a_folder_outside_git_is_laid_without_a_word_from_git(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(tmp_path / "plain", "a.txt")
    bench.snapshot = Snapshot(tmp_path / "plain", tmp_path / "plain-snapshot", ENVIRONMENT)
    bench.github["sha"] = ""
    bench.use(USES)
    assert names(workspace) == ["a.txt"]
    assert bench.said == [f"acme/shop is in {workspace}"]


def fake_git(bench: Bench, tmp_path: Path, script: str) -> None:
    program = tmp_path / "programs" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    assert isinstance(bench.place, FolderPlace)
    bench.place.environment = {**bench.place.environment, "PATH": f"{program.parent}:/usr/bin:/bin"}


def test_a_place_without_git_gets_the_files_and_is_told(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    fake_git(bench, tmp_path, "exit 127")
    bench.use(USES)
    assert (workspace / "app.py").exists()
    assert bench.said[0] == "there is no git in this place: the files are there, but no step can look into their history"
    assert "there is no git in this place (an-image)" in bench.failure(USES, ref="v1")


@pytest.mark.parametrize(("wanted", "is_set"), [("true", True), ("false", False)])
def test_where_git_does_not_trust_the_owner_it_is_told_to(bench: Bench, tmp_path: Path, wanted: str, is_set: bool) -> None:
    calls = tmp_path / "calls"
    fake_git(bench, tmp_path, f'echo "$@" >> {calls}; echo "fatal: detected dubious ownership in repository"; exit 128')
    bench.use(USES, set_safe_directory=wanted)
    assert (f"config --global --add safe.directory {bench.place.workspace}" in calls.read_text()) is is_set


def test_where_git_trusts_the_owner_no_setting_is_written(bench: Bench) -> None:
    bench.use(USES)
    assert not (Path(bench.place.environment["HOME"]) / ".gitconfig").exists()
