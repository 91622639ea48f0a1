"""The keys under which caches are found, as GitHub finds them: by scope, by key, by the beginnings of keys."""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelinekit.caches.blobs import BlobStore

LIMIT_BYTES = 10 * 1024**3  # what GitHub gives a repository
_LONGEST_KEY = 512
_MOST_KEYS = 10
# What the archive is made with, and the format's version: part of GitHub's cache version, too. Not compressed: what is
# cached is mostly compressed as it is, and nothing travels.
_ARCHIVE = ("tar", "1.0")


@dataclass(frozen=True, slots=True)
class Entry:
    """One saved cache. scope: the ref that saved it. created_at: seconds since 1970, UTC."""

    key: str
    version: str
    scope: str
    digest: str
    size_bytes: int
    created_at: float


class KeyInvalid(Exception):
    """A key that GitHub would refuse, in GitHub's words."""


def version_of(paths: Sequence[str]) -> str:
    """The version of a cache of these paths, as written: another list of paths is another cache.

    Source: `getCacheVersion` of @actions/cache.
    """
    return hashlib.sha256("|".join((*paths, *_ARCHIVE)).encode()).hexdigest()


def check_keys(keys: Sequence[str]) -> None:
    """Raises KeyInvalid for more than 10 keys, one of more than 512 characters, or one with a comma."""
    if len(keys) > _MOST_KEYS:
        raise KeyInvalid(f"Key Validation Error: Keys are limited to a maximum of {_MOST_KEYS}.")
    for key in keys:
        if len(key) > _LONGEST_KEY:
            raise KeyInvalid(f"Key Validation Error: {key} cannot be larger than {_LONGEST_KEY} characters.")
        if "," in key:
            raise KeyInvalid(f"Key Validation Error: {key} cannot contain commas.")


class CacheKeys:
    """The entries below `root`, one small file each, whose archives are in `blobs`.

    Several processes may use one root at once. An entry's file is touched when it is found, so that the one longest
    unused goes first when all together pass `limit_bytes`.
    """

    def __init__(
        self, root: Path, blobs: BlobStore, limit_bytes: int = LIMIT_BYTES, clock: Callable[[], float] = time.time
    ) -> None:
        self.root = root
        self.blobs = blobs
        self.limit_bytes = limit_bytes
        self.clock = clock

    def find(self, key: str, restore_keys: Sequence[str], paths: Sequence[str], scopes: Sequence[str]) -> Entry | None:
        """The entry that GitHub would restore, or None.

        Scope after scope: the key itself, then entries that begin with the key, then with each restore key in turn, of
        several the newest. An entry whose blob is missing still counts: whoever restores it verifies it. Raises
        KeyInvalid.
        """
        check_keys([key, *restore_keys])
        version = version_of(paths)
        for scope in scopes:
            entries = sorted(self._entries(scope, version), key=lambda e: (e.created_at, e.key), reverse=True)
            exact = [e for e in entries if e.key == key]
            partial = [e for beginning in (key, *restore_keys) for e in entries if e.key.startswith(beginning)]
            for entry in (exact + partial)[:1]:
                self._touch(entry)
                return entry
        return None

    def save(self, key: str, paths: Sequence[str], scope: str, digest: str, size_bytes: int) -> bool:
        """Keep the blob under the key; False where the scope has that key already, for entries never change.

        Entries that are longest unused go, with their blobs, until all fit into the limit. Raises KeyInvalid.
        """
        check_keys([key])
        entry = Entry(key, version_of(paths), scope, digest, size_bytes, self.clock())
        with self._lock():
            if any(other.key == key for other in self._entries(scope, entry.version)):
                return False
            file = self._file(entry)
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(".new")
            temporary.write_text(json.dumps(asdict(entry)), encoding="utf-8")
            temporary.replace(file)
            self._touch(entry)
            self._make_room(entry)
        return True

    def forget(self, entry: Entry) -> None:
        """Drop an entry whose blob is broken, so that the key can be saved again."""
        with self._lock():
            self._drop(entry, [other for _, other in self._all() if other != entry])

    def size_bytes(self) -> int:
        """What all entries together take."""
        return sum(entry.size_bytes for _, entry in self._all())

    def _make_room(self, newest: Entry) -> None:
        kept = self._all()
        size_bytes = sum(entry.size_bytes for _, entry in kept)
        others = sorted((pair for pair in kept if pair[1] != newest), key=lambda pair: (pair[0], pair[1].key))
        while size_bytes > self.limit_bytes and others:
            _, oldest = others.pop(0)
            self._drop(oldest, [*(entry for _, entry in others), newest])
            size_bytes -= oldest.size_bytes

    def _drop(self, entry: Entry, others: Sequence[Entry]) -> None:
        self._file(entry).unlink(missing_ok=True)
        if not any(other.digest == entry.digest for other in others):
            self.blobs.remove(entry.digest)

    def _all(self) -> list[tuple[int, Entry]]:
        """Every entry with the time of its last use, in nanoseconds."""
        return [pair for folder in self.root.glob("*") if folder.is_dir() for pair in _read(folder)]

    def _entries(self, scope: str, version: str) -> list[Entry]:
        return [e for _, e in _read(self._folder(scope, version)) if (e.scope, e.version) == (scope, version)]

    def _folder(self, scope: str, version: str) -> Path:
        return self.root / hashlib.sha256(f"{scope}\n{version}".encode()).hexdigest()[:32]

    def _file(self, entry: Entry) -> Path:
        return self._folder(entry.scope, entry.version) / f"{hashlib.sha256(entry.key.encode()).hexdigest()[:32]}.json"

    def _touch(self, entry: Entry) -> None:
        used_ns = int(self.clock() * 1e9)
        try:
            os.utime(self._file(entry), ns=(used_ns, used_ns))
        except FileNotFoundError:  # another process made room
            return

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _read(folder: Path) -> list[tuple[int, Entry]]:
    """The entries of one folder. A file that can't be read as one is passed over: cut short, or of another version."""
    found = []
    for file in folder.glob("*.json"):
        try:
            used_ns = file.stat().st_mtime_ns
            found.append((used_ns, Entry(**json.loads(file.read_text(encoding="utf-8")))))
        except (FileNotFoundError, ValueError, TypeError):  # files come and go while we look
            continue
    return found
