"""The repository as it was when the run began, from which every leg gets a copy of its own."""

import errno
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.workspaces.git import OTHERS, Git
from pipelinekit.workspaces.repository import STORE

# What copy_file_range answers where it can't do it between these two files: then the bytes go through this process.
_CANNOT = frozenset({errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM, errno.EBADF})
# Of a `.git`: the objects are copied last; what other workspaces and submodules have is copied where they are copied.
_NOT_COPIED = frozenset({"objects", "worktrees", "modules", "index.lock", "HEAD.lock", "config.lock"})


class Snapshot:
    """A copy of the files of `top`, made in `folder` when the first leg asks for it, and the same for all that ask
    later.

    Tracked files with their changes, untracked files that are not ignored (`git.OTHERS`), and `.git`; outside git everything
    but the store. Files are cloned where the file system can (btrfs, xfs), else copied, never hard-linked. Kept: modes, times
    of change, symbolic links as they are. environment: what git finds (PATH, HOME).
    """

    def __init__(self, top: Path, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.top = top
        self.folder = folder
        self._environment = environment
        self._lock = threading.Lock()

    @property
    def files_folder(self) -> Path:
        """Where the copy is, once a leg has asked for it."""
        return self.folder / "files"

    def lay(self, into: Path) -> None:
        """Fill `into`, which is empty or not there yet.

        Raises FileExistsError where something is in it, SurroundingsMissing where a file can't be copied (the disk is
        full, it may not be read) or git fails.
        """
        into.mkdir(parents=True, exist_ok=True)
        if any(into.iterdir()):
            raise FileExistsError(errno.EEXIST, "a workspace must be empty to lay the repository into it", str(into))
        try:
            copy_tree(self._files(), into)
        except OSError as error:
            raise _cannot_copy(self.top, error) from error

    def _files(self) -> Path:
        with self._lock:
            files = self.files_folder
            if not files.exists():
                part = self.folder / "part"
                shutil.rmtree(part, ignore_errors=True)  # of a process that was killed
                part.mkdir(parents=True)
                if (self.top / ".git").exists():
                    self._copy_repository(self.top, part)
                else:
                    copy_tree(self.top, part, leave=frozenset({STORE}), around=self.folder)
                part.rename(files)
            return files

    def _copy_repository(self, top: Path, target: Path) -> None:
        """Copy one repository; the submodules in it, and other repositories that lie in it, in the same way."""
        listed = Git(top, self._environment).output("ls-files", "-z", "--cached", *OTHERS)
        for name in dict.fromkeys(os.fsdecode(listed).split("\0")):  # one that is in conflict is listed three times
            path = name.rstrip("/")
            if not path or path.split("/", 1)[0] == STORE:
                continue
            source, copy = top / path, target / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not source.is_dir() or source.is_symlink():
                copy_file(str(source), str(copy))
                continue
            copy.mkdir()
            if (source / ".git").exists():
                self._copy_repository(source, copy)
        self._copy_git(top, target)

    def _copy_git(self, top: Path, target: Path) -> None:
        """Copy what git knows. Where `.git` is a file (submodule, worktree) the copy's is a folder, and needs no other."""
        git, copy = top / ".git", target / ".git"
        if git.is_dir():
            _copy_git_folder(git, copy)
            return
        own = (top / git.read_text(encoding="utf-8").strip().removeprefix("gitdir: ")).resolve()
        common = own
        if (own / "commondir").exists():
            common = (own / (own / "commondir").read_text(encoding="utf-8").strip()).resolve()
        _copy_git_folder(common, copy)
        if common != own:
            for name in ("HEAD", "index", "ORIG_HEAD", "config.worktree"):
                (copy / name).unlink(missing_ok=True)
                copy_file(str(own / name), str(copy / name))
        settings = ("config", "--file", str((copy / "config").resolve()), "--replace-all")
        for name, value in (("core.bare", "false"), ("core.worktree", "..")):
            Git(self.top, self._environment).output(*settings, name, value)


def copy_tree(source: Path, target: Path, leave: frozenset[str] = frozenset(), around: Path | None = None) -> None:
    """Copy all that is in a folder into another, which is there. leave: names at its top. around: a folder below that
    is left.

    What vanishes meanwhile is passed over, and so are sockets and pipes. Raises OSError.
    """
    for entry in _entries(source):
        if entry.name in leave or (around is not None and Path(entry.path) == around):
            continue
        copy = target / entry.name
        if entry.is_dir(follow_symlinks=False):
            copy.mkdir(exist_ok=True)
            copy_tree(Path(entry.path), copy, around=around)
            shutil.copymode(entry.path, copy)  # afterwards: nothing could be made in a folder that is read-only
        elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
            copy_file(entry.path, str(copy))


def copy_file(source: str, target: str) -> None:
    """Copy a file or a symbolic link with its mode and times; one that has vanished is passed over. Raises OSError."""
    try:
        read = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        os.symlink(os.readlink(source), target)  # noqa: PTH115, PTH211 - plain strings: this runs for every file
        return
    try:
        status = os.fstat(read)
        write = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _copy_content(read, write, status.st_size)
            os.fchmod(write, status.st_mode & 0o7777)
            os.utime(write, ns=(status.st_atime_ns, status.st_mtime_ns))
        finally:
            os.close(write)
    finally:
        os.close(read)


def _copy_content(read: int, write: int, size_bytes: int) -> None:
    try:
        while size_bytes > 0 and (copied := os.copy_file_range(read, write, size_bytes)):
            size_bytes -= copied
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    # Whatever is left: all of it where the call can't be used, else what was written meanwhile.
    while chunk := os.read(read, 1 << 20):
        os.write(write, chunk)


def _copy_git_folder(source: Path, target: Path) -> None:
    """Copy a `.git`: the objects last, so that no ref names one that came too late to be copied."""
    target.mkdir()
    copy_tree(source, target, leave=_NOT_COPIED)
    (target / "objects").mkdir()
    _copy_objects(source / "objects", target / "objects")


def _copy_objects(source: Path, target: Path) -> None:
    """Copy objects, and those that are borrowed from other repositories, which a container would not see."""
    borrowed = source / "info" / "alternates"
    if borrowed.exists():
        for line in borrowed.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                _copy_objects((source / line).resolve(), target)
    for entry in _entries(source):
        copy = target / entry.name
        if entry.is_dir():
            copy.mkdir(exist_ok=True)
            for file in _entries(Path(entry.path)):
                if file.name != "alternates" and file.is_file() and not (copy / file.name).exists():
                    copy_file(file.path, str(copy / file.name))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from list(entries)
    except FileNotFoundError:
        return


def _cannot_copy(top: Path, error: OSError) -> SurroundingsMissing:
    details = [f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)]
    if error.errno == errno.ENOSPC:
        details.append("make room on the disk, or put the store on another one with --store")
    return SurroundingsMissing(f"the repository at {top} can't be copied into a workspace", *details)
