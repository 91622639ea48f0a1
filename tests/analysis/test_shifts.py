"""The shift between two groups, against counting out every arrangement."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from pipelinekit.analysis import shifts
from pipelinekit.analysis.shifts import Stratum


def counted_out(m: int, n: int) -> list[int]:
    """How many of all arrangements of m and n values have U = 0 ... m n."""
    counts = [0] * (m * n + 1)
    for places in combinations(range(m + n), m):
        counts[sum(place - i for i, place in enumerate(places))] += 1
    return counts


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 3), (4, 4), (5, 2)])
def test_the_distribution_is_that_of_all_arrangements(m: int, n: int) -> None:
    counts = counted_out(m, n)
    assert shifts._mann_whitney(m, n) == pytest.approx(np.array(counts) / sum(counts))


def test_the_shift_is_the_median_of_all_differences() -> None:
    shift = shifts.between([Stratum([30.0, 32.0, 31.0, 35.0], [10.0, 12.0, 11.0, 9.0])])
    assert shift is not None
    assert shift.middle == 21.0  # of 16 differences from 18 to 26
    assert (shift.low, shift.high) == (18.0, 26.0)  # 4 against 4: only the outermost pair leaves 5 % or less out


@pytest.mark.parametrize(
    "strata",
    [
        pytest.param([], id="nothing"),
        pytest.param([Stratum([3.0], [1.0])], id="one-pair"),
        pytest.param([Stratum([3.0, 4.0], [1.0, 2.0, 1.5, 1.2])], id="15-arrangements-can-not-reach-95-percent"),
        pytest.param([Stratum([3.0] * 9, [])], id="no-fast-one"),
    ],
)
def test_too_few_values_give_no_shift(strata: list[Stratum]) -> None:
    assert shifts.between(strata) is None


def test_strata_that_are_too_few_alone_are_enough_together() -> None:
    leg = Stratum([13.0, 14.0], [1.0, 2.0, 1.5, 1.2])
    slower = Stratum([113.0, 114.0], [101.0, 102.0, 101.5, 101.2])
    shift = shifts.between([leg, slower, leg])
    assert shift is not None
    assert 11.0 <= shift.low <= shift.middle <= shift.high <= 13.0  # the legs' own difference of 100 is not in it


def test_no_difference_gives_an_interval_around_0() -> None:
    picks = np.random.default_rng(3)
    shift = shifts.between([Stratum(picks.normal(60, 2, 40).tolist(), picks.normal(60, 2, 60).tolist())])
    assert shift is not None
    assert shift.low < 0 < shift.high


@given(st.integers(0, 2**32 - 1), st.integers(4, 8), st.integers(4, 8))
@settings(max_examples=40, deadline=None)
def test_the_interval_leaves_out_0_exactly_where_the_test_rejects_it(seed: int, m: int, n: int) -> None:
    picks = np.random.default_rng(seed)
    slow, fast = picks.normal(1.5, 1, m), picks.normal(0, 1, n)
    shift = shifts.between([Stratum(slow.tolist(), fast.tolist())])
    assert shift is not None
    p = mannwhitneyu(slow, fast, method="exact").pvalue
    assert (shift.low > 0 or shift.high < 0) == (p <= 0.05)


def test_the_normal_distribution_takes_over_without_a_step() -> None:
    exact = shifts._outside([(20, 20)])
    normal = shifts._outside([(21, 20)])
    assert exact == 128  # tables of the Mann-Whitney test: critical value 127 at 5 %, two-sided, for 20 and 20
    assert normal == pytest.approx(exact * 21 / 20, abs=2)


def test_95_of_100_intervals_hold_the_true_shift() -> None:
    picks = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        strata = [Stratum((picks.exponential(5, 3) + 20).tolist(), picks.exponential(5, 5).tolist()) for _ in range(3)]
        shift = shifts.between(strata)
        assert shift is not None
        held += shift.low <= 20 <= shift.high
    assert held / 400 >= 0.93
