import pytest

from pipelinekit.lessons.caching import hit, miss, partial
from pipelinekit.lessons.seen import SeenRun
from tests.lessons.made import lookup, run, seen, told


def asks(number: int, key: str, result: str, needs: str = "aaaaaaaa", fetched: int = 3, matched: str = "") -> SeenRun:
    """A run that asked for a key; a miss saves it."""
    saved = [lookup(key, "saved")] if result != "hit" else []
    message = f"requirements {needs}: fetched {fetched} of 3"
    return run(number, caches=[lookup(key, result, matched), *saved], annotations=[told("install", message)])


FIRST, HIT = asks(1, "deps-a", "miss"), asks(2, "deps-a", "hit", fetched=0)


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([run(1)], "no-lookup", id="no-cache"),
        pytest.param([FIRST], "one-run", id="once"),
        pytest.param([FIRST, asks(2, "deps-b", "miss")], "another-key", id="another-key"),
        pytest.param([FIRST, asks(2, "deps-b", "miss", needs="bbbbbbbb")], "one-run", id="other-requirements"),
        pytest.param([FIRST, asks(2, "deps-a", "miss")], "not-saved", id="never-saved"),
        pytest.param([HIT], "one-run", id="a-hit-of-nothing-we-saw-saved"),
        pytest.param([FIRST, asks(2, "deps-a", "hit", fetched=3)], "not-used", id="another-folder"),
        pytest.param([FIRST, run(2, caches=[lookup("deps-a", "hit")])], "passed", id="install-left-out"),
        pytest.param([FIRST, HIT], "passed", id="hit"),
    ],
)
def test_a_run_finds_what_an_earlier_one_saved(runs: list[SeenRun], kind: str) -> None:
    assert hit(seen(*runs)).kind == kind


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([FIRST], "no-hit", id="no-hit"),
        pytest.param([FIRST, HIT], "unchanged", id="unchanged"),
        pytest.param([FIRST, HIT, asks(3, "deps-a", "hit", "bbbbbbbb", 1)], "stale", id="stale"),
        pytest.param([FIRST, HIT, asks(3, "deps-b", "miss", "bbbbbbbb")], "passed", id="miss"),
        pytest.param([FIRST, HIT, asks(3, "deps-b", "partial", "bbbbbbbb", 1, "deps-a")], "passed", id="partial"),
    ],
)
def test_other_requirements_ask_for_another_key(runs: list[SeenRun], kind: str) -> None:
    assert miss(seen(*runs)).kind == kind


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-hit", id="nothing"),
        pytest.param([FIRST], "no-hit", id="nothing-to-fall-back-to"),
        pytest.param([FIRST, HIT], "unchanged", id="unchanged"),
        pytest.param([FIRST, HIT, asks(3, "deps-b", "miss", "bbbbbbbb")], "fetched-all", id="fetched-all"),
        pytest.param([FIRST, HIT, asks(3, "deps-b", "partial", "bbbbbbbb", 3, "deps-a")], "all-changed", id="of-no-use"),
        pytest.param([FIRST, HIT, asks(3, "deps-b", "partial", "bbbbbbbb", 1, "deps-a")], "passed", id="partial"),
    ],
)
def test_a_miss_takes_what_an_older_cache_has(runs: list[SeenRun], kind: str) -> None:
    assert partial(seen(*runs)).kind == kind


def test_it_says_what_the_hit_was_worth() -> None:
    found = hit(seen(FIRST, run(2, seconds=1.5, caches=[lookup("deps-a", "hit")])))
    assert found.says.endswith("It took 1.5s; run 1, which missed, 5.0s: 3.5s saved by each hit.")


def test_hashes_are_cut_in_what_it_says() -> None:
    key = "deps-" + "0123456789abcdef" * 4
    assert hit(seen(asks(1, key, "miss"))).says == "Run 1 asked for `deps-01234567…`: nobody had saved that yet."
