"""What changed between the last good run and the first bad one: the pair, and all that is known about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelinekit.analysis import attempts, flaky, outages
from pipelinekit.answers.question import Asked, Row
from pipelinekit.answers.two_runs import Compared, compared

if TYPE_CHECKING:
    from pipelinekit.analysis.compare import Test

ENDED = ("success", "failure")


@dataclass(frozen=True, slots=True)
class Pair:
    """bad: the first run that failed. good: the last success before it, None where none is stored. mended: the next success."""

    good: Row | None
    bad: Row
    mended: Row | None


@dataclass(frozen=True, slots=True)
class Changed:
    """From the good commit to the bad one. commits: hash, author and subject, oldest first."""

    commits: Sequence[tuple[str, str, str]]
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class Incident:
    """found: good against bad, None where there is no good run. mending: bad against the run that mended it.

    flaky: what is known of the newly failing tests that are flaky. outage: the row of `analysis.outages` where the bad run is
    one. changed: None where the repository is not at hand.
    """

    pair: Pair
    found: Compared | None
    mending: Compared | None
    flaky: Sequence[Row]
    outage: Row | None
    changed: Changed | None

    @property
    def newly_failing(self) -> Sequence[Test]:
        return self.found.difference.tests.newly_failing if self.found else ()


def pair(asked: Asked, good: Row | None = None, bad: Row | None = None) -> Pair | None:
    """The pair to look at: the given runs, or what turned red last and still is, the main branch first; None where no run failed.

    good, bad: rows of table `runs`; where one of them is given, the other is the nearest of its workflow and branch.
    """
    runs = [row for row in asked.runs.to_pylist() if row["outcome"] in ENDED]
    if bad is not None or good is not None:
        return _given(runs, good, bad)
    main = attempts.main_branch(asked.runs)
    found = [one for of in dict.fromkeys(map(_series, runs)) for one in _turns([row for row in runs if _series(row) == of])]
    return max(found, key=lambda one: (one.bad["branch"] == main, one.mended is None, one.bad["created_at"]), default=None)


def incident(asked: Asked, pair: Pair, changed: Changed | None = None) -> Incident:
    """All that is known about the pair."""
    found = compared(asked.store, pair.good, pair.bad) if pair.good else None
    mending = compared(asked.store, pair.bad, pair.mended) if pair.mended else None
    failing = {(t.class_name, t.test) for t in found.difference.tests.newly_failing} if found else set()
    tests = flaky.by_test(asked.table("tests"), asked.runs, asked.table("jobs")).to_pylist()
    known = [row for row in tests if (row["class_name"], row["test"]) in failing and row["disagreements"]]
    out = outages.by_run(asked.table("tests"), asked.runs).to_pylist()
    left_out = next((row for row in out if _key(row) == _key(pair.bad) and row["left_out"]), None)
    return Incident(pair, found, mending, known, left_out, changed)


def _series(row: Row) -> tuple[str, str]:
    return row["workflow"], row["branch"]


def _key(row: Row) -> tuple[str, int]:
    return row["run_id"], row["attempt"]


def _turns(runs: Sequence[Row]) -> list[Pair]:
    """Each time that a series of runs turned red."""
    found: list[Pair] = []
    for at, row in enumerate(runs):
        before = runs[at - 1] if at else None
        if row["outcome"] == "failure" and (before is None or before["outcome"] == "success"):
            mended = next((later for later in runs[at + 1 :] if later["outcome"] == "success"), None)
            found.append(Pair(before, row, mended))
    return found


def _given(runs: Sequence[Row], good: Row | None, bad: Row | None) -> Pair | None:
    own = [row for row in runs if _series(row) == _series(bad or good or {})]
    if bad is None and good is not None:
        later = own[_after(own, good) :]
        bad = next((row for row in later if row["outcome"] == "failure"), None)
    if bad is None:
        return None
    end = _after(own, bad)
    if good is None:
        good = next((row for row in reversed(own[: max(0, end - 1)]) if row["outcome"] == "success"), None)
    mended = next((row for row in own[end:] if row["outcome"] == "success"), None)
    return Pair(good, bad, None if bad["outcome"] == "success" else mended)


def _after(runs: Sequence[Row], row: Row) -> int:
    """How many of the runs came before this one, itself counted in."""
    return sum(each["created_at"] <= row["created_at"] for each in runs)
