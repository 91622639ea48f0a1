"""What lies between two commits of a repository: the commits, and the files that they changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.workspaces.git import Git, GitFailed

_COMMIT = re.compile(r"[0-9a-f]{7,64}")  # a recorded name may come from anywhere, and must not read as an option


@dataclass(frozen=True, slots=True)
class Commit:
    """One of those that came between. author: a name. subject: the first line of its message."""
    commit: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Between:
    """commits: oldest first, the second one's last. files: changed from the first to the second, in git's order."""

    commits: tuple[Commit, ...]
    files: tuple[str, ...]


def between(top: Path, first: str, second: str, environment: Mapping[str, str] | None = None) -> Between | None:
    """From commit `first` to `second`; None where `top` is no repository, or one that does not have both.

    environment: what git finds (PATH, HOME). Nothing is written. Raises SurroundingsMissing where there is no git.
    """
    if not (top / ".git").exists() or not (_COMMIT.fullmatch(first) and _COMMIT.fullmatch(second)):
        return None
    git = Git(top, environment)
    try:
        log = git.output("log", "-z", "--reverse", "--format=%H%x00%an%x00%s", f"{first}..{second}", "--")
        files = git.output("diff", "--name-only", "--no-renames", "-z", first, second, "--")
    except GitFailed:
        return None
    fields = _fields(log)
    commits = (Commit(*fields[at : at + 3]) for at in range(0, len(fields), 3))
    return Between(tuple(commits), tuple(_fields(files)))


def _fields(output: bytes) -> list[str]:
    text = output.decode("utf-8", "replace").removesuffix("\0")
    return text.split("\0") if text else []
