"""Files kept under the hash of what is in them: caches, artifacts and reports of all runs of a repository."""

import errno
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_CHUNK_BYTES = 1 << 20


class BlobStore:
    """Content-addressed files below `root`; a digest is `sha256:` and 64 hex digits.

    A blob is written under a temporary name and moved into place, so that another process sees a whole one or none.
    Every method that takes a digest raises ValueError where it is none. A full disk raises OSError, and nothing is left
    behind.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put_bytes(self, content: bytes) -> str:
        """Keep the content, and return its digest."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if not self._has(digest, len(content)):
            temporary = self.new_file()
            try:
                temporary.write_bytes(content)
                self._settle(temporary, digest)
            finally:
                temporary.unlink(missing_ok=True)
        return digest

    def put_file(self, path: Path, move: bool = False) -> str:
        """Keep the file's content, and return its digest. move: the file itself is taken, and is gone afterwards."""
        if move and (digest := self._taken(path)):
            return digest
        temporary = self.new_file()
        try:
            with path.open("rb") as source, temporary.open("wb") as target:
                digest = _hashed(source, target)
            if not self._has(digest, temporary.stat().st_size):
                self._settle(temporary, digest)
        finally:
            temporary.unlink(missing_ok=True)
        if move:
            path.unlink()
        return digest

    def path(self, digest: str) -> Path:
        """Where the blob is, or would be."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f'"{digest}" is no digest: "sha256:" and 64 hex digits are expected')
        name = digest.removeprefix("sha256:")
        return self.root / "sha256" / name[:2] / name

    def size_bytes(self, digest: str) -> int:
        """Raises FileNotFoundError where there is no such blob."""
        return self.path(digest).stat().st_size

    def read(self, digest: str) -> bytes:
        """The whole content. Raises FileNotFoundError where there is no such blob."""
        return self.path(digest).read_bytes()

    def verify(self, digest: str) -> bool:
        """Whether the blob is there and its content is what its name says: one that is truncated or changed is not."""
        try:
            with self.path(digest).open("rb") as source:
                return _hashed(source, None) == digest
        except FileNotFoundError:
            return False

    def remove(self, digest: str) -> None:
        """Forget the blob; one that is not there is fine."""
        self.path(digest).unlink(missing_ok=True)

    def _taken(self, path: Path) -> str:
        """Move the file itself in, and return its digest; '' where it lies on another file system."""
        with path.open("rb") as source:
            digest = _hashed(source, None)
        if self._has(digest, path.stat().st_size):
            path.unlink()
            return digest
        try:
            self._settle(path, digest)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            return ""
        return digest

    def _has(self, digest: str, size_bytes: int) -> bool:
        """Whether it is there with the size that it must have: a truncated one is written anew."""
        try:
            return self.size_bytes(digest) == size_bytes
        except FileNotFoundError:
            return False

    def new_file(self) -> Path:
        """An empty file on the store's own disk, to be filled and put with `move`. Whoever asks for it removes it."""
        folder = self.root / "new"
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        os.close(handle)
        return Path(name)

    def _settle(self, temporary: Path, digest: str) -> None:
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)


def _hashed(source: BinaryIO, target: BinaryIO | None) -> str:
    hash_ = hashlib.sha256()
    while chunk := source.read(_CHUNK_BYTES):
        hash_.update(chunk)
        if target is not None:
            target.write(chunk)
    return f"sha256:{hash_.hexdigest()}"
