"""Where a failure rate changed, against a slow search over all ways to cut."""

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelinekit.analysis import segments


def log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def likelihood(x: int, n: int) -> float:
    return log_beta(0.05 + x, 0.5 + n - x) - log_beta(0.05, 0.5)


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        pytest.param([0] * 40, [0], id="never-failed"),
        pytest.param([0] * 30 + [1] * 4, [0, 30], id="broken-since-31"),
        pytest.param([0] * 30 + [1], [0], id="one-failure-is-luck"),
        pytest.param([0] * 20 + [1] * 8 + [0] * 20, [0, 20, 28], id="broken-and-mended"),
        pytest.param([1] * 20, [0], id="always-failed"),
        pytest.param([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0], [0], id="flaky-is-one-part"),
    ],
)
def test_a_history_is_cut_where_the_rate_changed(failures: list[int], expected: list[int]) -> None:
    assert segments.starts(np.array(failures), np.ones(len(failures), dtype=np.int64)) == expected


@pytest.mark.parametrize("count", [0, 1])
def test_a_history_too_short_to_cut_is_one_part(count: int) -> None:
    assert segments.starts(np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)) == [0]


def explained(pairs: list[tuple[int, int]], cuts: list[int]) -> float:
    """How well these parts explain the history, less the odds against each cut."""
    edges = [*cuts, len(pairs)]
    parts = [pairs[first:last] for first, last in pairwise(edges)]
    odds = (len(cuts) - 1) * math.log(1e-4)
    return odds + sum(likelihood(sum(x for x, _ in part), sum(n for _, n in part)) for part in parts)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)).map(lambda p: (min(p), p[1])), min_size=1, max_size=9))
@settings(max_examples=100, deadline=None)
def test_no_other_cuts_explain_a_history_better(pairs: list[tuple[int, int]]) -> None:
    found = segments.starts(np.array([x for x, _ in pairs]), np.array([n for _, n in pairs]))
    every = (
        [0, *cuts] for count in range(len(pairs)) for cuts in combinations(range(1, len(pairs)), count)
    )
    assert explained(pairs, found) == pytest.approx(max(explained(pairs, cuts) for cuts in every))
