"""The beta-binomial model, against numeric integration and published figures."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from pipelinekit.analysis import scores


def shortest_by_search(a: float, b: float, mass: float) -> tuple[float, float]:
    """The shortest interval among 20,001 that hold `mass`, each by its lower tail: slow, and without calculus."""
    tails = np.linspace(0, 1 - mass, 20_001)
    low, high = beta.ppf(tails, a, b), beta.ppf(tails + mass, a, b)
    best = int(np.argmin(high - low))
    return float(low[best]), float(high[best])


CASES = [
    pytest.param(0.05, 30.5, id="never-failed"),
    pytest.param(1.05, 29.5, id="failed-once"),
    pytest.param(5.05, 95.5, id="failed-often"),
    pytest.param(20.05, 0.5, id="failed-always"),
    pytest.param(7.0, 7.0, id="half-and-half"),
]


@pytest.mark.parametrize(("a", "b"), CASES)
def test_the_interval_is_the_shortest_that_holds_95_percent(a: float, b: float) -> None:
    low, high = scores.interval(np.array([a]), np.array([b]))
    assert (low[0], high[0]) == pytest.approx(shortest_by_search(a, b, 0.95), abs=2e-4)


@given(x=st.integers(0, 200), clean=st.integers(1, 2_000))
@settings(max_examples=60, deadline=None)
def test_the_interval_holds_95_percent_of_the_density(x: int, clean: int) -> None:
    a, b = 0.05 + x, 0.5 + clean
    low, high = scores.interval(np.array([a]), np.array([b]))
    assert 0 <= low[0] < high[0] <= 1
    assert beta.cdf(high[0], a, b) - beta.cdf(low[0], a, b) == pytest.approx(0.95, abs=1e-6)


def test_an_interval_of_a_test_that_never_failed_begins_at_0() -> None:
    low, _ = scores.interval(np.array([0.05]), np.array([10.5]))
    assert low[0] == 0


def test_nothing_observed_leaves_everything_open() -> None:
    low, high = scores.interval(np.array([0.05]), np.array([0.5]))
    assert (low[0], high[0]) == (0, 1)


def test_the_chance_of_a_rate_above_1_percent_agrees_with_integration() -> None:
    a, b = 2.05, 98.5
    grid = np.linspace(0.01, 1, 200_001)
    expected = np.trapezoid(beta.pdf(grid, a, b), grid)
    assert scores.above(np.array([a]), np.array([b]), 0.01)[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("rate", "needed"),
    [pytest.param(0.01, 299, id="1-percent"), pytest.param(0.5, 5, id="half"), pytest.param(1.0, 1, id="always")],
)
def test_clean_attempts_needed_follow_the_rate(rate: float, needed: int) -> None:
    assert scores.clean_needed(rate) == needed
    assert (1 - rate) ** needed <= 0.05


def test_a_fitted_prior_finds_the_suite_that_made_the_counts() -> None:
    picks = np.random.default_rng(7)
    rates = picks.beta(0.2, 4.0, size=4_000)
    attempts = np.full(4_000, 60.0)
    prior = scores.fit(picks.binomial(60, rates).astype(float), attempts)
    assert prior.fitted
    assert prior.a == pytest.approx(0.2, rel=0.15)
    assert prior.b == pytest.approx(4.0, rel=0.25)


def test_a_fitted_prior_keeps_the_expected_failures_honest() -> None:
    picks = np.random.default_rng(11)
    rates = np.where(np.arange(3_000) < 90, picks.beta(0.5, 10, size=3_000), 0.0)
    x = picks.binomial(20, rates).astype(float)
    prior = scores.fit(x, np.full(3_000, 20.0))
    expected = float(((prior.a + x) / (prior.a + prior.b + 20)).sum())
    assert expected == pytest.approx(float(rates.sum()), rel=0.35)  # a uniform prior says 30 times as much
    assert float(((1 + x) / 22).sum()) > 10 * float(rates.sum())


@pytest.mark.parametrize(
    ("failures", "tests"),
    [pytest.param([1.0] * 3 + [0.0] * 16, 19, id="few-tests"), pytest.param([1.0] * 2 + [0.0] * 98, 100, id="few-that-failed")],
)
def test_a_small_suite_takes_the_fallback(failures: list[float], tests: int) -> None:
    assert scores.fit(np.array(failures), np.full(tests, 10.0)) == scores.FALLBACK


def test_counts_without_spread_take_the_fallback() -> None:
    assert scores.fit(np.full(50, 5.0), np.full(50, 10.0)) == scores.FALLBACK


@pytest.mark.parametrize(
    ("successes", "n", "expected"),
    [
        pytest.param(0, 10, (0.0, 0.27753), id="none"),
        pytest.param(81, 263, (0.25529, 0.36619), id="newcombe-1998"),  # Statist. Med. 17 (1998), table I
        pytest.param(10, 10, (0.72247, 1.0), id="all"),
    ],
)
def test_wilson_agrees_with_published_intervals(successes: int, n: int, expected: tuple[float, float]) -> None:
    assert scores.wilson(successes, n) == pytest.approx(expected, abs=1e-4)


def test_wilson_says_nothing_about_nothing() -> None:
    assert scores.wilson(0, 0) is None


def test_the_fallback_is_luci_s() -> None:
    assert (scores.FALLBACK.a, scores.FALLBACK.b) == (0.05, 0.5)
    assert math.isclose(scores.FALLBACK.a / (scores.FALLBACK.a + scores.FALLBACK.b), 1 / 11)
