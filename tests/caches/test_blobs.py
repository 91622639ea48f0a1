"""Blobs: what goes in comes out, and what is broken is found."""

import errno
import hashlib
import threading
from pathlib import Path

import pytest

from pipelinekit.caches.blobs import BlobStore

CONTENT = b"content of a blob\n"
DIGEST = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def files(blobs: BlobStore) -> list[Path]:
    return [path for path in blobs.root.rglob("*") if path.is_file()]


def test_bytes_are_found_under_their_sha256(blobs: BlobStore) -> None:
    assert blobs.put_bytes(CONTENT) == DIGEST
    assert blobs.path(DIGEST).read_bytes() == blobs.read(DIGEST) == CONTENT
    assert blobs.size_bytes(DIGEST) == len(CONTENT)
    assert blobs.verify(DIGEST)


@pytest.mark.parametrize("move", [False, True], ids=["copied", "moved"])
def test_a_file_is_found_under_its_sha256(blobs: BlobStore, tmp_path: Path, move: bool) -> None:
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    assert blobs.put_file(file, move=move) == DIGEST
    assert blobs.read(DIGEST) == CONTENT
    assert file.exists() is not move
    assert files(blobs) == [blobs.path(DIGEST)]


def test_the_same_content_is_kept_once(blobs: BlobStore, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    assert blobs.put_bytes(CONTENT) == blobs.put_file(file) == blobs.put_file(file, move=True)
    assert files(blobs) == [blobs.path(DIGEST)]
    assert not file.exists()


def test_a_file_on_another_file_system_is_copied_and_then_removed(
    blobs: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self == file:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    assert blobs.put_file(file, move=True) == DIGEST
    assert blobs.read(DIGEST) == CONTENT
    assert not file.exists()


@pytest.mark.parametrize("broken", [CONTENT[:-1], CONTENT.upper(), b""], ids=["truncated", "changed", "empty"])
def test_a_broken_blob_is_found_out(blobs: BlobStore, broken: bytes) -> None:
    blobs.put_bytes(CONTENT)
    blobs.path(DIGEST).write_bytes(broken)
    assert not blobs.verify(DIGEST)


def test_a_truncated_blob_is_written_anew(blobs: BlobStore) -> None:
    blobs.put_bytes(CONTENT)
    blobs.path(DIGEST).write_bytes(CONTENT[:4])
    blobs.put_bytes(CONTENT)
    assert blobs.verify(DIGEST)


def test_a_missing_blob_is_not_verified_and_can_be_removed(blobs: BlobStore) -> None:
    assert not blobs.verify(DIGEST)
    blobs.remove(DIGEST)
    with pytest.raises(FileNotFoundError):
        blobs.read(DIGEST)


@pytest.mark.parametrize("digest", ["", "sha256:", "md5:00", f"sha256:{'G' * 64}", f"sha256:../{'a' * 61}", DIGEST + "a"])
def test_what_is_no_digest_is_refused(blobs: BlobStore, digest: str) -> None:
    with pytest.raises(ValueError, match="is no digest"):
        blobs.path(digest)


def test_a_full_disk_leaves_nothing_behind(blobs: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(CONTENT)

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        blobs.put_bytes(CONTENT)
    with pytest.raises(OSError, match="No space left"):
        blobs.put_file(file)
    with pytest.raises(OSError, match="No space left"):
        blobs.put_file(file, move=True)
    assert files(blobs) == []
    assert file.read_bytes() == CONTENT


def test_many_threads_put_the_same_content(blobs: BlobStore) -> None:
    content = b"x" * 300_000
    threads = [threading.Thread(target=blobs.put_bytes, args=(content,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(files(blobs)) == 1
    assert blobs.verify(f"sha256:{hashlib.sha256(content).hexdigest()}")
