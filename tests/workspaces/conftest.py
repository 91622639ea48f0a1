"""Small repositories to look at and to copy."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "file",
}

RunGit = Callable[..., str]


@pytest.fixture
def git() -> RunGit:
    """Run git in a folder, and return what it writes."""

    def run(top: Path, *words: str) -> str:
        command = ["git", "-c", "init.defaultBranch=main", "-c", "safe.directory=*", *words]
        return subprocess.run(command, cwd=top, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.fixture
def repository(tmp_path: Path, git: RunGit) -> Path:
    """Two commits on main: app.py, then bin/run with docs/guide.md; `*.log` is ignored."""
    top = tmp_path / "shop"
    top.mkdir()
    git(top, "init", "--quiet")
    (top / "app.py").write_text("print('shop')\n")
    (top / ".gitignore").write_text("*.log\n")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "First light")
    (top / "bin").mkdir()
    (top / "bin" / "run").write_text("#!/bin/sh\n")
    (top / "bin" / "run").chmod(0o755)
    (top / "docs").mkdir()
    (top / "docs" / "guide.md").write_text("# Guide\n")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "Add a way to run it")
    return top


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder with what is in it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
