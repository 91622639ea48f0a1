"""Cache keys: what GitHub would restore, from which scope, and what goes first when the room is gone."""

import itertools
import multiprocessing
from pathlib import Path

import pytest

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.keys import CacheKeys, Entry, KeyInvalid

PATHS = ("~/.cache/pip",)
MAIN = "refs/heads/main"
FEATURE = "refs/heads/feature"


@pytest.fixture
def keys(tmp_path: Path) -> CacheKeys:
    ticks = itertools.count(1_000)
    return CacheKeys(tmp_path / "caches", BlobStore(tmp_path / "blobs"), clock=lambda: float(next(ticks)))


def save(keys: CacheKeys, key: str, scope: str = MAIN, content: bytes = b"", paths: tuple[str, ...] = PATHS) -> bool:
    content = content or f"{scope} {key}".encode()
    return keys.save(key, paths, scope, keys.blobs.put_bytes(content), len(content))


def found(entry: Entry | None) -> tuple[str, str] | None:
    return (entry.scope, entry.key) if entry else None


SAVED = [
    (MAIN, "pip-linux-1"),
    (MAIN, "pip-linux-2"),
    (FEATURE, "pip-linux-3"),
    (MAIN, "pip-mac-4"),
    (FEATURE, "npm-5"),
]


@pytest.mark.parametrize(
    ("key", "restore_keys", "scopes", "expected"),
    [
        pytest.param("pip-linux-1", (), (MAIN,), (MAIN, "pip-linux-1"), id="the exact key"),
        pytest.param("pip-linux", (), (MAIN,), (MAIN, "pip-linux-2"), id="the key as a beginning, newest first"),
        pytest.param("pip-linux-9", ("pip-linux-", "pip-"), (MAIN,), (MAIN, "pip-linux-2"), id="restore keys in order"),
        pytest.param("pip-linux-9", ("gem-", "pip-"), (MAIN,), (MAIN, "pip-mac-4"), id="of all the newest"),
        pytest.param("pip-linux-1", ("pip-",), (FEATURE, MAIN), (FEATURE, "pip-linux-3"), id="scope before exactness"),
        pytest.param("pip-mac-4", (), (FEATURE, MAIN), (MAIN, "pip-mac-4"), id="the default branch's caches are seen"),
        pytest.param("npm-5", (), (MAIN,), None, id="a sibling's caches are not"),
        pytest.param("PIP-LINUX-1", (), (MAIN,), None, id="case matters"),
        pytest.param("other", ("else-",), (MAIN, FEATURE), None, id="nothing"),
        pytest.param("pip-linux-1", (), (), None, id="no scope"),
    ],
)
def test_what_is_restored(
    keys: CacheKeys, key: str, restore_keys: tuple[str, ...], scopes: tuple[str, ...], expected: tuple[str, str] | None
) -> None:
    for scope, saved in SAVED:
        assert save(keys, saved, scope)
    assert found(keys.find(key, restore_keys, PATHS, scopes)) == expected


def test_other_paths_are_another_cache(keys: CacheKeys) -> None:
    save(keys, "k", paths=("a", "b"))
    assert keys.find("k", (), ("b", "a"), (MAIN,)) is None
    assert keys.find("k", (), ("a",), (MAIN,)) is None
    assert keys.find("k", (), ("a", "b"), (MAIN,)) is not None


def test_an_entry_never_changes(keys: CacheKeys) -> None:
    assert save(keys, "k", content=b"first")
    assert not save(keys, "k", content=b"second")
    entry = keys.find("k", (), PATHS, (MAIN,))
    assert entry is not None
    assert keys.blobs.read(entry.digest) == b"first"
    assert save(keys, "k", FEATURE, b"second"), "another scope has its own"


