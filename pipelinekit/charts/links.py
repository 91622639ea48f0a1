"""Where the runs of a chart lead: the caller knows, and says it row by row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Link = Callable[[Mapping[str, Any]], str]


def nowhere(_: Mapping[str, Any]) -> str:
    return ""


def of_rows(rows: Sequence[Mapping[str, Any]], link: Link) -> list[str]:
    """Where each row leads; none where no row leads anywhere."""
    links = [link(row) for row in rows]
    return links if any(links) else []
