import subprocess
from pathlib import Path

import pytest

from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.samples.lay import history, lay, lay_all, samples


def git(folder: Path, *words: str) -> list[str]:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_shop_has_six_commits_of_three_people(tmp_path: Path) -> None:
    laid = list(lay("shop", tmp_path))
    log = git(tmp_path, "log", "--reverse", "--format=%H %an %s")
    assert log == [f"{commit.hash} {commit.author.partition(' <')[0]} {commit.subject}" for commit in laid]
    assert len(laid) == 6
    assert len({commit.author for commit in laid}) == 3


@pytest.mark.parametrize("sample", samples())
def test_a_sample_is_the_same_wherever_it_is_laid(sample: str, tmp_path: Path) -> None:
    first, second = lay_all(sample, tmp_path / "one"), lay_all(sample, tmp_path / "two")
    assert first.hash == second.hash


@pytest.mark.parametrize("sample", samples())
def test_after_laying_there_is_nothing_left_to_commit(sample: str, tmp_path: Path) -> None:
    lay_all(sample, tmp_path)
    assert git(tmp_path, "status", "--porcelain") == []
    assert git(tmp_path, "branch", "--show-current") == ["main"]


@pytest.mark.parametrize("sample", samples())
def test_every_commit_changes_something_and_has_one_line_of_subject(sample: str, tmp_path: Path) -> None:
    for commit in lay(sample, tmp_path):
        assert git(tmp_path, "show", "--format=", "--name-only", "HEAD"), commit.subject
        assert 10 < len(commit.subject) <= 60


def test_the_next_commit_is_laid_when_it_is_asked_for(tmp_path: Path) -> None:
    commits = lay("shop", tmp_path)
    next(commits)
    assert not (tmp_path / "shop" / "search.py").exists()
    assert git(tmp_path, "rev-list", "--count", "HEAD") == ["1"]


def test_a_repository_that_a_hook_names_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = tmp_path / "outer"
    lay_all("hello", outer)
    before = git(outer, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(outer / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(outer))
    lay_all("hello", tmp_path / "inner")
    monkeypatch.undo()
    assert git(outer, "rev-parse", "HEAD") == before
    assert git(tmp_path / "inner", "rev-list", "--count", "HEAD") == ["1"]


def test_an_unknown_sample_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(WorkflowInvalid) as refused:
        history("shoe")
    assert refused.value.problems[0].hint == f"samples here: {', '.join(samples())}"


def test_without_git_one_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SurroundingsMissing, match="git is not installed"):
        lay_all("hello", tmp_path / "repository")