def test_a_forgotten_entry_can_be_saved_again(keys: CacheKeys) -> None:
    save(keys, "k", content=b"first")
    entry = keys.find("k", (), PATHS, (MAIN,))
    assert entry is not None
    keys.forget(entry)
    assert keys.find("k", (), PATHS, (MAIN,)) is None
    assert not keys.blobs.verify(entry.digest)
    assert save(keys, "k", content=b"second")


@pytest.mark.parametrize(
    ("key", "restore_keys", "words"),
    [
        pytest.param("x" * 513, (), "cannot be larger than 512 characters", id="long"),
        pytest.param("a,b", (), "cannot contain commas", id="comma"),
        pytest.param("a", ("b,",), "b, cannot contain commas", id="comma in a restore key"),
        pytest.param("a", tuple("bcdefghijk"), "limited to a maximum of 10", id="eleven keys"),
    ],
)
def test_a_key_that_github_refuses_is_refused(keys: CacheKeys, key: str, restore_keys: tuple[str, ...], words: str) -> None:
    with pytest.raises(KeyInvalid, match=words):
        keys.find(key, restore_keys, PATHS, (MAIN,))


def test_the_longest_key_and_ten_keys_are_fine(keys: CacheKeys) -> None:
    assert save(keys, "x" * 512)
    assert keys.find("x" * 512, tuple("bcdefghij"), PATHS, (MAIN,)) is not None


def test_what_is_longest_unused_goes_first(keys: CacheKeys) -> None:
    keys.limit_bytes = 100
    for name in ("a", "b", "c"):
        save(keys, name, content=name.encode() * 30)
    keys.find("a", (), PATHS, (MAIN,))  # used: now b is the oldest
    save(keys, "d", content=b"d" * 30)
    assert [keys.find(name, (), PATHS, (MAIN,)) is not None for name in "abcd"] == [True, False, True, True]
    assert keys.size_bytes() == 90
    blobs = [path for path in keys.blobs.root.rglob("*") if path.is_file()]
    assert len(blobs) == 3, "the blob goes with its entry"


def test_a_blob_that_another_entry_has_too_stays(keys: CacheKeys) -> None:
    keys.limit_bytes = 70
    save(keys, "a", content=b"s" * 30)
    save(keys, "b", content=b"s" * 30)
    save(keys, "c", content=b"c" * 30)
    assert keys.find("a", (), PATHS, (MAIN,)) is None
    entry = keys.find("b", (), PATHS, (MAIN,))
    assert entry is not None
    assert keys.blobs.verify(entry.digest)


def test_an_entry_larger_than_the_limit_stays_until_the_next(keys: CacheKeys) -> None:
    keys.limit_bytes = 10
    save(keys, "a", content=b"a" * 30)
    assert keys.find("a", (), PATHS, (MAIN,)) is not None
    save(keys, "b", content=b"b" * 5)
    assert keys.find("a", (), PATHS, (MAIN,)) is None


def test_a_file_that_is_no_entry_is_passed_over_and_replaced(keys: CacheKeys) -> None:
    save(keys, "k")
    (file,) = keys.root.glob("*/*.json")
    file.write_text('{"key": "k"', encoding="utf-8")
    assert keys.find("k", (), PATHS, (MAIN,)) is None
    assert save(keys, "k")
    assert keys.find("k", (), PATHS, (MAIN,)) is not None


def _save_many(folder: Path, worker: int) -> int:
    keys = CacheKeys(folder / "caches", BlobStore(folder / "blobs"))
    return sum(save(keys, f"key-{n}", content=f"worker {worker}, {n}".encode()) for n in range(20))


def test_of_several_processes_one_saves_each_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        saved = pool.starmap(_save_many, [(tmp_path, worker) for worker in range(3)])
    assert sum(saved) == 20
    keys = CacheKeys(tmp_path / "caches", BlobStore(tmp_path / "blobs"))
    for n in range(20):
        entry = keys.find(f"key-{n}", (), PATHS, (MAIN,))
        assert entry is not None
        assert keys.blobs.verify(entry.digest)
