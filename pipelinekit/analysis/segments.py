"""Since when does a test fail as often as it does: where its failure rate changed, between code versions.

A history is cut so that its parts, each with one unknown rate, explain it best, every cut against odds of 1 in 10,000.
Source: likelihood, prior and odds of LUCI's change point analysis (Apache-2.0); the best cuts are found all at once by optimal
partitioning (Jackson et al., IEEE Signal Proc. Letters 12 (2005), 105-108), as a failing stretch that is over shows in no one cut.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pipelinekit.analysis.scores import FALLBACK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

AGAINST = math.log(1e-4)


def starts(failures: Counts, attempts: Counts) -> list[int]:
    """Where each part of a history begins, as indices of code versions, the first always 0.

    failures, attempts: per code version, oldest first.
    """
    import numpy as np

    blocks = _blocks(failures, attempts)
    x = np.concatenate([[0], np.cumsum(failures)])[[*blocks, len(failures)]]
    n = np.concatenate([[0], np.cumsum(attempts)])[[*blocks, len(attempts)]]
    best, begins = np.zeros(len(blocks) + 1), [0]
    for end in range(1, len(blocks) + 1):
        whole = best[:end] + _likelihood(x[end] - x[:end], n[end] - n[:end])
        whole[1:] += AGAINST
        begins.append(int(np.argmax(whole)))
        best[end] = whole[begins[-1]]
    cuts, end = [], len(blocks)
    while end > 0:
        end = begins[end]
        cuts.append(blocks[end])
    return cuts[::-1] or [0]


def _blocks(failures: Counts, attempts: Counts) -> list[int]:
    """Where versions stop being alike; one that only passed, or only failed, is never cut off from its like.

    For the likelihood of two parts is convex in how many such versions go to the one and how many to the other.
    """
    import numpy as np

    kind = np.where(failures == 0, 0, np.where(failures == attempts, 1, 2))
    changes = np.flatnonzero((kind[1:] != kind[:-1]) | (kind[1:] == 2)) + 1
    return [0, *(int(change) for change in changes)] if len(attempts) else []


def _likelihood(x: Counts, n: Counts) -> NDArray[np.float64]:
    """ln of the probability of x failures in n attempts of one unknown rate with the prior FALLBACK."""
    from scipy.special import betaln

    a, b = FALLBACK.a, FALLBACK.b
    answer: NDArray[np.float64] = betaln(a + x, b + n - x) - betaln(a, b)
    return answer
