"""Small git repositories that tests run things in."""

import os
import subprocess
from pathlib import Path
from textwrap import dedent

IDENTITY = {
    "GIT_AUTHOR_NAME": "Mira", "GIT_AUTHOR_EMAIL": "mira@example.org", "GIT_COMMITTER_NAME": "Mira",
    "GIT_COMMITTER_EMAIL": "mira@example.org", "GIT_CONFIG_GLOBAL": os.devnull,
}


def repository(folder: Path, workflow: str, **files: str) -> Path:
    """A repository with one commit on main: the workflow as ci.yml, and other files by name (`a__b` is a folder's). Its top."""
    write(folder, ".github/workflows/ci.yml", dedent(workflow).lstrip("\n"))
    for name, text in files.items():
        write(folder, name.replace("__", "/"), dedent(text))
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "First")
    return folder


def write(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)


def git(folder: Path, *words: str) -> str:
    """What git says."""
    environment = {**os.environ, **IDENTITY}
    return subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout
