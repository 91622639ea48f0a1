"""Git, and the repository that a person stands in."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelinekit.examinations.machine import ASK_SECONDS, Machine
from pipelinekit.model.finding import Finding, Health
from pipelinekit.workflows.find import FOLDER, workflow_files

OLDEST = (2, 25)  # what workspaces are copied with is tested from here on


def repository(machine: Machine) -> Iterator[Finding]:
    try:
        said = _git(machine.directory, machine.environment, "version")
    except FileNotFoundError:
        yield Finding("git", Health.MISSING, "there is no program git on the PATH", "install git")
        return
    yield _version(said.stdout)
    yield from _workflows(machine)
    if (machine.top / ".git").exists():
        yield from _owner(machine)
        yield from _commit(machine)
    yield from _identity(machine)


def _git(folder: Path, environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """As the person's own git would do it, unlike the one that runs take, which trusts any owner. Raises OSError."""
    settings = {**environment, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", *words], cwd=folder, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            check=False, timeout=ASK_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as silence:
        raise TimeoutError(f"git {words[0]} takes longer than {ASK_SECONDS:g} s") from silence


def _version(said: str) -> Finding:
    words = said.split()
    numbers = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if numbers < OLDEST:
        return Finding("git", Health.WARNING, f"{' '.join(words[2:3]) or said.strip()} is old", "install git 2.25 or newer")
    return Finding("git", Health.FINE, words[2])


def _workflows(machine: Machine) -> Iterator[Finding]:
    files = workflow_files(machine.directory)
    if files:
        yield Finding("workflows", Health.FINE, f"{', '.join(file.name for file in files)} in {machine.top / FOLDER}")
    else:
        mend = "go to a repository that has some, or make one that has: pipelinekit demo"
        yield Finding("workflows", Health.WARNING, f"none in {machine.top / FOLDER}", mend)


def _owner(machine: Machine) -> Iterator[Finding]:
    said = _git(machine.top, machine.environment, "rev-parse", "--git-dir")
    if said.returncode and "dubious ownership" in said.stderr:
        detail = f"{machine.top} belongs to another user; runs read it all the same, your own git does not"
        yield Finding("repository", Health.WARNING, detail, f"git config --global --add safe.directory {machine.top}")


def _commit(machine: Machine) -> Iterator[Finding]:
    said = _git(machine.top, machine.environment, "-c", "safe.directory=*", "rev-parse", "--verify", "--quiet", "HEAD")
    if said.returncode:
        yield Finding("repository", Health.WARNING, f"{machine.top} has no commit yet, so runs can't name one", "git commit")


def _identity(machine: Machine) -> Iterator[Finding]:
    asked = (_git(machine.directory, machine.environment, "config", "--get", f"user.{key}") for key in ("name", "email"))
    name, email = (said.stdout.strip() for said in asked)
    if name and email:
        yield Finding("identity", Health.FINE, f"commits are by {name}")
    else:
        mend = 'git config --global user.name "YOU"; git config --global user.email YOU@EXAMPLE'
        yield Finding("identity", Health.WARNING, "git does not know who you are: you can run pipelines, not commit", mend)
