"""Lays a sample out as a git repository, commit after commit, as its team made them."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid

FOLDER = Path(__file__).parent
HISTORY = "commits.toml"

# A hook of git exports where its own repository is; what a sample does must never end up there.
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")
# Neither the signing key, the hooks nor the line ends of the person at the keyboard belong into a sample.
_OWN_WAYS = ("commit.gpgSign=false", "core.hooksPath=", "core.autocrlf=false", "core.excludesFile=", "init.templateDir=")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a sample's history. folder: files that it adds or replaces. hash: '' until it is laid.

    outcome: how its run is meant to end.
    """

    folder: Path
    author: str
    date: datetime
    message: str
    outcome: Outcome = Outcome.SUCCESS
    hash: str = ""

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


def samples() -> tuple[str, ...]:
    """The names of all samples, in alphabetical order; those of lessons begin with `lessons/`."""
    found = (*FOLDER.glob(f"*/{HISTORY}"), *FOLDER.glob(f"lessons/*/{HISTORY}"))
    return tuple(sorted(file.parent.relative_to(FOLDER).as_posix() for file in found))


def history(sample: str) -> tuple[Commit, ...]:
    """The commits of a sample, oldest first. Raises WorkflowInvalid for an unknown name."""
    if sample not in samples():
        hint = f"samples here: {', '.join(samples())}"
        raise WorkflowInvalid(Problem("sample", f'no sample is called "{sample}"', hint=hint))
    folder = FOLDER / sample
    written = tomllib.loads((folder / HISTORY).read_text(encoding="utf-8"))
    return tuple(
        Commit(
            folder / row["folder"], row["author"], row["date"], row["message"].strip() + "\n",
            Outcome(row.get("outcome", Outcome.SUCCESS)),
        )
        for row in written["commit"]
    )  # fmt: skip


def lay(sample: str, folder: Path) -> Iterator[Commit]:
    """Make a git repository of the sample in `folder`, one commit each time the next is asked for.

    folder: made where it is not there; must not hold a repository yet. Names, times and files are fixed, and so are the
    hashes. Raises SurroundingsMissing where git is not to be had or fails.
    """
    commits = history(sample)
    folder.mkdir(parents=True, exist_ok=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for commit in commits:
        shutil.copytree(commit.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        _git(folder, "add", "--all")
        _commit(folder, commit)
        yield replace(commit, hash=_git(folder, "rev-parse", "HEAD").strip())


def lay_all(sample: str, folder: Path) -> Commit:
    """Lay the whole history out; the last commit."""
    *_, last = lay(sample, folder)
    return last


def _commit(folder: Path, commit: Commit) -> None:
    name, _, address = commit.author.removesuffix(">").partition(" <")
    date = commit.date.isoformat()
    variables = (
        f"GIT_AUTHOR_NAME={name}", f"GIT_AUTHOR_EMAIL={address}", f"GIT_AUTHOR_DATE={date}",
        f"GIT_COMMITTER_NAME={name}", f"GIT_COMMITTER_EMAIL={address}", f"GIT_COMMITTER_DATE={date}",
    )  # fmt: skip
    _git(folder, "commit", "--quiet", "--message", commit.message, variables=variables)


def _git(folder: Path, *words: str, variables: tuple[str, ...] = ()) -> str:
    unset = [word for name in _ELSEWHERE for word in ("--unset", name)]
    settings = [word for setting in _OWN_WAYS for word in ("-c", setting)]
    command = ["env", *unset, *variables, "git", *settings, *words]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise SurroundingsMissing("cannot lay the sample out: env or git is not installed", "apt-get install git") from missing
    if done.returncode:
        raise SurroundingsMissing(f"git {words[0]} failed in {folder}", *done.stderr.strip().splitlines())
    return done.stdout
