"""In what do two runs differ: outcome, durations, images, caches, steps and tests?

Takes rows, not Arrow tables: two runs have few, and of a run that still goes there is nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
StepKey = tuple[object, ...]  # what makes a step of a leg the same one in another run: see `step_keys`

# One run against one run knows no spread: less than both is told, but not called better or worse.
NOISE_SECONDS = 1.0
NOISE_SHARE = 0.2

FACTS = ("workflow", "path", "event", "branch", "commit", "tree", "dirty", "inputs", "executor", "host")
FAILING = frozenset({"failed", "error"})
GREEN = frozenset({"passed", "xfailed", "xpassed"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """One run attempt: its row of table `runs`, and the rows that it has in the tables of these names."""

    run: Row
    jobs: Sequence[Row] = ()
    steps: Sequence[Row] = ()
    tests: Sequence[Row] = ()
    caches: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of table `runs` that differs."""

    name: str
    before: str | bool | None
    after: str | bool | None


@dataclass(frozen=True, slots=True)
class Took:
    """Two durations. change: of the first one, 0.25 = a quarter longer. beyond_noise: see NOISE_SECONDS, NOISE_SHARE."""

    before_seconds: float | None
    after_seconds: float | None
    change_seconds: float | None
    change: float | None
    beyond_noise: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg; an outcome is '' where a run has no such leg and None where it has not ended.

    other_image: it ran in both runs, in images that are not the same one; one name may stand for two. remembered: it was
    restored in one of the runs: its durations are not compared then.
    """

    leg: str
    before_outcome: str | None
    after_outcome: str | None
    took: Took
    before_image: str
    after_image: str
    before_digest: str
    after_digest: str
    other_image: bool
    remembered: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step that ended otherwise, took longer or shorter beyond noise, or is there in one run only (outcome '').

    condition: why it was skipped, where it was in one of the runs, as table `steps` tells it.
    """

    leg: str
    name: str
    before_outcome: str | None
    after_outcome: str | None
    took: Took
    condition: str


@dataclass(frozen=True, slots=True)
class Test:
    """A test in a leg, by its last execution; an outcome is '' where it did not run. message: of a failure after."""

    leg: str
    suite: str
    class_name: str
    test: str
    before_outcome: str
    after_outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class Tests:
    """newly_failing: fails now and did not before, new ones too. fixed: failed before and passes now. new, gone: only in legs
    whose tests were reported in both runs, else a leg that stopped early would lose them all.
    """

    newly_failing: tuple[Test, ...]
    still_failing: tuple[Test, ...]
    fixed: tuple[Test, ...]
    new: tuple[Test, ...]
    gone: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Cache:
    """A cache that was looked up or saved under another key, or with another result; '' where it was not."""

    leg: str
    step: str
    kind: str
    before_key: str
    after_key: str
    before_result: str
    after_result: str


@dataclass(frozen=True, slots=True)
class Difference:
    """facts, steps, caches: only what differs. legs: all of both runs, in the order of the second, then those of the first.

    caches_compared: uses of a cache that both runs have.
    """

    took: Took
    facts: tuple[Fact, ...]
    legs: tuple[Leg, ...]
    steps: tuple[Step, ...]
    tests: Tests
    caches: tuple[Cache, ...]
    caches_compared: int

    @property
    def same_images(self) -> bool:
        return not any(leg.other_image for leg in self.legs)


def compare(before: Recorded, after: Recorded) -> Difference:
    """What differs in `after`, compared with `before`."""
    was, now = _caches_by_key(before), _caches_by_key(after)
    return Difference(
        _took(before.run, after.run),
        tuple(_facts(before.run, after.run)),
        tuple(_legs(before.jobs, after.jobs)),
        tuple(_steps(before, after)),
        tests(before.tests, after.tests),
        tuple(_caches(before, after)),
        len(was.keys() & now.keys()),
    )


def step_keys(steps: Iterable[Row]) -> dict[tuple[str, int], StepKey]:
    """Leg and step_index -> what names the step across runs: the author's id, else its name, and which one of that name.

    The index is no name: a step that is put in before moves it. An id that begins with `__` is ours, and counts along.
    """
    keys: dict[tuple[str, int], StepKey] = {}
    seen: Counter[StepKey] = Counter()
    for row in sorted(steps, key=lambda row: (row["leg"], row["step_index"])):
        own = row["step"] if row["step"] and not row["step"].startswith("__") else row["name"]
        parent = keys.get((row["leg"], row["parent"])) if row["parent"] is not None else None
        key: StepKey = (row["leg"], parent, own)
        seen[key] += 1
        keys[row["leg"], row["step_index"]] = (*key, seen[key])
    return keys


def tests(before: Iterable[Row], after: Iterable[Row]) -> Tests:
    """How the last execution of each test ended in each leg, in rows of table `tests` of two runs."""
    was, now = _last(before), _last(after)
    both = {key[0] for key in was} & {key[0] for key in now}
    changes = {key: _test(key, was.get(key), now.get(key)) for key in (now | was)}

    def those(keys: Iterable[tuple[str, ...]]) -> tuple[Test, ...]:
        return tuple(changes[key] for key in keys)

    failing = [key for key, row in now.items() if row["outcome"] in FAILING]
    failed = {key for key, row in was.items() if row["outcome"] in FAILING}
    return Tests(
        those(key for key in failing if key not in failed),
        those(key for key in failing if key in failed),
        those(key for key, row in now.items() if key in failed and row["outcome"] in GREEN),
        those(key for key in now if key not in was and key[0] in both),
        those(key for key in was if key not in now and key[0] in both),
    )


