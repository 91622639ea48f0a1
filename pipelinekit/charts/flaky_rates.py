"""How often does each test fail on good code, and how sure is that? An interval a test, the dearest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.charts.intervals import Interval, intervals
from pipelinekit.views.words import estimate

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.charts.picture import Picture


def flaky_rates(tests: pa.Table, most: int = 20) -> Picture | None:
    """tests: test, class, rate, rate_low, rate_high, failures, attempts (`analysis.flaky.by_test`), in the order to show.

    Only tests that are flaky or suspect are drawn, at most `most`; None where there is none.
    """
    rows = [row for row in tests.to_pylist() if row["class"] in ("flaky", "suspect") and row["rate"] is not None]
    return intervals(
        [
            Interval(
                row["test"], 100 * row["rate_low"], 100 * row["rate"], 100 * row["rate_high"],
                f"{estimate(row['rate'], row['rate_low'], row['rate_high'])} · {row['failures']} of {row['attempts']}",
            )
            for row in rows[:most]
        ],
        what="fails per attempt, 95 % interval", suffix=" %", head=("Test", "Fails per attempt"),
    )  # fmt: skip
