"""Where a run is shown: in a notebook under a heading of its own, in the report on a page of its own.

In a notebook a link to a run leads to its heading, `#Run-7`, which is how JupyterLab calls it. A notebook that is published tells
in an output of the type MIME which run each of these is, so that the report can put in the page that it has of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MIME = "application/vnd.pipelinekit.runs+json"  # anchor -> [run_id, attempt]


@dataclass(frozen=True, slots=True)
class RunRef:
    """A run attempt by its number, as one types it: 7, and 7.2 where it is not the first attempt."""

    number: int
    run_id: str
    attempt: int = 1

    def __str__(self) -> str:
        return f"{self.number}.{self.attempt}" if self.attempt > 1 else str(self.number)

    @property
    def anchor(self) -> str:
        """The id of the heading `Run 7`."""
        return f"Run-{self}"


def run_ref(row: Mapping[str, Any]) -> RunRef:
    """Of a row with number, run_id and attempt."""
    return RunRef(row["number"], row["run_id"], row["attempt"])


def in_notebook(row: Mapping[str, Any]) -> str:
    """The link to the run of such a row."""
    return f"#{run_ref(row).anchor}"


def told(runs: Iterable[RunRef]) -> dict[str, list[str | int]]:
    """Which run each anchor is, for an output of the type MIME."""
    return {run.anchor: [run.run_id, run.attempt] for run in runs}
