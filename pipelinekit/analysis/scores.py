"""How often does something fail, and how sure is that: the beta-binomial model in closed form.

x failures in n attempts and a prior Beta(a, b) leave Beta(a + x, b + n - x). Source: Gelman et al., Bayesian Data Analysis,
3rd ed., sections 2.4 and 5.3 (the prior from the tests themselves); fallback prior: LUCI's change point analysis, Beta(0.05, 0.5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MASS = 0.95
FEWEST_TESTS, FEWEST_FAILING = 20, 3  # below these a fitted prior would say more about luck than about the suite


@dataclass(frozen=True, slots=True)
class Prior:
    a: float
    b: float
    fitted: bool


FALLBACK = Prior(0.05, 0.5, fitted=False)


def fit(failures: Floats, attempts: Floats) -> Prior:
    """The prior under which the counts of a suite's tests are most likely; FALLBACK where they are too few to tell.

    Maximises the sum over tests of ln B(a + x, b + n - x) - ln B(a, b) over a in 0.0001-10 and b in 0.01-10,000.
    """
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import betaln

    if len(attempts) < FEWEST_TESTS or int((failures > 0).sum()) < FEWEST_FAILING:
        return FALLBACK
    pairs, weights = np.unique(np.column_stack([failures, attempts]), axis=0, return_counts=True)
    x, n = pairs[:, 0], pairs[:, 1]

    def unlikelihood(logs: Floats) -> float:
        a, b = np.exp(logs)
        return -float(weights @ (betaln(a + x, b + n - x) - betaln(a, b)))

    bounds = [(math.log(1e-4), math.log(10)), (math.log(1e-2), math.log(1e4))]
    best = minimize(unlikelihood, [math.log(FALLBACK.a), math.log(FALLBACK.b)], method="Nelder-Mead", bounds=bounds)
    on_edge = any(abs(log - edge) < 1e-3 for log, edges in zip(best.x, bounds, strict=True) for edge in edges)
    a, b = (float(value) for value in np.exp(best.x))
    return FALLBACK if on_edge or not best.success else Prior(a, b, fitted=True)


def interval(a: Floats, b: Floats, mass: float = MASS) -> tuple[Floats, Floats]:
    """The highest-density interval of each Beta(a, b): the shortest that holds `mass`.

    It holds 0 where the density falls from there on, which an equal-tailed one never does. A density with two peaks
    (a and b up to 1: nothing was observed) has none; then it is 0 to 1.
    """
    import numpy as np
    from scipy.special import betaincinv, xlog1py, xlogy

    low, high = np.zeros_like(a), np.ones_like(a)
    falling, rising, peaked = (a <= 1) & (b > 1), (a > 1) & (b <= 1), (a > 1) & (b > 1)
    high[falling] = betaincinv(a[falling], b[falling], mass)
    low[rising] = betaincinv(a[rising], b[rising], 1 - mass)
    a, b = a[peaked], b[peaked]
    below, above = np.zeros_like(a), np.full_like(a, 1 - mass)  # the mass left of the interval lies between them
    for _ in range(50):  # bisection until both ends are equally dense: 2^-50
        middle = (below + above) / 2
        left, right = betaincinv(a, b, middle), betaincinv(a, b, middle + mass)
        too_far_left = xlogy(a - 1, left) + xlog1py(b - 1, -left) < xlogy(a - 1, right) + xlog1py(b - 1, -right)
        below, above = np.where(too_far_left, middle, below), np.where(too_far_left, above, middle)
    low[peaked], high[peaked] = betaincinv(a, b, below), betaincinv(a, b, below + mass)
    return low, high


def above(a: Floats, b: Floats, rate: float) -> Floats:
    """The probability that the failure rate is above `rate`."""
    from scipy.special import betaincc

    answer: Floats = betaincc(a, b, rate)
    return answer


def clean_needed(rate: float, risk: float = 0.05) -> int:
    """Attempts without a failure after which a test of this failure rate counts as mended: ln(risk) / ln(1 - rate), 299 for 1 %."""
    return math.ceil(math.log(risk) / math.log1p(-rate)) if rate < 1 else 1


def wilson(successes: int, n: int) -> tuple[float, float] | None:
    """The 95 % Wilson score interval of a share; None where n is 0. Source: Wilson, JASA 22 (1927), 209-212."""
    if n == 0:
        return None
    z, p = 1.959963984540054, successes / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))
