"""In what two runs differ, by tables of a few rows."""

from typing import Any

import pytest

from pipelinekit.analysis.compare import Difference, Recorded, compare, step_keys
from tests.analysis.made_tables import at, executions, run, table

Row = dict[str, Any]


def recorded(number: int, run_columns: Row | None = None, **rows: list[Row]) -> Recorded:
    def whole(name: str, given: list[Row]) -> list[Row]:
        return table(name, given).to_pylist()  # type: ignore[no-any-return]

    tables = {name: whole(name, rows.get(name, [])) for name in ("jobs", "steps", "tests", "caches")}
    return Recorded(whole("runs", [run(number, **(run_columns or {}))])[0], **tables)


def leg(name: str, outcome: str | None = "success", seconds: float | None = 10.0, **columns: Any) -> Row:
    return {
        "job": "test", "leg": name, "outcome": outcome, "duration_seconds": seconds, "image": "python:3.11", "image_digest": "sha256:a",
        "started_at": at(0), **columns,
    }  # fmt: skip


def step(index: int, name: str, seconds: float | None = 10.0, outcome: str = "success", **columns: Any) -> Row:
    own = {"step_index": index, "name": name, "step": "__run", "outcome": outcome, "duration_seconds": seconds}
    return {"job": "test", "leg": "test", **own, **columns}


def legs(before: list[Row], after: list[Row]) -> Difference:
    return compare(recorded(1, jobs=before), recorded(2, jobs=after))


def test_two_runs_that_are_equal_differ_in_nothing() -> None:
    one = recorded(1, jobs=[leg("test")], steps=[step(1, "Test")], tests=executions(1, "a", "p"))
    found = compare(one, one)
    assert (found.facts, found.steps, found.caches, found.same_images) == ((), (), (), True)
    assert (found.took.change_seconds, found.took.change, found.took.beyond_noise) == (0, 0, False)
    assert not any((found.tests.newly_failing, found.tests.fixed, found.tests.new, found.tests.gone))


def test_facts_of_the_runs_are_told_where_they_differ() -> None:
    before = recorded(1, {"executor": "docker", "inputs": '{"a": 1}', "host": None})
    after = recorded(2, {"executor": "host", "inputs": '{"a": 2}', "dirty": True, "tree": "t1", "host": ""})
    facts = {fact.name: (fact.before, fact.after) for fact in compare(before, after).facts}
    assert facts == {
        "commit": ("c1", "c2"), "dirty": (False, True), "inputs": ('{"a": 1}', '{"a": 2}'), "executor": ("docker", "host"),
    }  # fmt: skip


def test_each_leg_of_either_run_has_its_outcomes_and_the_change_of_its_duration() -> None:
    found = legs([leg("old"), leg("test", seconds=8.0)], [leg("test", "failure", 10.0), leg("new", None, None)])
    assert [(row.leg, row.before_outcome, row.after_outcome) for row in found.legs] == [
        ("test", "success", "failure"), ("new", "", None), ("old", "success", ""),
    ]  # fmt: skip
    assert [(row.took.change_seconds, row.took.change) for row in found.legs] == [(2.0, 0.25), (None, None), (None, None)]


@pytest.mark.parametrize(
    ("before", "after", "outcome", "beyond"),
    [
        pytest.param(10.0, 13.0, "success", True, id="three-seconds-longer"),
        pytest.param(10.0, 7.0, "success", True, id="three-seconds-less"),
        pytest.param(10.0, 11.5, "success", False, id="under-a-fifth"),
        pytest.param(0.5, 1.0, "success", False, id="under-a-second"),
        pytest.param(10.0, 30.0, "failure", False, id="what-failed-says-nothing-about-speed"),
    ],
)
def test_a_change_is_beyond_noise_from_a_second_and_a_fifth_on(before: float, after: float, outcome: str, beyond: bool) -> None:
    [row] = legs([leg("test", seconds=before)], [leg("test", outcome, after)]).legs
    assert row.took.beyond_noise is beyond


def test_the_durations_of_a_remembered_leg_are_not_compared() -> None:
    before = recorded(1, jobs=[leg("test")], steps=[step(1, "Test", 10.0)])
    after = recorded(2, jobs=[leg("test", seconds=0.1, remembered="r1")], steps=[step(1, "Test", 0.0)])
    found = compare(before, after)
    [row] = found.legs
    assert (row.remembered, row.took.change_seconds, found.steps) == (True, None, ())


@pytest.mark.parametrize(
    ("columns", "other"),
    [
        pytest.param({}, False, id="the-same"),
        pytest.param({"image_digest": "sha256:b"}, True, id="another-digest-under-one-name"),
        pytest.param({"image": "python:3.11-slim"}, False, id="another-name-for-one-digest"),
        pytest.param({"image": "", "image_digest": ""}, True, id="no-container"),
        pytest.param({"image": "", "image_digest": "", "started_at": None}, False, id="it-did-not-run"),
    ],
)
def test_an_image_is_known_by_its_digest(columns: Row, other: bool) -> None:
    found = legs([leg("test")], [leg("test", **columns)])
    assert (found.legs[0].other_image, found.same_images) == (other, not other)


