"""Which runs are asked about: a workflow, a branch, the last days, and the equal window before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelinekit.analysis import query

if TYPE_CHECKING:
    import pyarrow as pa

DAYS = 28


@dataclass(frozen=True, slots=True)
class Window:
    """From `begins_at` (not in it) to `ends_at` (in it), both UTC."""

    begins_at: datetime
    ends_at: datetime

    @property
    def days(self) -> int:
        return (self.ends_at - self.begins_at).days

    @property
    def before(self) -> Window:
        """The equal window that ends where this one begins."""
        return Window(self.begins_at - (self.ends_at - self.begins_at), self.begins_at)


def last(runs: pa.Table, days: int = DAYS) -> Window | None:
    """The `days` days that end with the newest run; None where there is no run.

    It ends with the newest run and not now, so that a store that was recorded long ago still answers.
    """
    newest = query.ask("SELECT max(created_at) AS at FROM runs", runs=runs).column("at")[0].as_py()
    return None if newest is None else Window(newest - timedelta(days=days), newest)


def chosen(runs: pa.Table, workflow: str = "", branch: str = "") -> pa.Table:
    """The runs of one workflow (its name, path, or file name) and one branch, oldest first; '' chooses all."""
    return query.ask(
        """SELECT * FROM runs
           WHERE ($workflow = '' OR workflow = $workflow OR path = $workflow OR path LIKE '%/' || $workflow)
             AND ($branch = '' OR branch = $branch)
           ORDER BY created_at, number, run_id, attempt""",
        {"workflow": workflow, "branch": branch},
        runs=runs,
    )


def within(runs: pa.Table, window: Window) -> pa.Table:
    """The runs that were created in `window`, oldest first."""
    return query.ask(
        """SELECT * FROM runs WHERE created_at > $begins_at AND created_at <= $ends_at
           ORDER BY created_at, number, run_id, attempt""",
        {"begins_at": window.begins_at, "ends_at": window.ends_at},
        runs=runs,
    )
