"""Legs that ended well, kept under the hash of all that they read: a leg that would come out the same need not run."""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipelinekit.caches.blobs import BlobStore

LIMIT_BYTES = 10 * 1024**3  # as for caches


@dataclass(frozen=True, slots=True)
class KeptLeg:
    """What one leg came to, and what it had read.

    subject: which leg of which workflow it is. parts: what it read, a name that people know ("image", "vars.REGION") to a hash.
    files: digest of the list of the files that it could see, '' where it saw none. run_id: of the run that ran it. events:
    digest of what happened, in lines. blobs: digests of what it left behind. seconds: how long it took. created_at: seconds
    since 1970, UTC.
    """

    subject: str
    parts: Mapping[str, str]
    files: str
    run_id: str
    events: str
    blobs: tuple[str, ...]
    seconds: float
    size_bytes: int
    created_at: float
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Equal ones come out the same."""
        return key_of(self.parts)

    def digests(self) -> list[str]:
        """All that must be there for the leg to be restored; the list of files is not."""
        return [self.events, *self.blobs]


def key_of(parts: Mapping[str, str]) -> str:
    """The SHA-256, in hex, of all that a leg read."""
    return hashlib.sha256(json.dumps(sorted(parts.items())).encode()).hexdigest()


class LegStore:
    """The legs below `root`, a small file each, whose content is in `blobs`.

    Several processes may use one root at once: a file is moved into place, and what changes the store holds its lock. A leg's
    file is touched when it is found, so that the one longest unused goes first when all together pass `limit_bytes`.
    """

    def __init__(
        self, root: Path, blobs: BlobStore, limit_bytes: int = LIMIT_BYTES, clock: Callable[[], float] = time.time
    ) -> None:
        self.root = root
        self.blobs = blobs
        self.limit_bytes = limit_bytes
        self.clock = clock

    def find(self, subject: str, key: str) -> KeptLeg | None:
        """The leg of this key, or None. Whether its blobs are whole is for the one who restores it to see."""
        file = self._file(subject, key)
        leg = _read(file)
        if leg is not None:
            self._touch(file)
        return leg

    def newest(self, subject: str) -> KeptLeg | None:
        """What this leg came to last, whatever it had read then."""
        found = [leg for file in self._folder(subject).glob("*.json") if (leg := _read(file)) is not None]
        return max(found, key=lambda leg: (leg.created_at, leg.key), default=None)

    def save(self, leg: KeptLeg) -> None:
        """Keep the leg, in the place of one of the same key: of two that are kept at once the last one stays, whole.

        Legs that are longest unused go, with what only they left behind, until all fit into the limit.
        """
        file = self._file(leg.subject, leg.key)
        with self._lock():
            before = _read(file)
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(".new")
            temporary.write_text(json.dumps(asdict(leg)), encoding="utf-8")
            temporary.replace(file)
            self._touch(file)
            if before is not None and before.events != leg.events:
                self.blobs.remove(before.events)
            self._make_room(file)

    def forget(self, leg: KeptLeg) -> None:
        """Drop a leg whose blobs are broken, so that it can be kept again; the broken ones go too.

        One that another process has kept in its place since stays.
        """
        with self._lock():
            file = self._file(leg.subject, leg.key)
            if _read(file) == leg:
                file.unlink(missing_ok=True)
            for digest in leg.digests():
                if not self.blobs.verify(digest):
                    self.blobs.remove(digest)

    def _make_room(self, newest: Path) -> None:
        kept = sorted(((file.stat().st_mtime_ns, file.name, file) for file in self._files()), key=lambda found: found[:2])
        legs = {file: leg for _, _, file in kept if (leg := _read(file)) is not None}
        size_bytes = sum(leg.size_bytes for leg in legs.values())
        for file, leg in list(legs.items()):
            if size_bytes <= self.limit_bytes:
                return
            if file == newest:
                continue
            del legs[file]
            file.unlink(missing_ok=True)
            still = {digest for other in legs.values() for digest in (*other.digests(), other.files)}
            for digest in {*leg.digests(), leg.files} - still - {""}:
                self.blobs.remove(digest)
            size_bytes -= leg.size_bytes

    def _files(self) -> list[Path]:
        return list(self.root.glob("*/*.json"))

    def _folder(self, subject: str) -> Path:
        return self.root / hashlib.sha256(subject.encode()).hexdigest()[:32]

    def _file(self, subject: str, key: str) -> Path:
        return self._folder(subject) / f"{key}.json"

    def _touch(self, file: Path) -> None:
        used_ns = int(self.clock() * 1e9)
        try:
            os.utime(file, ns=(used_ns, used_ns))
        except FileNotFoundError:  # another process made room
            return

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _read(file: Path) -> KeptLeg | None:
    """None for a file that is not there, or can't be read as a leg: cut short, or of another version."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return KeptLeg(**{**told, "blobs": tuple(told["blobs"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
