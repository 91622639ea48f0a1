"""Which days a page is about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pipelinekit.views.words import days, plural

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence


def span(evidence: Evidence, *, against: bool = False) -> str:
    """The window's days and how many runs it holds. against: says that it is compared with the window before."""
    if evidence.window is None:
        return "no run yet"
    first = max(evidence.window.begins_at + timedelta(microseconds=1), _oldest(evidence))
    compared = f", against the {evidence.window.days} days before" if against and evidence.before_main.num_rows else ""
    return f"{days(first, evidence.window.ends_at)}{compared} · {plural(evidence.recent.num_rows, 'run')}"


def _oldest(evidence: Evidence):  # type: ignore[no-untyped-def]  # a datetime; see `Evidence.runs`
    return evidence.runs[-1]["created_at"]
