"""Legs kept under what they read, by several processes at once, within a limit."""

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.legs import KeptLeg, LegStore, key_of

SUBJECT = "ci.yml\ntest\n{}"


def store(tmp_path: Path, limit_bytes: int = 1000) -> LegStore:
    seconds = iter(range(1, 1000))
    return LegStore(tmp_path / "legs", BlobStore(tmp_path / "blobs"), limit_bytes, lambda: float(next(seconds)))


def leg(legs: LegStore, image: str, size_bytes: int = 400, at: float = 1.0) -> KeptLeg:
    events, artifact = (legs.blobs.put_bytes(f"{what} of {image}".encode()) for what in ("events", "artifact"))
    return KeptLeg(SUBJECT, {"the image": image}, "", "run", events, (artifact,), 12.5, size_bytes, at, {"version": "1"})


def test_a_leg_is_found_by_what_it_read(tmp_path: Path) -> None:
    legs = store(tmp_path)
    kept = leg(legs, "a")
    legs.save(kept)
    assert legs.find(SUBJECT, key_of({"the image": "a"})) == kept
    assert legs.find(SUBJECT, key_of({"the image": "b"})) is None
    assert legs.find("another", kept.key) is None


def test_the_key_does_not_depend_on_the_order_of_the_parts() -> None:
    assert key_of({"a": "1", "b": "2"}) == key_of({"b": "2", "a": "1"})
    assert key_of({"a": "1", "b": "2"}) != key_of({"a": "2", "b": "1"})


def test_the_newest_of_a_leg_is_given_whatever_it_read(tmp_path: Path) -> None:
    legs = store(tmp_path)
    older, newer = leg(legs, "b", at=5.0), leg(legs, "a", at=9.0)
    for one in (newer, older):
        legs.save(one)
    assert legs.newest(SUBJECT) == newer
    assert legs.newest("another") is None


def test_what_is_longest_unused_goes_first_with_its_blobs(tmp_path: Path) -> None:
    legs = store(tmp_path)
    a, b, c = (leg(legs, name) for name in "abc")
    legs.save(a)
    legs.save(b)
    assert legs.find(SUBJECT, a.key) is not None
    legs.save(c)
    assert [legs.find(SUBJECT, one.key) is not None for one in (a, b, c)] == [True, False, True]
    assert [legs.blobs.verify(digest) for digest in b.digests()] == [False, False]
    assert all(legs.blobs.verify(digest) for one in (a, c) for digest in one.digests())


def test_a_blob_that_another_leg_left_too_stays(tmp_path: Path) -> None:
    legs = store(tmp_path)
    a = leg(legs, "a")
    b = replace(leg(legs, "b"), blobs=a.blobs)
    for one in (a, b, leg(legs, "c")):
        legs.save(one)
    assert legs.find(SUBJECT, a.key) is None
    assert legs.blobs.verify(b.blobs[0])


def test_one_leg_that_is_larger_than_the_limit_stays_while_it_is_the_newest(tmp_path: Path) -> None:
    legs = store(tmp_path)
    large = leg(legs, "large", size_bytes=5000)
    legs.save(large)
    assert legs.find(SUBJECT, large.key) == large


def test_a_leg_of_the_same_key_takes_the_place_of_the_other(tmp_path: Path) -> None:
    legs = store(tmp_path)
    before = leg(legs, "a")
    after = replace(before, events=legs.blobs.put_bytes(b"others"))
    legs.save(before)
    legs.save(after)
    assert legs.find(SUBJECT, before.key) == after
    assert not legs.blobs.verify(before.events)


def test_a_broken_leg_is_forgotten_with_what_is_broken_of_it(tmp_path: Path) -> None:
    legs = store(tmp_path)
    kept = leg(legs, "a")
    legs.save(kept)
    legs.blobs.path(kept.events).write_bytes(b"ev")
    legs.forget(kept)
    assert legs.find(SUBJECT, kept.key) is None
    assert not legs.blobs.path(kept.events).exists()
    assert legs.blobs.verify(kept.blobs[0])


def test_a_leg_that_was_kept_anew_meanwhile_is_not_forgotten(tmp_path: Path) -> None:
    legs = store(tmp_path)
    before = leg(legs, "a")
    legs.save(before)
    after = replace(before, events=legs.blobs.put_bytes(b"others"))
    legs.save(after)
    legs.forget(before)
    assert legs.find(SUBJECT, before.key) == after


@pytest.mark.parametrize("content", ["", "{", "[]", '{"subject": "x"}'], ids=["empty", "cut-short", "a-list", "another-version"])
def test_a_file_that_is_no_leg_is_passed_over(tmp_path: Path, content: str) -> None:
    legs = store(tmp_path)
    kept = leg(legs, "a")
    legs.save(kept)
    next((tmp_path / "legs").glob("*/*.json")).write_text(content, encoding="utf-8")
    assert legs.find(SUBJECT, kept.key) is None
    assert legs.newest(SUBJECT) is None
    legs.save(kept)
    assert legs.find(SUBJECT, kept.key) == kept


def _save_often(tmp_path: Path, name: str) -> None:
    legs = LegStore(tmp_path / "legs", BlobStore(tmp_path / "blobs"))
    for number in range(20):
        kept = leg(legs, "a")
        legs.save(replace(kept, run_id=name, events=legs.blobs.put_bytes(f"{name} {number}".encode())))


def test_two_processes_keep_the_same_leg_and_it_is_whole(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_save_often, args=(tmp_path, name)) for name in ("one", "other")]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    legs = LegStore(tmp_path / "legs", BlobStore(tmp_path / "blobs"))
    kept = legs.find(SUBJECT, key_of({"the image": "a"}))
    assert kept is not None
    assert legs.blobs.read(kept.events) == f"{kept.run_id} 19".encode()
