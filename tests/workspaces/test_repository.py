"""What is known about a repository, and that nothing is written into it to know it."""

import os
from pathlib import Path

import pytest

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.workspaces.repository import facts, repository_top
from tests.workspaces.conftest import ENVIRONMENT, RunGit, contents


def test_a_clean_repository_is_known_by_its_commit(repository: Path, git: RunGit) -> None:
    found = facts(repository, ENVIRONMENT)
    assert found.commit == git(repository, "rev-parse", "HEAD")
    assert found.parent == git(repository, "rev-parse", "HEAD~1")
    assert found.tree == git(repository, "rev-parse", "HEAD^{tree}")
    assert (found.ref, found.branch, found.default_branch) == ("refs/heads/main", "main", "main")
    assert (found.subject, found.author) == ("Add a way to run it", "Ada")
    assert found.changed_files == ("bin/run", "docs/guide.md")
    assert (found.dirty, found.uncommitted_files) == (False, ())
    assert found.repository == "local/shop"


def test_uncommitted_changes_have_the_tree_that_a_commit_of_them_would_have(repository: Path, git: RunGit) -> None:
    (repository / "app.py").write_text("print('changed')\n")
    (repository / "docs" / "guide.md").unlink()
    (repository / "new file.txt").write_text("new\n")
    (repository / "noise.log").write_text("ignored\n")
    found = facts(repository, ENVIRONMENT)
    assert found.dirty
    assert sorted(found.uncommitted_files) == ["app.py", "docs/guide.md", "new file.txt"]
    assert found.commit == git(repository, "rev-parse", "HEAD")
    git(repository, "add", "--all")
    assert facts(repository, ENVIRONMENT).tree == found.tree, "staged or not makes no difference"
    git(repository, "commit", "--quiet", "--message", "All")
    assert git(repository, "rev-parse", "HEAD^{tree}") == found.tree
    assert facts(repository, ENVIRONMENT).tree == found.tree


def test_nothing_is_written_into_the_repository(repository: Path) -> None:
    (repository / "app.py").write_text("print('changed')\n")
    (repository / "new.txt").write_text("new\n")
    os.utime(repository / "bin" / "run", (1, 1))  # git would like to note that in its index
    before = contents(repository)
    facts(repository, ENVIRONMENT)
    assert contents(repository) == before


def test_no_hook_of_the_author_is_run(repository: Path) -> None:
    hook = repository / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch hook-ran\n")
    hook.chmod(0o755)
    (repository / "app.py").write_text("print('changed')\n")
    facts(repository, ENVIRONMENT)
    assert not (repository / "hook-ran").exists()


def test_a_repository_without_commits_has_a_branch_and_a_tree(tmp_path: Path, git: RunGit) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "trunk")
    empty = facts(tmp_path, ENVIRONMENT)
    assert (empty.commit, empty.parent, empty.tree, empty.dirty) == ("", "", "", False)
    assert (empty.branch, empty.default_branch, empty.changed_files) == ("trunk", "trunk", None)
    (tmp_path / "a").write_text("a\n")
    found = facts(tmp_path, ENVIRONMENT)
    assert found.dirty
    git(tmp_path, "add", "a")
    assert found.tree == git(tmp_path, "write-tree")


def test_outside_git_the_tree_changes_with_the_files_and_not_with_the_store(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a\n")
    first = facts(tmp_path, ENVIRONMENT)
    assert (first.commit, first.dirty, first.ref) == ("", False, "refs/heads/main")
    assert first.repository == f"local/{tmp_path.name}"
    (tmp_path / ".pipelinekit").mkdir()
    (tmp_path / ".pipelinekit" / "x").write_text("x\n")
    assert facts(tmp_path, ENVIRONMENT).tree == first.tree
    (tmp_path / "a").rename(tmp_path / "b")
    assert facts(tmp_path, ENVIRONMENT).tree != first.tree


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/acme/shop.git", "acme/shop"),
        ("https://github.com/acme/shop", "acme/shop"),
        ("https://ada:token@example.org:8443/acme/shop.git/", "acme/shop"),
        ("git@github.com:acme/shop.git", "acme/shop"),
        ("ssh://git@example.org:2222/acme/shop.git", "acme/shop"),
        ("https://gitlab.com/acme/web/shop.git", "web/shop"),
        ("git@example.org:acme.inc/shop.js", "acme.inc/shop.js"),
        ("/srv/git/acme/shop.git", "local/shop"),
        ("file:///srv/git/acme/shop.git", "local/shop"),
        ("../other", "local/shop"),
    ],
)
def test_a_remote_gives_the_repository_its_name(repository: Path, git: RunGit, url: str, expected: str) -> None:
    git(repository, "remote", "add", "origin", url)
    assert facts(repository, ENVIRONMENT).repository == expected


