"""actions/cache and its two halves: what is restored, what is saved, and what the outputs say."""

from pathlib import Path

import pytest

from pipelinekit.actions.caching import scopes
from pipelinekit.model.event import CacheUsed
from pipelinekit.model.outcome import Outcome
from tests.actions.conftest import Bench, FolderPlace, contents, lay

USES, RESTORE, SAVE = "actions/cache", "actions/cache/restore", "actions/cache/save"


def home(bench: Bench) -> Path:
    return Path(bench.place.environment["HOME"])


def other(bench: Bench, tmp_path: Path) -> Bench:
    """A place whose folders all have other names, as the next run's has."""
    return bench.in_another_place(FolderPlace(tmp_path / "next" / "place"))


def test_a_cache_comes_back_in_another_place(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    lay(home(bench), ".cache/pip/a", ".cache/pip/deep/b")
    lay(workspace, "node_modules/x/index.js", "left/out")
    lay(aside, "c")
    (home(bench) / ".cache" / "pip" / "link").symlink_to("a")
    (workspace / "node_modules" / "x" / "index.js").chmod(0o755)
    paths = f"~/.cache/pip\nnode_modules\n\n  {aside}  \n"
    result = bench.use(USES, path=paths, key="deps-1", restore_keys="deps-\n")
    assert result.outputs == {}
    bench.post(result, USES, path=paths, key="deps-1")
    (aside / "c").unlink()

    again = other(bench, tmp_path)
    result = again.use(USES, path=paths, key="deps-1")
    assert result.outputs == {"cache-hit": "true"}
    place = tmp_path / "next" / "place"
    assert contents(place / "home") == contents(home(bench))
    assert (place / "home" / ".cache" / "pip" / "link").readlink() == Path("a")
    assert contents(place / "workspace") == {"node_modules/x/index.js": b"node_modules/x/index.js\n"}
    assert (place / "workspace" / "node_modules" / "x" / "index.js").stat().st_mode & 0o111
    assert (aside / "c").read_text() == "c\n"
    assert list((place / "temp").iterdir()) == [], "nothing is left in the temporary folder"
    again.post(result, USES, path=paths, key="deps-1")
    assert again.said[-1] == "Cache hit occurred on the primary key deps-1, not saving cache."


def test_every_lookup_and_save_is_recorded_with_size_and_time(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(workspace, "a")
    bench.post(bench.use(USES, path="a", key="k-1"), USES, path="a", key="k-1")
    assert bench.cache_results() == [("miss", "k-1", ""), ("saved", "k-1", "k-1")]
    again = other(bench, tmp_path)
    again.use(USES, path="a", key="k-1")
    again.use(USES, path="a", key="k-2", restore_keys="k-")
    assert again.cache_results() == [("hit", "k-1", "k-1"), ("partial", "k-2", "k-1")]
    saved, hit = bench.events[-1], again.events[0]
    assert isinstance(saved, CacheUsed)
    assert isinstance(hit, CacheUsed)
    assert (saved.kind, saved.leg, saved.step) == ("actions", "test", 3)
    assert saved.size_bytes == hit.size_bytes == next(bench.blobs.root.glob("sha256/*/*")).stat().st_size
    assert saved.seconds is not None
    assert saved.seconds > 0


@pytest.mark.parametrize(
    ("key", "restore_keys", "outputs"),
    [
        pytest.param("k-1", "", {"cache-hit": "true", "cache-primary-key": "k-1", "cache-matched-key": "k-1"}, id="exact"),
        pytest.param("k-2", "x-\nk-", {"cache-hit": "false", "cache-primary-key": "k-2", "cache-matched-key": "k-1"}, id="partial"),
        pytest.param("z", "", {"cache-primary-key": "z"}, id="none"),
    ],
)
def test_outputs_of_restore(bench: Bench, workspace: Path, key: str, restore_keys: str, outputs: dict[str, str]) -> None:
    lay(workspace, "a")
    bench.use(SAVE, path="a", key="k-1")
    assert bench.use(RESTORE, path="a", key=key, restore_keys=restore_keys).outputs == outputs


def test_lookup_only_restores_nothing(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(workspace, "a")
    bench.use(SAVE, path="a", key="k")
    again = other(bench, tmp_path)
    assert again.use(USES, path="a", key="k", lookup_only="true").outputs == {"cache-hit": "true"}
    assert contents(again.place.workspace_folder) == {}
    assert again.said == ["Cache found and can be restored from key: k"]


def test_a_miss_fails_where_that_is_asked_for(bench: Bench) -> None:
    assert bench.failure(RESTORE, path="a", key="k", fail_on_cache_miss="true") == (
        "Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: k"
    )
    bench.use(RESTORE, path="a", key="k", restore_keys="l\nm")
    assert bench.said == ["Cache not found for input keys: k, l, m"]


@pytest.mark.parametrize("outcome", [Outcome.FAILURE, Outcome.CANCELLED])
def test_a_job_that_did_not_succeed_saves_nothing(bench: Bench, workspace: Path, outcome: Outcome) -> None:
    lay(workspace, "a")
    bench.post(bench.use(USES, path="a", key="k"), USES, outcome, path="a", key="k")
    assert bench.cache_results() == [("miss", "k", "")]


def test_a_partial_hit_is_saved_under_its_own_key(bench: Bench, workspace: Path) -> None:
    lay(workspace, "a")
    bench.use(SAVE, path="a", key="k-1")
    bench.post(bench.use(USES, path="a", key="k-2", restore_keys="k-"), USES, path="a", key="k-2")
    assert bench.cache_results()[-1] == ("saved", "k-2", "k-2")


def test_paths_that_are_not_there_are_left_out_and_none_at_all_is_told(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(workspace, "a")
    bench.use(SAVE, path="a\ngone", key="k")
    again = other(bench, tmp_path)
    again.use(RESTORE, path="a\ngone", key="k")
    assert contents(again.place.workspace_folder) == {"a": b"a\n"}
    bench.use(SAVE, path="gone", key="g")
    assert bench.warnings()[-1].startswith("::warning::Path Validation Error: Path(s) specified in the action for caching do(es)")


def test_patterns_take_what_matches_as_a_whole(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(workspace, "packages/a/dist/1", "packages/b/dist/sub/2", "packages/b/src/3", "packages/c/dist/4")
    bench.use(SAVE, path="packages/*/dist\n!packages/c/dist", key="k")
    again = other(bench, tmp_path)
    again.use(RESTORE, path="packages/*/dist\n!packages/c/dist", key="k")
    assert list(contents(again.place.workspace_folder)) == ["packages/a/dist/1", "packages/b/dist/sub/2"]


@pytest.mark.parametrize("breakage", ["missing", "truncated"])
def test_a_broken_archive_is_a_miss_that_is_told_and_saved_anew(bench: Bench, workspace: Path, breakage: str) -> None:
    lay(workspace, "a")
    bench.use(SAVE, path="a", key="k")
    (blob,) = bench.blobs.root.glob("sha256/*/*")
    if breakage == "missing":
        blob.unlink()
    else:
        blob.write_bytes(blob.read_bytes()[:100])
    result = bench.use(USES, path="a", key="k")
    assert result.outputs == {}
    assert bench.warnings() == [f'::warning::the cache "k" is broken (sha256:{blob.name} is missing or changed): it is forgotten']
    bench.post(result, USES, path="a", key="k")
    assert [result for result, _, _ in bench.cache_results()] == ["saved", "miss", "saved"]


def test_an_archive_that_tar_can_not_read_is_a_miss(bench: Bench) -> None:
    bench.caches.save("k", ("a",), "refs/heads/main", bench.blobs.put_bytes(b"no tar"), 6)
    assert bench.use(USES, path="a", key="k").outputs == {}
    assert "can't be unpacked: tar failed with exit code" in bench.warnings()[0]


def test_of_two_jobs_with_one_key_the_second_is_told(bench: Bench, workspace: Path) -> None:
    lay(workspace, "a")
    bench.use(SAVE, path="a", key="k")
    bench.use(SAVE, path="a", key="k")
    assert bench.said[-1] == "Failed to save: Unable to reserve cache with key k, another job may be creating this cache."


@pytest.mark.parametrize(
    ("github", "expected"),
    [
        ({"ref": "refs/heads/main"}, ("refs/heads/main",)),
        ({"ref": "refs/heads/topic"}, ("refs/heads/topic", "refs/heads/main")),
        (
            {"ref": "refs/pull/7/merge", "base_ref": "release", "event": {"repository": {"default_branch": "trunk"}}},
            ("refs/pull/7/merge", "refs/heads/release", "refs/heads/trunk"),
        ),
        ({"ref": "refs/pull/7/merge", "base_ref": "main", "event": {}}, ("refs/pull/7/merge", "refs/heads/main")),
    ],
    ids=["main", "branch", "pull request", "pull request to main"],
)
def test_where_a_cache_may_come_from(bench: Bench, github: dict[str, object], expected: tuple[str, ...]) -> None:
    bench.github.clear()
    bench.github.update(github)  # type: ignore[arg-type]
    assert scopes(bench.call(RESTORE, path="a", key="k")) == expected


def test_a_branch_does_not_see_what_a_sibling_saved(bench: Bench, workspace: Path) -> None:
    lay(workspace, "a")
    bench.github["ref"] = "refs/heads/topic"
    bench.use(SAVE, path="a", key="k")
    bench.github["ref"] = "refs/heads/other"
    assert bench.use(RESTORE, path="a", key="k").outputs == {"cache-primary-key": "k"}


@pytest.mark.parametrize(("key", "words"), [("a,b", "cannot contain commas"), ("x" * 513, "cannot be larger than 512 characters")])
def test_a_key_that_github_refuses_fails_the_step(bench: Bench, key: str, words: str) -> None:
    assert words in bench.failure(RESTORE, path="a", key=key)


def test_an_odd_file_name_survives(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(workspace, "-rf", "with space", "Gruß", "quote'd", 'double"d', "$HOME")
    bench.use(SAVE, path="-rf\nwith space\nGruß\nquote'd\ndouble\"d\n$HOME", key="k")
    again = other(bench, tmp_path)
    again.use(RESTORE, path="-rf\nwith space\nGruß\nquote'd\ndouble\"d\n$HOME", key="k")
    assert contents(again.place.workspace_folder) == contents(workspace)
