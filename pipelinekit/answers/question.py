"""What a question is asked about, and what an answer is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import windows
from pipelinekit.answers.grid import Grid
from pipelinekit.views import words

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelinekit.charts.picture import Picture
    from pipelinekit.records.store import Store

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """runs: those of the window, oldest first. before: those of the equal window before."""

    store: Store
    runs: pa.Table
    before: pa.Table
    window: windows.Window

    def table(self, name: str) -> pa.Table:
        """A whole table of the store; the analysis takes from it what belongs to the runs."""
        return self.store.table(name)

    @property
    def simulated(self) -> bool:
        """Whether any of the runs is made up."""
        return any(self.runs.column("simulated").to_pylist())

    @property
    def about(self) -> str:
        """Which days and how many runs: 27 Oct – 23 Nov 2026, n = 144 runs."""
        days = words.days(self.window.begins_at, self.window.ends_at)
        return f"{days}, {words.sample(len(self.runs), 'run')}{', simulated history' if self.simulated else ''}"


def asked(store: Store, workflow: str = "", branch: str = "", days: int = windows.DAYS) -> Asked | None:
    """The runs of the last `days` days up to the newest one; None where no run is of this workflow and branch.

    workflow: a name or a file, '' for all. branch: '' for all.
    """
    runs = windows.chosen(store.table("runs"), workflow, branch)
    window = windows.last(runs, days)
    if window is None:
        return None
    return Asked(store, windows.within(runs, window), windows.within(runs, window.before), window)


def _nothing_drawn() -> Picture | None:
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """sentence: the answer, names in backticks. grids: its evidence, for people. data: the same for programs, `rows` first.

    empty: what is said where there is no grid. draw: makes the picture of it, None where there is nothing to draw. otherwise:
    said in its place.
    """

    sentence: str
    grids: Sequence[Grid] = ()
    data: Mapping[str, list[Row]] = field(default_factory=lambda: {"rows": []})
    empty: str = "There is no evidence to show."
    draw: Callable[[], Picture | None] = _nothing_drawn
    otherwise: str = "There is nothing to draw."