def test_origin_goes_before_other_remotes(repository: Path, git: RunGit) -> None:
    git(repository, "remote", "add", "fork", "https://github.com/ada/shop")
    assert facts(repository, ENVIRONMENT).repository == "ada/shop"
    git(repository, "remote", "add", "origin", "https://github.com/acme/shop")
    assert facts(repository, ENVIRONMENT).repository == "acme/shop"


def test_origin_says_which_branch_is_the_default(repository: Path, git: RunGit, tmp_path: Path) -> None:
    git(repository, "branch", "--move", "develop")
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    git(tmp_path / "clone", "checkout", "--quiet", "-b", "feature/x")
    found = facts(tmp_path / "clone", ENVIRONMENT)
    assert (found.branch, found.ref, found.default_branch) == ("feature/x", "refs/heads/feature/x", "develop")


@pytest.mark.parametrize(
    ("prepare", "ref", "branch"),
    [
        ([], "refs/heads/main", "main"),
        ([["tag", "v1"], ["branch", "--move", "main", "gone"], ["update-ref", "-d", "refs/heads/gone"]], "refs/tags/v1", ""),
        ([["update-ref", "-d", "refs/heads/main"]], "HEAD", ""),
    ],
    ids=["a branch is there", "a tag is there", "nothing is there"],
)
def test_a_detached_head_is_named_by_what_is_at_it(
    repository: Path, git: RunGit, prepare: list[list[str]], ref: str, branch: str
) -> None:
    git(repository, "checkout", "--quiet", "--detach")
    for words in prepare:
        git(repository, *words)
    found = facts(repository, ENVIRONMENT)
    assert (found.ref, found.branch) == (ref, branch)


def test_a_merge_changed_what_it_brought_to_its_first_parent(repository: Path, git: RunGit) -> None:
    git(repository, "checkout", "--quiet", "-b", "side", "HEAD~1")
    (repository / "side.txt").write_text("side\n")
    git(repository, "add", "side.txt")
    git(repository, "commit", "--quiet", "--message", "Side")
    git(repository, "checkout", "--quiet", "main")
    git(repository, "merge", "--quiet", "--no-edit", "side")
    found = facts(repository, ENVIRONMENT)
    assert found.changed_files == ("side.txt",)
    assert found.parent == git(repository, "rev-parse", "HEAD^1")


def test_a_variable_that_points_git_elsewhere_is_not_obeyed(repository: Path, tmp_path: Path) -> None:
    there = {**ENVIRONMENT, "GIT_DIR": str(tmp_path / "nowhere"), "GIT_INDEX_FILE": str(tmp_path / "no-index")}
    assert facts(repository, there) == facts(repository, ENVIRONMENT)


def test_names_in_any_letters_come_through(repository: Path) -> None:
    (repository / "Gruß an alle\n.txt").write_text("x")
    assert facts(repository, ENVIRONMENT).uncommitted_files == ("Gruß an alle\n.txt",)


def test_without_git_the_mend_is_named(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(SurroundingsMissing, match="git can't be found\n  install git"):
        facts(repository, {"PATH": str(tmp_path)})


def test_a_broken_repository_is_told_in_gits_words(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(SurroundingsMissing, match=r"(?s)git status failed in .*not a git repository"):
        facts(tmp_path, {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})


def test_the_top_is_where_git_is(repository: Path) -> None:
    assert repository_top(repository / "docs") == repository
    (repository / "docs" / ".github" / "workflows").mkdir(parents=True)
    assert repository_top(repository / "docs" / ".github") == repository


def test_outside_git_the_top_is_where_the_workflows_are_else_here(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert repository_top(inner) == inner
    (tmp_path / "a" / ".github" / "workflows").mkdir(parents=True)
    assert repository_top(inner) == tmp_path / "a"


def test_a_worktree_is_a_repository(repository: Path, git: RunGit, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "--quiet", str(tmp_path / "tree"), "-b", "side")
    (tmp_path / "tree" / "new").write_text("new\n")
    found = facts(tmp_path / "tree", ENVIRONMENT)
    assert (found.branch, found.uncommitted_files) == ("side", ("new",))
    assert found.tree != git(repository, "rev-parse", "HEAD^{tree}")
    assert repository_top(tmp_path / "tree") == tmp_path / "tree"
