"""What does each cache save? An interval a family of keys; left of 0 the cache costs more than it spares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.charts.intervals import Interval, intervals
from pipelinekit.views.words import interval, minutes

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.charts.picture import Picture


def cache_saved(families: pa.Table) -> Picture | None:
    """families: family, saved_seconds, saved_low, saved_high (`analysis.caches.by_family`).

    None where no saving is known.
    """
    rows = [row for row in families.to_pylist() if row["saved_low"] is not None and row["saved_high"] is not None]
    return intervals(
        [
            Interval(
                row["family"], row["saved_low"] / 60, row["saved_seconds"] / 60, row["saved_high"] / 60,
                f"{minutes(row['saved_seconds'])} {interval(row['saved_low'], row['saved_high'], minutes)}",
            )
            for row in rows
        ],
        what="time saved, 95 % interval", suffix=" min", head=("Keys", "Saved"),
    )  # fmt: skip
