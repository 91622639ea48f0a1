"""Folders of this machine that a container sees under other names, and where it is safe to go through them."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath


class Mounts:
    """folders: path in the container to folder on this machine."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.paths = tuple(folders)
        self.folders = tuple(folder.resolve() for folder in folders.values())

    def outside(self, path: str) -> Path | None:
        """The file as this machine sees it.

        None where it lies below no mount, or where a link leads out of it: a step could have made that link, and what it
        points at is the container's file, not this machine's.
        """
        wanted = PurePosixPath(path)
        for above, folder in zip(self.paths, self.folders, strict=True):
            if wanted.is_relative_to(above):
                file = folder / wanted.relative_to(above)
                return file if file.resolve().is_relative_to(folder) else None
        return None