def judged(before: list[Row], after: list[Row]) -> dict[str, list[tuple[str, str]]]:
    found = compare(recorded(1, tests=before), recorded(2, tests=after)).tests
    names = ("newly_failing", "still_failing", "fixed", "new", "gone")
    return {name: [(row.test, row.leg) for row in getattr(found, name)] for name in names if getattr(found, name)}


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param("p", "p", [], id="passes"),
        pytest.param("p", "f", ["newly_failing"], id="breaks"),
        pytest.param("p", "e", ["newly_failing"], id="an-error-fails"),
        pytest.param("f", "p", ["fixed"], id="mended"),
        pytest.param("f", "x", ["fixed"], id="expected-to-fail-now"),
        pytest.param("f", "s", [], id="skipped-is-not-mended"),
        pytest.param("f", "e", ["still_failing"], id="fails-in-both"),
        pytest.param("p", "fp", [], id="the-last-execution-counts"),
        pytest.param("fp", "ff", ["newly_failing"], id="of-both-runs"),
        pytest.param("", "p", ["new"], id="new"),
        pytest.param("", "f", ["newly_failing", "new"], id="new-and-fails"),
        pytest.param("p", "", ["gone"], id="gone"),
    ],
)
def test_a_test_is_judged_by_its_last_execution(before: str, after: str, kinds: list[str]) -> None:
    other = executions(1, "b", "p")
    found = judged([*executions(1, "a", before), *other], [*executions(2, "a", after), *other])
    assert found == {kind: [("a", "test")] for kind in kinds}


def test_legs_are_judged_apart() -> None:
    before = [*executions(1, "a", "p", "x"), *executions(1, "a", "p", "y")]
    after = [*executions(2, "a", "f", "x"), *executions(2, "a", "p", "y")]
    assert judged(before, after) == {"newly_failing": [("a", "x")]}


def test_a_leg_that_reported_no_tests_has_lost_none() -> None:
    assert judged(executions(1, "a", "p"), executions(2, "a", "p", "other")) == {}


def test_a_new_failure_brings_its_message() -> None:
    found = compare(recorded(1, tests=executions(1, "a", "p")), recorded(2, tests=executions(2, "a", "ff"))).tests
    assert [(row.before_outcome, row.after_outcome, row.message) for row in found.newly_failing] == [("passed", "failed", "assert 2")]


def test_a_step_is_told_where_it_ended_otherwise_took_longer_or_is_not_in_both() -> None:
    before = recorded(1, steps=[step(1, "Build"), step(2, "Test"), step(3, "Lint"), step(4, "Types")])
    after = recorded(2, steps=[step(1, "Build"), step(2, "New"), step(3, "Test", outcome="failure"), step(4, "Lint", 14.0)])
    assert [(row.name, row.before_outcome, row.after_outcome, row.took.beyond_noise) for row in compare(before, after).steps] == [
        ("New", "", "success", False),
        ("Test", "success", "failure", False),
        ("Lint", "success", "success", True),
        ("Types", "success", "", False),
    ]


@pytest.mark.parametrize("skipped_first", [False, True], ids=["after", "before"])
def test_a_step_that_was_skipped_in_one_run_says_why(skipped_first: bool) -> None:
    ran, skipped = step(1, "Install"), step(1, "Install", None, "skipped", condition="done in attempt 1")
    before, after = ([skipped], [ran]) if skipped_first else ([ran], [skipped])
    assert [row.condition for row in compare(recorded(1, steps=before), recorded(2, steps=after)).steps] == ["done in attempt 1"]


def test_steps_of_a_leg_that_had_none_are_not_missing() -> None:
    assert compare(recorded(1, steps=[step(1, "Test")]), recorded(2)).steps == ()


def test_a_step_keeps_its_name_where_others_come_before_it() -> None:
    first = [step(1, "Run make"), step(2, "Run make"), step(3, "Test", step="tests"), step(4, "Post", parent=1)]
    later = [{**row, "step_index": row["step_index"] + 1, "parent": row.get("parent") and 2} for row in first]
    rows = table("steps", first).to_pylist()
    moved = table("steps", [step(1, "New"), *later]).to_pylist()
    keys, keys_moved = step_keys(rows), step_keys(moved)
    assert len(set(keys.values())) == 4
    assert [keys["test", index] for index in (1, 2, 3, 4)] == [keys_moved["test", index + 1] for index in (1, 2, 3, 4)]


def test_an_author_s_id_stands_for_its_step_whatever_it_is_called() -> None:
    was, now = (table("steps", [step(1, name, step="tests")]).to_pylist() for name in ("Test", "Run tests"))
    assert step_keys(was) == step_keys(now)


def test_a_cache_is_told_where_its_key_or_its_result_differs() -> None:
    def use(result: str, key: str, index: int = 1) -> Row:
        return {"job": "test", "leg": "test", "step_index": index, "kind": "actions", "key": key, "result": result}

    steps = [step(1, "Python"), step(2, "Node")]
    before = recorded(1, jobs=[leg("test")], steps=steps, caches=[use("hit", "k1"), use("hit", "n", 2)])
    after = recorded(2, jobs=[leg("test")], steps=steps, caches=[use("miss", "k2"), use("hit", "n", 2), use("saved", "k2")])
    found = compare(before, after)
    assert [(c.step, c.before_result, c.after_result, c.before_key, c.after_key) for c in found.caches] == [
        ("Python", "hit", "miss", "k1", "k2"), ("Python", "", "saved", "", "k2"),
    ]  # fmt: skip
    assert found.caches_compared == 2
