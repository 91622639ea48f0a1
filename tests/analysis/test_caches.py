"""What caches hit and save."""

from typing import Any

import pytest

from pipelinekit.analysis import caches
from tests.analysis.made_tables import runs, table

Row = dict[str, Any]
HASH = "9f2c4d5e" * 8


def lookup(number: int, result: str, leg: str = "test", **columns: Any) -> Row:
    key = f"pip-Linux-3.11-{HASH}"
    return {"run_id": f"r{number}", "job": "test", "leg": leg, "kind": "actions", "key": key, "result": result,
            "size_bytes": 1_000_000, "seconds": 1.0, **columns}  # fmt: skip


def leg(number: int, seconds: float, name: str = "test", **columns: Any) -> Row:
    return {"run_id": f"r{number}", "job": "test", "leg": name, "outcome": "success", "duration_seconds": seconds, **columns}


def only(lookups: list[Row], legs: list[Row], count: int = 20) -> Row:
    (row,) = caches.by_family(table("caches", lookups), table("jobs", legs), runs(count)).to_pylist()
    return dict(row)


@pytest.mark.parametrize(
    ("key", "family"),
    [
        pytest.param(f"pip-Linux-3.11-{HASH}", "pip-Linux-*", id="hash-and-version"),
        pytest.param(f"setup-python-Linux-x64-22.04-Ubuntu-python-3.11.4-pip-{HASH}", "setup-python-Linux-x64-*-Ubuntu-python-*-pip", id="setup-python"),
        pytest.param("npm-node18", "npm-node18", id="nothing-varies"),
        pytest.param(f"{HASH}", HASH, id="only-a-hash"),
        pytest.param("docs-20261102", "docs", id="a-date"),
        pytest.param("deps|2.1|0123abcd", "deps|*", id="other-separators"),
    ],
)  # fmt: skip
def test_a_family_is_the_key_without_what_varies(key: str, family: str) -> None:
    assert only([lookup(1, "hit", key=key)], [])["family"] == family


def test_lookups_are_counted_by_their_result_and_saves_apart() -> None:
    results = ["miss", "saved", "hit", "partial", "hit"]
    row = only([lookup(n, result, seconds=float(n)) for n, result in enumerate(results, start=1)], [])
    assert (row["lookups"], row["hits"], row["partial"], row["misses"]) == (4, 2, 1, 1)
    assert row["hit_share"] == 0.5
    assert row["hit_share_low"] < 0.5 < row["hit_share_high"]
    assert (row["restore_seconds"], row["save_seconds"], row["restore_p50_seconds"]) == (12, 2, 4)
    assert (row["marks"], row["last_miss_run_id"]) == ("mpkp", "r1")


def test_saved_is_the_time_on_a_miss_less_that_on_a_hit_restoring_included() -> None:
    """On a miss 100 s, of which 1 s looked up and 4 s saved; on a hit 40 s, of which 3 s restored: 95 - 40."""
    misses, hits = range(1, 6), range(6, 16)
    lookups = [lookup(n, "miss") for n in misses] + [lookup(n, "saved", seconds=4.0) for n in misses]
    lookups += [lookup(n, "hit", seconds=3.0) for n in hits]
    legs = [leg(n, 100.0 + n / 100) for n in misses] + [leg(n, 40.0 + n / 100) for n in hits]
    row = only(lookups, legs)
    assert row["enough"] is True
    assert row["saved_per_hit_seconds"] == pytest.approx(55, abs=0.2)
    assert row["saved_low"] / 10 <= row["saved_per_hit_seconds"] <= row["saved_high"] / 10
    assert row["saved_seconds"] == pytest.approx(row["saved_per_hit_seconds"] * 10)


def test_legs_are_compared_with_themselves() -> None:
    lookups, legs = [], []
    for name, slower in (("fast", 0.0), ("slow", 500.0)):
        for n in range(1, 9):
            lookups.append(lookup(n, "miss" if n <= 3 else "hit", name, seconds=0.0))
            legs.append(leg(n, (30.0 if n <= 3 else 10.0) + slower + n / 100, name))
    assert only(lookups, legs)["saved_per_hit_seconds"] == pytest.approx(20, abs=0.1)


def test_a_cache_that_costs_more_than_it_saves_is_below_0() -> None:
    lookups = [lookup(n, "miss" if n <= 5 else "hit", seconds=0.0) for n in range(1, 16)]
    row = only(lookups, [leg(n, (40.0 if n <= 5 else 47.0) + n / 100) for n in range(1, 16)])
    assert row["saved_high"] < 0
    assert row["saved_seconds"] == pytest.approx(-70, abs=1)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"outcome": "failure"}, id="failed"),
        pytest.param({"remembered": "r0"}, id="remembered"),
        pytest.param({"duration_seconds": None}, id="unmeasured"),
    ],
)
def test_legs_that_did_not_run_to_the_end_are_not_compared(columns: Row) -> None:
    lookups = [lookup(n, "miss" if n <= 5 else "hit") for n in range(1, 16)]
    row = only(lookups, [leg(n, 50.0, **columns) if n <= 5 else leg(n, 10.0) for n in range(1, 16)])
    assert (row["enough"], row["saved_seconds"]) == (False, None)


def test_one_miss_is_too_few_to_say_what_is_saved() -> None:
    row = only([lookup(n, "miss" if n == 1 else "hit") for n in range(1, 16)], [leg(n, 10.0 + n) for n in range(1, 16)])
    assert (row["enough"], row["saved_seconds"], row["hits"]) == (False, None, 14)


def test_recorded_savings_are_summed_where_legs_can_not_be_compared() -> None:
    row = only([lookup(n, "hit", kind="leg", saved_seconds=30.0) for n in range(1, 4)], [])
    assert (row["saved_seconds"], row["saved_low"], row["enough"]) == (90, None, True)


def test_what_saves_most_comes_first_and_the_unknown_last() -> None:
    lookups = [lookup(n, "hit", key="unknown") for n in range(1, 9)]
    lookups += [lookup(1, "hit", key="small", saved_seconds=1.0), lookup(1, "hit", key="large", saved_seconds=9.0)]
    answer = caches.by_family(table("caches", lookups), table("jobs"), runs(9))
    assert answer.column("family").to_pylist() == ["large", "small", "unknown"]


def test_runs_are_counted_oldest_first() -> None:
    lookups = [lookup(2, "hit"), lookup(2, "miss"), lookup(1, "miss"), lookup(1, "saved"), lookup(9, "hit")]
    answer = caches.by_run(table("caches", lookups), runs(2)).select(["number", "lookups", "hits", "hit_share"]).to_pylist()
    assert answer == [
        {"number": 1, "lookups": 1, "hits": 0, "hit_share": 0.0},
        {"number": 2, "lookups": 2, "hits": 1, "hit_share": 0.5},
    ]


def test_without_lookups_there_is_nothing_to_say() -> None:
    assert len(caches.by_family(table("caches"), table("jobs"), runs(2))) == len(caches.by_run(table("caches"), runs(2))) == 0
