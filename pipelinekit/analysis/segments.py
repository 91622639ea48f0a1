"""Since when does a test fail as often as it does: where its failure rate changed, between code versions.

Source: LUCI's change point analysis (Apache-2.0): a history is cut where two rates explain it better than one, by more than the
odds of 1 in 10,000 against a change; each part is looked at again.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pipelinekit.analysis.scores import FALLBACK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AGAINST = math.log(1e-4)


def starts(failures: NDArray[np.int64], attempts: NDArray[np.int64]) -> list[int]:
    """Where each part of a history begins, as indices of code versions, the first always 0.

    failures, attempts: per code version, oldest first.
    """
    import numpy as np

    x = np.concatenate([[0], np.cumsum(failures)])
    n = np.concatenate([[0], np.cumsum(attempts)])
    begins, open_parts = [0], [(0, len(attempts))]
    while open_parts:
        first, last = open_parts.pop()
        if last - first < 2:
            continue
        cuts = np.arange(first + 1, last)
        gain = (
            _likelihood(x[cuts] - x[first], n[cuts] - n[first])
            + _likelihood(x[last] - x[cuts], n[last] - n[cuts])
            - _likelihood(x[last] - x[first], n[last] - n[first])
        )
        best = int(np.argmax(gain))
        if gain[best] + AGAINST > 0:
            cut = int(cuts[best])
            begins.append(cut)
            open_parts += [(first, cut), (cut, last)]
    return sorted(begins)


def _likelihood(x: NDArray[np.int64], n: NDArray[np.int64]) -> NDArray[np.float64]:
    """ln of the probability of x failures in n attempts of one unknown rate with the prior FALLBACK."""
    from scipy.special import betaln

    a, b = FALLBACK.a, FALLBACK.b
    answer: NDArray[np.float64] = betaln(a + x, b + n - x) - betaln(a, b)
    return answer
