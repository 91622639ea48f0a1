"""The words that must stand wherever a run is shown: simulated, from elsewhere, uncommitted; and its state with flaky in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.views.markup import Piece, join
from pipelinekit.views.sentences import SIMULATED, label

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence, Row


def labels(run: Row) -> Piece:
    """Framed words for a run, or None where there is nothing to say."""
    found = []
    if run["simulated"]:
        found.append(label(SIMULATED))
    if run["source"] not in ("", None, "pipelinekit"):
        found.append(label(f"from {run['source']}"))
    if run["dirty"]:
        found.append(label("uncommitted changes"))
    return join(found, " ") if found else None


def state_word(run: Row) -> str:
    """The state of a run's outcome; of one without, running."""
    return run["outcome"] or "running"


def simulated(evidence: Evidence) -> Piece:
    """What a page says that shows many runs, some of them made up."""
    made_up = sum(bool(run["simulated"]) for run in evidence.runs)
    if not made_up:
        return None
    if made_up == len(evidence.runs):
        return label(SIMULATED)
    return label(f"{made_up} of {len(evidence.runs)} runs {SIMULATED}")