def _last(rows: Iterable[Row]) -> dict[tuple[str, ...], Row]:
    """Leg, suite, class and test -> its last execution."""
    ordered = sorted(rows, key=lambda row: row["execution"] or 0)
    return {(row["leg"], row["suite"] or "", row["class_name"] or "", row["test"]): row for row in ordered}


def _test(key: tuple[str, ...], before: Row | None, after: Row | None) -> Test:
    failed = after is not None and after["outcome"] in FAILING
    message = after["message"] or "" if after is not None and failed else ""
    leg, suite, class_name, test = key
    return Test(leg, suite, class_name, test, before["outcome"] if before else "", after["outcome"] if after else "", message)


def _facts(before: Row, after: Row) -> Iterable[Fact]:
    for name in FACTS:
        if (before[name] or None) != (after[name] or None):
            yield Fact(name, before[name], after[name])


def _legs(before: Iterable[Row], after: Iterable[Row]) -> Iterable[Leg]:
    was, now = ({row["leg"]: row for row in rows} for rows in (before, after))
    for name in now | was:
        first, second = was.get(name), now.get(name)
        (image, digest), (image_now, digest_now) = (_image(row) for row in (first, second))
        other = _ran(first) and _ran(second) and (digest or image) != (digest_now or image_now)
        remembered = any(row is not None and row["remembered"] for row in (first, second))
        took = _took(first, second) if not remembered else _NOT_COMPARED
        yield Leg(name, _outcome(first), _outcome(second), took, image, image_now, digest, digest_now, other, remembered)


def _ran(row: Row | None) -> bool:
    return row is not None and row["started_at"] is not None


def _image(row: Row | None) -> tuple[str, str]:
    return (row["image"] or "", row["image_digest"] or "") if row else ("", "")


def _steps(before: Recorded, after: Recorded) -> Iterable[Step]:
    was, now = _steps_by_key(before), _steps_by_key(after)
    legs = {row["leg"] for row in before.steps} & {row["leg"] for row in after.steps}
    remembered = {row["leg"] for row in (*before.jobs, *after.jobs) if row["remembered"]}
    for key in now | was:
        first, second = was.get(key), now.get(key)
        row = second or first
        if row is None or row["leg"] not in legs:
            continue
        took = _took(first, second) if row["leg"] not in remembered else _NOT_COMPARED
        if _outcome(first) != _outcome(second) or took.beyond_noise:
            skipped = next((side for side in (second, first) if side is not None and side["outcome"] == "skipped"), None)
            condition = (skipped["condition"] or "") if skipped else ""
            yield Step(row["leg"], row["name"], _outcome(first), _outcome(second), took, condition)


def _steps_by_key(recorded: Recorded) -> dict[StepKey, Row]:
    keys = step_keys(recorded.steps)
    return {keys[row["leg"], row["step_index"]]: row for row in recorded.steps}


def _caches(before: Recorded, after: Recorded) -> Iterable[Cache]:
    was, now = _caches_by_key(before), _caches_by_key(after)
    legs = {row["leg"] for row in before.jobs if _ran(row)} & {row["leg"] for row in after.jobs if _ran(row)}
    for key in now | was:
        (name, first), (other, second) = was.get(key, ("", None)), now.get(key, ("", None))
        row = second or first
        if row is None or row["leg"] not in legs:
            continue
        keys, results = ([side[column] if side else "" for side in (first, second)] for column in ("key", "result"))
        if keys[0] != keys[1] or results[0] != results[1]:
            yield Cache(row["leg"], other or name, row["kind"], *keys, *results)


def _caches_by_key(recorded: Recorded) -> dict[tuple[object, ...], tuple[str, Row]]:
    """What names a use of a cache across runs -> the step's name and the row. A save is another use than a lookup."""
    keys = step_keys(recorded.steps)
    names = {(row["leg"], row["step_index"]): row["name"] for row in recorded.steps}
    seen: Counter[tuple[object, ...]] = Counter()
    found: dict[tuple[object, ...], tuple[str, Row]] = {}
    for row in recorded.caches:
        at = (row["leg"], row["step_index"])
        key = (row["leg"], keys.get(at), row["kind"], row["result"] == "saved")
        seen[key] += 1
        found[*key, seen[key]] = (names.get(at, ""), row)
    return found


_NOT_COMPARED = Took(None, None, None, None, beyond_noise=False)


def _took(before: Row | None, after: Row | None) -> Took:
    first, second = (row["duration_seconds"] if row else None for row in (before, after))
    if first is None or second is None:
        return Took(first, second, None, None, beyond_noise=False)
    change = second - first
    share = change / first if first > 0 else None
    # What failed or was cancelled stopped early: that says nothing about its speed.
    whole = _outcome(before) == _outcome(after) == "success"
    beyond = whole and abs(change) >= NOISE_SECONDS and abs(change) >= NOISE_SHARE * first
    return Took(first, second, change, share, beyond)


def _outcome(row: Row | None) -> str | None:
    return "" if row is None else row["outcome"]
