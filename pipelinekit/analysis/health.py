"""Is it better or worse than in the equal window before? Six figures, each with its change."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import durations, query, run_facts, scores
from pipelinekit.analysis.windows import Window

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.analysis import flaky

WEEKS = 8
LAST_RUNS = 12

FIGURES = {
    "figure": "string",  # success_rate, run_time, lost_to_flaky, recovery, cache, coverage
    "unit": "string",  # share, seconds
    "value": "float",  # null where nothing or too few was measured
    "low": "float",  # 95 % interval, where there is one
    "high": "float",
    "n": "int",
    "n_of": "string",  # runs, failures, lookups, lines: what n counts
    "enough": "bool",
    "before": "float",  # in the equal window before
    "before_n": "int",
    "change": "float",  # value less before
    "verdict": "string",  # better, worse, noise, unknown
    "spark": "floats",  # oldest first; null where nothing was measured
    "spark_of": "string",  # weeks (8 of them), runs (the last 12)
}

Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class _Value:
    """value: None where nothing was measured, or too few. sample: what `verdict` compares, where it takes more than the value."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    sample: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class _Figure:
    """measure: the value of some runs, oldest first. noise: whether a change may be luck. less_is_better: which way is up."""

    name: str
    unit: str
    n_of: str
    measure: Callable[[Rows], _Value]
    noise: Callable[[_Value, _Value], bool]
    less_is_better: bool


def figures(tables: Mapping[str, pa.Table], found: flaky.Found, window: Window) -> pa.Table:
    """The six figures of the health page with their change (columns FIGURES), in their fixed order.

    tables: `runs` (already chosen by workflow and branch, with those of the window before), `jobs`, `tests`, `coverage`, `caches`.
    found: the answer of `flaky.find` for them. success_rate: successes / (successes + failures). run_time: p50 of what succeeded.
    lost_to_flaky: see `lost_time`. recovery: p50 from the end of the first red run of the main branch to the end of the next green
    one. cache: see `caches`. coverage: lines of the newest run that measured them.
    """
    facts = run_facts.by_run(tables, found).to_pylist()
    now = [row for row in facts if window.begins_at < row["created_at"] <= window.ends_at]
    before = [row for row in facts if window.before.begins_at < row["created_at"] <= window.before.ends_at]
    spark_of, slices = _slices([row for row in facts if row["created_at"] <= window.ends_at], window)
    return query.rows([_row(figure, now, before, spark_of, slices) for figure in _ALL_FIGURES], FIGURES)


def _row(figure: _Figure, now: Rows, before: Rows, spark_of: str, slices: Sequence[Rows]) -> dict[str, Any]:
    value, earlier = figure.measure(now), figure.measure(before)
    change = None if value.value is None or earlier.value is None else value.value - earlier.value
    if change is None:
        verdict = "unknown"
    elif change == 0 or figure.noise(value, earlier):
        verdict = "noise"
    else:
        verdict = "better" if (change < 0) == figure.less_is_better else "worse"
    return {
        "figure": figure.name,
        "unit": figure.unit,
        "value": value.value,
        "low": value.low,
        "high": value.high,
        "n": value.n,
        "n_of": figure.n_of,
        "enough": value.value is not None,
        "before": earlier.value,
        "before_n": earlier.n,
        "change": change,
        "verdict": verdict,
        "spark": [_point(figure, rows) for rows in slices],
        "spark_of": spark_of,
    }


def _slices(facts: Rows, window: Window) -> tuple[str, list[Rows]]:
    """Eight weeks, or where fewer than three of them have runs, the last runs one by one."""
    edges = [window.ends_at - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]
    weeks = [[row for row in facts if first < row["created_at"] <= last] for first, last in pairwise(edges)]
    if sum(bool(rows) for rows in weeks) >= 3:
        return "weeks", [*weeks]
    return "runs", [[row] for row in facts[-LAST_RUNS:]]


def _point(figure: _Figure, rows: Rows) -> float | None:
    """A spark line shows its values however few they are; it claims no level."""
    measured = figure.measure(rows)
    return median(measured.sample) if measured.value is None and measured.sample else measured.value


def _success_rate(rows: Rows) -> _Value:
    ended = [row["succeeded"] for row in rows if row["succeeded"] is not None]
    low, high = scores.wilson(sum(ended), len(ended)) or (None, None)
    rate = sum(ended) / len(ended) if len(ended) >= durations.FEW else None
    return _Value(rate, len(ended), low if rate is not None else None, high if rate is not None else None, [*map(float, ended)])


def _p50(column: str) -> Callable[[Rows], _Value]:
    def measure(rows: Rows) -> _Value:
        values = [row[column] for row in rows if row[column] is not None]
        return _Value(median(values) if len(values) >= durations.FEW else None, len(values), sample=values)

    return measure


def _lost(rows: Rows) -> _Value:
    values = [row["lost_seconds"] for row in rows if row["lost_seconds"] is not None]
    return _Value(sum(values) if values else None, len(values))


def _cache(rows: Rows) -> _Value:
    known = [row for row in rows if row["saved_seconds"] is not None]
    n = sum(row["lookups"] for row in rows)
    if not known:
        return _Value(None, n)
    low, high = (sum(row[end] for row in known) if all(row[end] is not None for row in known) else None
                 for end in ("saved_low", "saved_high"))
    return _Value(sum(row["saved_seconds"] for row in known), n, low, high)


def _coverage(rows: Rows) -> _Value:
    measured = [row for row in rows if row["lines"]]
    if not measured:
        return _Value(None, 0)
    return _Value(measured[-1]["lines_covered"] / measured[-1]["lines"], measured[-1]["lines"])


def _shares_may_be_equal(now: _Value, before: _Value) -> bool:
    """Whether the two-proportion z test (pooled, 5 %) sees no difference."""
    pooled = (sum(now.sample) + sum(before.sample)) / (now.n + before.n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / now.n + 1 / before.n))
    return abs((now.value or 0) - (before.value or 0)) <= 1.959963984540054 * error


def _times_may_be_equal(now: _Value, before: _Value) -> bool:
    p = durations.p_value(now.sample, before.sample)
    return p is None or p >= 0.05


def _intervals_overlap(now: _Value, before: _Value) -> bool:
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return False
    return now.low <= before.high and before.low <= now.high


def _within(size: float) -> Callable[[_Value, _Value], bool]:
    return lambda now, before: abs((now.value or 0) - (before.value or 0)) < size


_ALL_FIGURES = (
    _Figure("success_rate", "share", "runs", _success_rate, _shares_may_be_equal, less_is_better=False),
    _Figure("run_time", "seconds", "runs", _p50("run_seconds"), _times_may_be_equal, less_is_better=True),
    _Figure("lost_to_flaky", "seconds", "runs", _lost, _within(60), less_is_better=True),
    _Figure("recovery", "seconds", "recoveries", _p50("recovery_seconds"), _times_may_be_equal, less_is_better=True),
    _Figure("cache", "seconds", "lookups", _cache, _intervals_overlap, less_is_better=False),
    _Figure("coverage", "share", "lines", _coverage, _within(0.0005), less_is_better=False),  # shown to 0.1 points
)
