"""How a row of table `runs` or `jobs` is said."""

from typing import Any

Row = dict[str, Any]


def word(row: Row, column: str = "outcome") -> str:
    """The outcome's word; of what has none yet, `running`, or `queued` before it started."""
    return row[column] or ("running" if row["started_at"] else "queued")
