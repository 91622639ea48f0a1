"""Git, and the repository."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelinekit.examinations import repository as module
from pipelinekit.examinations.machine import Machine
from pipelinekit.examinations.repository import repository
from pipelinekit.model.finding import Finding, Health
from tests.examinations.conftest import with_variables
from tests.repositories import git


def found(machine: Machine) -> dict[str, Finding]:
    return {finding.what: finding for finding in repository(machine)}


def test_a_usual_repository_is_fine(machine: Machine) -> None:
    seen = found(machine)
    assert all(finding.state is Health.FINE for finding in seen.values())
    assert seen["workflows"].detail == f"ci.yml in {machine.top}/.github/workflows"
    assert seen["identity"].detail == "commits are by Mira"


def test_without_git_nothing_else_is_asked(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (missing,) = repository(with_variables(machine, PATH=str(tmp_path / "bin")))
    assert (missing.what, missing.state, missing.mend) == ("git", Health.MISSING, "install git")


@pytest.mark.parametrize(
    ("said", "state"),
    [
        pytest.param("git version 2.20.1\n", Health.WARNING, id="old"),
        pytest.param("git version 2.39.5 (Apple Git-154)\n", Health.FINE, id="apple"),
        pytest.param("git version 3.0.rc1\n", Health.FINE, id="new"),
    ],
)
def test_the_version_is_compared(said: str, state: Health) -> None:
    assert module._version(said).state is state


def test_a_person_without_a_name_is_told(machine: Machine) -> None:
    seen = found(with_variables(machine, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1"))
    assert seen["identity"].state is Health.WARNING
    assert "user.name" in seen["identity"].mend


def test_a_repository_without_a_commit_is_told(machine: Machine) -> None:
    shutil.rmtree(machine.top / ".git")
    git(machine.top, "init", "-q")
    assert found(machine)["repository"].mend == "git commit"


def test_a_folder_without_workflows_is_told(machine: Machine, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    seen = found(replace(machine, directory=empty, top=empty))
    assert seen["workflows"].state is Health.WARNING
    assert "repository" not in seen


def test_a_repository_of_another_user_is_told_with_the_setting(machine: Machine) -> None:
    # git's own tests pretend by this variable that everything belongs to somebody else
    seen = found(with_variables(machine, GIT_TEST_ASSUME_DIFFERENT_OWNER="1"))
    assert seen["repository"].mend == f"git config --global --add safe.directory {machine.top}"


def test_a_git_that_hangs_is_let_go(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_SECONDS", 0.1)
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 20\n")
    program.chmod(0o755)
    with pytest.raises(TimeoutError, match="git version takes longer"):
        list(repository(with_variables(machine, PATH=f"{program.parent}:{machine.environment['PATH']}")))
