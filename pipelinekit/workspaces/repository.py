"""What is known about a repository before anything runs: commit, branch, tree with uncommitted changes, origin."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.workspaces.git import Git, GitFailed

STORE = ".pipelinekit"
_REMOTE = re.compile(r"(?!file:)(?:[a-z+]+://[^/]+/|[^/:]+:/?)(?:.*/)?(?P<owner>[^/:]+)/(?P<name>[^/]+?)(?:\.git)?/?")
_STATUS = ("status", "--porcelain=v2", "--branch", "--untracked-files=all", "--no-renames", "-z")
_LOG_FORMAT = "--format=%H%x00%P%x00%T%x00%an%x00%s"
_LOG = ("log", "-1", "-m", "--first-parent", "--no-renames", "--name-only", "-z", _LOG_FORMAT)
_REMOTES = ("config", "-z", "--get-regexp", r"^remote\..*\.url$")
_REFS = (
    "for-each-ref",
    "--format=%(refname) %(symref)",
    "refs/heads/main",
    "refs/heads/master",
    "refs/remotes/origin/HEAD",
)


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """The repository at one moment.

    commit, parent: full hashes, '' where there is none. ref: `refs/heads/main`, `refs/tags/v1`, or `HEAD` where no
    branch or tag is at the commit. branch: '' unless ref is one. tree: hash of the files as they are, uncommitted
    changes included. author: of the commit. repository: `owner/name` of the remote, else `local/<folder>`.
    changed_files: from the parent to the commit, None where there is no commit. uncommitted_files: what makes it dirty,
    untracked files among them.
    """

    commit: str = ""
    parent: str = ""
    ref: str = "refs/heads/main"
    branch: str = ""
    tree: str = ""
    dirty: bool = False
    subject: str = ""
    author: str = ""
    repository: str = ""
    default_branch: str = "main"
    changed_files: tuple[str, ...] | None = None
    uncommitted_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Commit:
    commit: str = ""
    parent: str = ""
    tree: str = ""
    author: str = ""
    subject: str = ""
    changed_files: tuple[str, ...] | None = None


def repository_top(directory: Path) -> Path:
    """The folder that holds the repository which `directory` is in.

    Outside git: the nearest folder above that has workflows or a store, else the directory itself. No process is
    started.
    """
    start = directory.resolve()
    for marks in ((".git",), (".github/workflows", STORE)):
        for folder in (start, *start.parents):
            if any((folder / mark).exists() for mark in marks):
                return folder
    return start


def facts(top: Path, environment: Mapping[str, str] | None = None) -> RepositoryFacts:
    """What git knows about the repository at `top`; nothing is written into it.

    environment: what git finds (PATH, HOME). Works in a repository without commits, and outside git, where the tree is
    a hash of all files but the store. Raises SurroundingsMissing where there is a repository but no git, or git can't
    read it.
    """
    local = f"local/{top.resolve().name}"
    if not (top / ".git").exists():
        return RepositoryFacts(tree=_plain_tree(top), repository=local)
    git = Git(top, environment)
    log, remotes, refs = (git.start(*words) for words in (_LOG, _REMOTES, _REFS))  # all at once, and beside `status`
    try:
        branch, uncommitted = _status(_text(git.output(*_STATUS)))
    finally:
        # `log` fails where there is no commit, `config` where there is no remote: then they write nothing.
        commit_text, remotes_text, refs_text = (_text(process.communicate()[0]) for process in (log, remotes, refs))
    commit = _commit(commit_text)
    ref = f"refs/heads/{branch}" if branch else _ref_at(git, commit.commit)
    return RepositoryFacts(
        commit=commit.commit,
        parent=commit.parent,
        ref=ref,
        branch=ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else "",
        tree=_tree_with_changes(git) if uncommitted else commit.tree,
        dirty=bool(uncommitted),
        subject=commit.subject,
        author=commit.author,
        repository=_repository(remotes_text) or local,
        default_branch=_default_branch(refs_text, branch),
        changed_files=commit.changed_files,
        uncommitted_files=uncommitted,
    )


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")


def _commit(output: str) -> _Commit:
    if not output:
        return _Commit()
    commit, parents, tree, author, subject, *files = output.split("\0")
    changed = tuple(name.removeprefix("\n") for name in files if name.strip("\n"))
    return _Commit(commit, parents.split(" ")[0], tree, author, subject, changed)


def _status(output: str) -> tuple[str, tuple[str, ...]]:
    """The branch, '' where HEAD is detached, and the paths that differ from HEAD."""
    branch, paths = "", []
    for line in filter(None, output.split("\0")):
        kind, _, rest = line.partition(" ")
        if line.startswith("# branch.head "):
            head = line.removeprefix("# branch.head ")
            branch = "" if head == "(detached)" else head
        elif kind in ("?", "1", "u"):  # the path comes after 0, 7 or 9 fields
            paths.append(rest.split(" ", {"?": 0, "1": 7, "u": 9}[kind])[-1])
    return branch, tuple(paths)


def _repository(remotes: str) -> str:
    """`owner/name` of origin, else of the first remote that has one; '' where none has."""
    urls = {key: url for key, _, url in (entry.partition("\n") for entry in remotes.split("\0"))}
    for url in (urls.get("remote.origin.url", ""), *urls.values()):
        if match := _REMOTE.fullmatch(url.strip()):
            return f"{match['owner']}/{match['name']}"
    return ""


def _ref_at(git: Git, commit: str) -> str:
    """A branch or a tag that is at the commit: of a detached HEAD the best that can be said."""
    if not commit:
        return "HEAD"
    at = ("for-each-ref", f"--points-at={commit}", "--format=%(refname)")
    for folder in ("refs/heads/", "refs/remotes/origin/", "refs/tags/"):
        names = _text(git.output(*at, folder)).split()
        for name in (name.removeprefix(folder) for name in names):
            if name != "HEAD":
                return f"refs/tags/{name}" if folder == "refs/tags/" else f"refs/heads/{name}"
    return "HEAD"


def _default_branch(refs: str, branch: str) -> str:
    known = dict(line.split(" ", 1) for line in refs.splitlines())
    if target := known.get("refs/remotes/origin/HEAD"):
        return target.removeprefix("refs/remotes/origin/")
    for name in ("main", "master"):
        if f"refs/heads/{name}" in known:
            return name
    return branch or "main"


def _tree_with_changes(git: Git) -> str:
    """The hash that a commit of everything would have, made with an index and an object folder of its own."""
    names = _text(git.output("rev-parse", "--git-path", "index", "--git-path", "objects")).splitlines()
    index, objects = (git.top / name for name in names)
    with tempfile.TemporaryDirectory(prefix="pipelinekit-") as folder:
        own = Path(folder)
        (own / "objects").mkdir()
        if index.exists():  # with it only what changed is hashed
            shutil.copyfile(index, own / "index")
        aside = {
            "GIT_INDEX_FILE": str(own / "index"),
            "GIT_OBJECT_DIRECTORY": str(own / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{objects.resolve()}"',
        }
        try:
            git.output("add", "--all", "--ignore-errors", environment=aside)
        except GitFailed as failed:
            if failed.exit_code != 1:  # 1: a file vanished or can't be read, and all others were added
                raise
        return _text(git.output("write-tree", environment=aside)).strip()


def _plain_tree(top: Path) -> str:
    """A hash of names, kinds and contents of all files below `top` but the store."""
    whole = hashlib.sha256()
    for path in _plain_files(top):
        try:
            content = b"link " + os.fsencode(path.readlink()) if path.is_symlink() else _digest(path)
        except OSError:  # it vanished or can't be read: no workspace will have it either
            continue
        whole.update(os.fsencode(path.relative_to(top)) + b"\0" + content)
    return whole.hexdigest()


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _plain_files(top: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name != STORE)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in sorted([*files, *links]):
            path = Path(folder) / name
            if path.is_symlink() or path.is_file():
                yield path
