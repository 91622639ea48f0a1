from pathlib import Path

import pytest

from pipelinekit.workspaces.between import between
from tests.workspaces.conftest import ENVIRONMENT, RunGit


def commits(top: Path, git: RunGit) -> list[str]:
    return git(top, "log", "--reverse", "--format=%H").split()


def test_commits_and_files_lie_between_two_commits(repository: Path, git: RunGit) -> None:
    (repository / "app.py").write_text("print('open')\n")
    git(repository, "commit", "--quiet", "--all", "--message", 'Open; "quoted" and ünïcode')
    first, _, last = commits(repository, git)
    found = between(repository, first, last, ENVIRONMENT)
    assert found is not None
    assert [(one.author, one.subject) for one in found.commits] == [
        ("Ada", "Add a way to run it"), ("Ada", "Open; \"quoted\" and ünïcode"),
    ]  # fmt: skip
    assert found.files == ("app.py", "bin/run", "docs/guide.md")


def test_a_commit_and_itself_have_nothing_between(repository: Path, git: RunGit) -> None:
    first = commits(repository, git)[0]
    found = between(repository, first, first, ENVIRONMENT)
    assert found is not None
    assert (found.commits, found.files) == ((), ())


@pytest.mark.parametrize(
    "commit",
    [
        pytest.param("0" * 40, id="not-there"),
        pytest.param("", id="none"),
        pytest.param("--output=stolen", id="an-option"),
        pytest.param("HEAD", id="a-name"),
    ],
)
def test_a_commit_that_is_not_there_is_not_known(repository: Path, git: RunGit, commit: str) -> None:
    assert between(repository, commits(repository, git)[0], commit, ENVIRONMENT) is None
    assert not (repository / "stolen").exists()


def test_outside_of_git_nothing_is_known(tmp_path: Path) -> None:
    assert between(tmp_path, "a" * 40, "b" * 40, ENVIRONMENT) is None
