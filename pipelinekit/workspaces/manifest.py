"""Which files a job can see, each with a hash of its content: tracked ones with their changes, and untracked ones."""

import hashlib
import os
import stat
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipelinekit.workspaces.git import OTHERS, Git
from pipelinekit.workspaces.repository import STORE

Files = Mapping[str, str]  # path from the repository's top to mode and hash

_FOLDER = "160000"  # a submodule: git knows its commit alone
_UNREADABLE = "000000"
_CHUNK_BYTES = 1 << 20


class Manifest:
    """The files of the repository at `top`, looked at once, when first asked. environment: what git finds (PATH, HOME).

    The same as a `Snapshot` of it copies.
    """

    def __init__(self, top: Path, environment: Mapping[str, str]) -> None:
        self.top = top
        self._environment = environment
        self._lock = threading.Lock()
        self._files: Files | None = None
        self._looked_at = 0.0
        self._refs: str | None = None
        self._unchanged: bool | None = None

    def files(self) -> Files:
        """Every file. Raises SurroundingsMissing where git can't read the repository."""
        with self._lock:
            if self._files is None:
                self._looked_at = time.time()
                self._files = _files(self.top, self._environment)
            return self._files

    def refs(self) -> str:
        """A hash of all branches and tags, '' outside git: what a job that asks git for its history can see."""
        with self._lock:
            if self._refs is None:
                told = Git(self.top, self._environment).output("for-each-ref") if (self.top / ".git").exists() else b""
                self._refs = hashlib.sha256(told).hexdigest() if told else ""
            return self._refs

    def is_of(self, snapshot: Path) -> bool:
        """Whether the copy in this folder, made a little later, is of the same files: nobody edited one in between.

        A copy keeps the times of change, so that an edit shows.
        """
        there = self.files()
        with self._lock:
            if self._unchanged is None:
                copied = {path.relative_to(snapshot).as_posix(): path for path in _walk(snapshot)}
                times = (path.stat().st_mtime for path in copied.values() if not path.is_symlink())  # a link's is the copy's
                self._unchanged = copied.keys() == there.keys() and max(times, default=0.0) <= self._looked_at
            return self._unchanged


def content_hash(files: Files) -> str:
    """One hash of them all."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{files[path]}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _files(top: Path, environment: Mapping[str, str]) -> dict[str, str]:
    if not (top / ".git").exists():
        return _hashed(top, (path.relative_to(top).as_posix() for path in _walk(top)), environment)
    git = Git(top, environment)
    # Both at once: each takes some milliseconds.
    others = git.start("ls-files", "-z", *OTHERS)
    try:
        changed = _names(git.output("diff-files", "-z", "--name-only"))
        staged = git.output("ls-files", "-z", "--stage")
    finally:
        untracked = _names(others.communicate()[0])
    found = {}
    for entry in staged.split(b"\0"):
        about, _, name = entry.partition(b"\t")
        if about:
            mode, digest, _ = about.decode().split(" ")
            found[os.fsdecode(name)] = f"{mode} {digest}"
    modules = [path for path, about in found.items() if about.startswith(_FOLDER)]
    for path in (*changed, *modules):
        found.pop(path, None)
    others_too = [path for path in (*changed, *untracked, *modules) if path.split("/", 1)[0] != STORE]
    return found | _hashed(top, others_too, environment)


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _hashed(top: Path, names: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """By path; of a folder that is a repository of its own (a submodule, or one that lies in this one) the files in it."""
    found: dict[str, str] = {}
    for name in names:
        path = top / name
        if path.is_dir() and not path.is_symlink():
            inner = _files(path, environment) if (path / ".git").exists() else {}
            found |= {f"{name.rstrip('/')}/{within}": about for within, about in inner.items()}
            continue
        try:
            found[name] = file_hash(path)
        except FileNotFoundError:  # deleted, and git knows it still
            continue
        except OSError:  # who copies it says why
            found[name] = _UNREADABLE
    return found


def file_hash(path: Path) -> str:
    """Of one file, as git has it: mode, and the hash of a blob. Raises OSError."""
    status = path.lstat()
    digest = hashlib.sha1(b"blob %d\0" % status.st_size, usedforsecurity=False)
    if stat.S_ISLNK(status.st_mode):
        digest.update(os.fsencode(path.readlink()))
        return f"120000 {digest.hexdigest()}"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return f"{'100755' if status.st_mode & 0o100 else '100644'} {digest.hexdigest()}"


def _walk(top: Path) -> Iterable[Path]:
    """All files below a folder but those of git and of the store."""
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name not in (".git", STORE)]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in (*names, *links):
            if name != ".git" and (Path(folder, name).is_file() or Path(folder, name).is_symlink()):
                yield Path(folder, name)
