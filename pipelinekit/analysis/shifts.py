"""By how much does one group take longer than another, and how sure is that: the shift of ranks, within strata.

Source: Hodges & Lehmann, Ann. Math. Statist. 34 (1963), 598-611; interval from the Mann-Whitney statistic, summed over strata
(van Elteren 1960 with equal weights). It needs no bell curve, and holds exactly for a handful of values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RISK = 0.05
EXACT = 400  # pairs up to which the distribution is counted out; beyond, the normal one is as good


@dataclass(frozen=True, slots=True)
class Stratum:
    """Values that can be compared with each other, such as those of one leg."""

    slow: Sequence[float]
    fast: Sequence[float]


@dataclass(frozen=True, slots=True)
class Shift:
    """slow less fast, with its 95 % interval."""

    middle: float
    low: float
    high: float


def between(strata: Sequence[Stratum]) -> Shift | None:
    """The common shift of `slow` against `fast`; None where so few values allow no 95 % interval."""
    import numpy as np

    strata = [stratum for stratum in strata if stratum.slow and stratum.fast]
    sizes = [(len(stratum.slow), len(stratum.fast)) for stratum in strata]
    outside = _outside(sizes)
    if outside == 0:
        return None
    differences = np.sort(np.concatenate([np.subtract.outer(s.slow, s.fast).ravel() for s in strata]))
    return Shift(float(np.median(differences)), float(differences[outside - 1]), float(differences[-outside]))


def _outside(sizes: Sequence[tuple[int, int]]) -> int:
    """k such that the k-th smallest and the k-th largest difference enclose the shift with at least 95 %; 0 where there is none.

    It is the largest k with P(U <= k - 1) <= 2.5 %, U being the number of pairs in which `slow` is larger, under no shift.
    """
    import numpy as np

    pairs = sum(m * n for m, n in sizes)
    if pairs > EXACT:
        deviation = math.sqrt(sum(m * n * (m + n + 1) for m, n in sizes) / 12)
        return max(0, math.floor(pairs / 2 - 1.959963984540054 * deviation))
    chances = np.ones(1)
    for m, n in sizes:
        chances = np.convolve(chances, _mann_whitney(m, n))
    return int(np.searchsorted(np.cumsum(chances), RISK / 2, side="right"))


def _mann_whitney(m: int, n: int) -> NDArray[np.float64]:
    """The distribution of U = 0 ... m n for m against n values, none of them equal.

    Its generating function is the Gaussian binomial: the product over i = 1 ... m of (1 - q^(n + i)) / (1 - q^i).
    """
    import numpy as np

    counts = np.zeros(m * n + 1)
    counts[0] = 1.0
    for i in range(1, m + 1):
        for u in range(m * n, n + i - 1, -1):  # times 1 - q^(n + i)
            counts[u] -= counts[u - n - i]
        for u in range(i, m * n + 1):  # divided by 1 - q^i
            counts[u] += counts[u - i]
    chances: NDArray[np.float64] = counts / counts.sum()
    return chances
