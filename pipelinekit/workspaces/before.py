"""The workspace as it was before a step, so that the step can be taken again without seeing its own half-done work."""

import os
import shutil
from pathlib import Path

from pipelinekit.workspaces.snapshot import copy_tree

MOST_BYTES = 500 << 20
MOST_FILES = 50_000
_NAME = "step.txt"

Look = dict[str, tuple[int, int, int]]


class Before:
    """Keeps one copy, of the last step that asked for it. workspace: what is copied. folder: where the copy lies.

    A workspace of over 500 MiB or 50,000 files is not copied: making it would cost more than the step.
    """

    def __init__(self, workspace: Path, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder
        self._seen: Look | None = None

    def keep(self, step: str) -> None:
        """Copy the workspace, unless nothing in it has changed since the last time."""
        look = _look(self._workspace)
        if look is None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._seen = None
            return
        if look != self._seen:
            shutil.rmtree(self._folder, ignore_errors=True)
            (self._folder / "files").mkdir(parents=True)
            copy_tree(self._workspace, self._folder / "files")
            self._seen = look
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / _NAME).write_text(step, encoding="utf-8")

    def restore(self, step: str) -> bool:
        """Make the workspace what it was before this step. False where no copy of that moment is kept."""
        try:
            if (self._folder / _NAME).read_text(encoding="utf-8") != step:
                return False
        except FileNotFoundError:
            return False
        for entry in self._workspace.iterdir():  # the folder itself is mounted, and stays
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        if (self._folder / "files").exists():
            copy_tree(self._folder / "files", self._workspace)
        self._seen = None
        return True


def _look(folder: Path) -> Look | None:
    """Time, size and number of every file by its path; None where there is too much of it."""
    found: Look = {}
    size_bytes = 0
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                found[entry.path] = (about.st_mtime_ns, about.st_size, about.st_ino)
                size_bytes += about.st_size
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
        if size_bytes > MOST_BYTES or len(found) > MOST_FILES:
            return None
    return found
