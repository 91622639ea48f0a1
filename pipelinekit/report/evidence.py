"""What the pages are made from: the store's tables and the answers about them, each asked once and only when a page needs it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import attempts, query, windows
from pipelinekit.analysis import flaky as flaky_tests
from pipelinekit.records.scan import plain_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from pipelinekit.records.store import Store

Row = dict[str, Any]
RunKey = tuple[str, int]  # run_id, attempt

KEPT = 64  # (table, run) pairs whose rows are kept: the page of a run and that of the run before ask for some ten


class Evidence:
    """The store as the pages ask it. Tables are Arrow's, rows plain dictionaries with times in UTC."""

    def __init__(self, store: Store, title: str) -> None:
        """title: the repository's name, where the store does not say it."""
        self.store = store
        self._title = title
        self._tables: dict[str, pa.Table] = {}
        self._asked: dict[tuple[str, RunKey], list[Row]] = {}

    def table(self, name: str) -> pa.Table:
        """A table of the store, read once."""
        if name not in self._tables:
            self._tables[name] = self.store.table(name)
        return self._tables[name]

    def rows(self, name: str, key: RunKey) -> list[Row]:
        """The rows of a table that one run attempt has. Those of the last runs that were asked about are kept."""
        if (name, key) not in self._asked:
            if len(self._asked) >= KEPT:
                del self._asked[next(iter(self._asked))]
            self._asked[name, key] = self.store.rows(name, *key)
        return self._asked[name, key]

    @cached_property
    def runs(self) -> list[Row]:
        """Every run attempt, newest first."""
        found = plain_rows(self.table("runs"))
        return sorted(found, key=lambda row: (row["created_at"], row["number"], row["attempt"]), reverse=True)

    @cached_property
    def title(self) -> str:
        """The repository's name."""
        name = self.runs[0]["repository"] if self.runs else ""
        return (name or self._title).rsplit("/", 1)[-1]

    @cached_property
    def simulated(self) -> bool:
        """Whether any run is made up."""
        return any(row["simulated"] for row in self.runs)

    # --- which runs are asked about

    @cached_property
    def branch(self) -> str:
        """The branch whose history counts."""
        return attempts.main_branch(self.table("runs"))

    @cached_property
    def window(self) -> windows.Window | None:
        """The last 28 days, up to the newest run; None where there is no run."""
        return windows.last(self.table("runs"))

    @cached_property
    def recent(self) -> pa.Table:
        """The runs of the window, of any branch, oldest first."""
        return self._within(self.table("runs"))

    @cached_property
    def recent_main(self) -> pa.Table:
        """The runs of the window on the main branch, oldest first."""
        return self._within(self.main)

    @cached_property
    def before_main(self) -> pa.Table:
        """The runs of the window before, on the main branch, oldest first."""
        return self.main.slice(0, 0) if self.window is None else windows.within(self.main, self.window.before)

    @cached_property
    def main(self) -> pa.Table:
        """All runs on the main branch, oldest first."""
        return windows.chosen(self.table("runs"), branch=self.branch)

    def _within(self, runs: pa.Table) -> pa.Table:
        return runs.slice(0, 0) if self.window is None else windows.within(runs, self.window)

    # --- answers that several pages need

    @cached_property
    def flaky(self) -> pa.Table:
        """`flaky.by_test` over the window, of runs on any branch."""
        return flaky_tests.by_test(self.table("tests"), self.recent, self.table("jobs"))

    @cached_property
    def main_tables(self) -> dict[str, pa.Table]:
        """What `analysis.health` and `analysis.news` take: the runs of the main branch, and the other tables."""
        return {"runs": self.main, **{name: self.table(name) for name in ("jobs", "tests", "coverage", "caches")}}

    @cached_property
    def main_flaky(self) -> flaky_tests.Found:
        """`flaky.find` over all runs of the main branch."""
        return flaky_tests.find(self.table("tests"), self.main, self.table("jobs"))

    def failed_attempts(self, key: RunKey) -> int:
        """How many executions of tests failed in a run: in one that succeeded they passed when they ran again."""
        return self._failed.get(key, 0)

    @cached_property
    def _failed(self) -> dict[RunKey, int]:
        sql = """SELECT run_id, attempt, count(*) AS n FROM tests
                 WHERE outcome IN ('failed', 'error') AND coalesce(remembered, '') = '' GROUP BY ALL"""
        return {(row["run_id"], row["attempt"]): row["n"] for row in query.ask(sql, tests=self.table("tests")).to_pylist()}

    def all_remembered(self, key: RunKey) -> bool:
        """Whether nothing ran: every leg of the run that has an outcome to show was restored from an earlier one."""
        return key in self._all_remembered

    @cached_property
    def _all_remembered(self) -> set[RunKey]:
        sql = """SELECT run_id, attempt FROM jobs WHERE outcome <> 'skipped'
                 GROUP BY ALL HAVING bool_and(coalesce(remembered, '') <> '')"""
        return {(row["run_id"], row["attempt"]) for row in query.ask(sql, jobs=self.table("jobs")).to_pylist()}

    @cached_property
    def executions(self) -> int:
        """How many executions of tests the window holds."""
        sql = "SELECT count(*) AS n FROM tests SEMI JOIN runs USING (run_id, attempt)"
        return int(query.ask(sql, tests=self.table("tests"), runs=self.recent).column("n")[0].as_py())

    # --- where things stand

    @cached_property
    def page_names(self) -> dict[RunKey, str]:
        """The page of each run attempt: `run-12`, of a later attempt `run-12-2`; the run id tells apart what shares a number."""
        names: dict[RunKey, str] = {}
        taken: set[str] = set()
        for row in reversed(self.runs):
            key = (row["run_id"], row["attempt"])
            name = f"run-{row['number']}" + (f"-{row['attempt']}" if row["attempt"] > 1 else "")
            if name in taken:
                name = f"{name}-{_plain(row['run_id'])}"
            taken.add(name)
            names[key] = name
        return names

    def run_page(self, run_id: str | None, attempt: int | None = None) -> str:
        """The page of a run as a link's target; of its last attempt where none is given; '' where the store has no such run."""
        if run_id is None:
            return ""
        if attempt is None:
            known = [a for run, a in self.page_names if run == run_id]
            attempt = max(known, default=0)
        name = self.page_names.get((run_id, attempt))
        return f"{name}.html" if name else ""

    def page_of(self, run: Mapping[str, Any]) -> str:
        """The same for a row with run_id and attempt."""
        return self.run_page(run["run_id"], run["attempt"])

    @cached_property
    def numbers(self) -> dict[str, int]:
        """run_id -> number."""
        return {row["run_id"]: row["number"] for row in self.runs}


def _plain(run_id: str) -> str:
    return "".join(c for c in run_id if c.isalnum())[-8:]
