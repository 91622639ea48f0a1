"""The store: a folder with journals and Parquet tables, read as tables, data frames or SQL."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelinekit.model.event import Event
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.shown import Shown, ShownList
from pipelinekit.records.journal import Journal, journal_path, read
from pipelinekit.records.live import beginning, live_log, live_rows
from pipelinekit.records.number import next_number
from pipelinekit.records.recover import is_recorded, recover, unrecorded
from pipelinekit.records.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FOLDER = ".pipelinekit"
VARIABLE = "PIPELINEKIT_STORE"

Row = dict[str, Any]  # by column of records/tables.py; times are datetimes in UTC


class Runs(ShownList[Row]):
    """Rows of table `runs`, newest first."""


class Store(Shown):
    """Everything that was recorded about the runs of a repository. One that is not there yet holds nothing."""

    def __init__(self, path: Path | str | None = None) -> None:
        """path: the store's folder; without it the one that `pipelinekit` would take in the current folder."""
        if path is None:
            # Who says `Store()` in a notebook or a script stands above `main`, where surroundings may be read.
            path = Store.find(Path.cwd(), os.environ).path
        # Without `..`, so that what is above it is found from its path; `resolve` would follow links too.
        self.path: Path = Path(os.path.abspath(path))  # noqa: PTH100

    @classmethod
    def find(cls, directory: Path, environment: Mapping[str, str], given: str | None = None) -> "Store":
        """The store that is meant in a folder: the given one (`--store`), the variable's, else the repository's own.

        The repository's top is the nearest folder upwards with a `.git`; outside of one the store is the folder's own.
        """
        if named := given or environment.get(VARIABLE):
            return cls(directory / named)
        tops = (folder for folder in (directory, *directory.parents) if (folder / ".git").exists())
        return cls(next(tops, directory) / FOLDER)

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def make(self) -> None:
        """Make the folder, which git then ignores, if it is not there. Raises SurroundingsMissing."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            ignore = self.path / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        except OSError as problem:
            raise _unwritable(self.path, problem) from problem

    # --- tables

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables; each is there, if only without rows."""
        return tuple(TABLES)

    def table(self, name: str, *, columns: list[str] | None = None, **where: object) -> "pa.Table":
        """A table as Arrow: `store.table("steps", columns=["leg", "name"], run_id=..., attempt=1)`.

        where: columns that must equal a value, or one of a list. Raises KeyError for an unknown table or column,
        SurroundingsMissing for a broken file.
        """
        self._known(name, [*(columns or ()), *where])
        from pipelinekit.records.scan import scan  # pyarrow: 0.2 s that only reading needs

        run_id = where.get("run_id")
        files = self._files(name, run_id if isinstance(run_id, str) else None)
        read_too = None if columns is None else [*columns, *(c for c in where if c not in columns)]
        found = scan(name, files, read_too)
        if where:
            import pyarrow.compute as pc

            for column, value in where.items():
                field = pc.field(column)
                found = found.filter(field.isin(value) if isinstance(value, list | tuple) else field == value)
        return found if columns is None else found.select(columns)

    def frame(self, name: str, *, columns: list[str] | None = None, **where: object) -> "pd.DataFrame":
        """The same as a pandas data frame, times aware of UTC."""
        return self.table(name, columns=columns, **where).to_pandas()  # type: ignore[no-any-return]

    def sql(self, query: str) -> "pa.Table":
        """What DuckDB answers, every table being a view of its name: `store.sql("select count(*) from tests")`.

        Raises duckdb.Error for a query that is wrong.
        """
        from pipelinekit.records.sql import query as answer  # duckdb: 0.1 s that only a query needs

        return answer(self.path, query)

    def rows(self, name: str, run_id: str, attempt: int) -> list[Row]:
        """The rows that one run attempt has in a table, also while it still lives (the log's apart, see `log`)."""
        if (journal := self._unrecorded(run_id, attempt)) is not None:
            return live_rows(read(journal)).get(name, [])
        from pipelinekit.records.scan import plain_rows, scan

        found = plain_rows(scan(name, self._files(name, run_id)))
        return [row for row in found if row["run_id"] == run_id and row["attempt"] == attempt]

    # --- runs

    def runs(self) -> Runs:
        """The rows of table `runs`, newest first."""
        from pipelinekit.records.scan import files_of, plain_rows, scan

        return _newest_first(plain_rows(scan("runs", files_of(self.path, "runs"))))

    def live_runs(self) -> Runs:
        """Rows as of table `runs`, but of runs that have not ended: their outcome is None. Newest first."""
        begun = [live_rows(beginning(journal)) for journal in unrecorded(self.path)]
        return _newest_first([row for tables in begun for row in tables.get("runs", ())])

    def find_run(self, text: str) -> Row:
        """The run that a person means: its number, its run id, or the beginning of one; of a run its last attempt.

        A run that still lives is found too. Raises WorkflowInvalid, which lists what there is.
        """
        runs = _newest_first(self.live_runs() + self.runs())
        wanted = text.removeprefix("#").lower()
        found = [row for row in runs if str(row["number"]) == wanted]
        found = found or [row for row in runs if wanted and row["run_id"].startswith(wanted)]
        if len({row["run_id"] for row in found}) == 1:
            return found[0]
        what = f'several runs are called "{text}"' if found else f'no run is called "{text}"'
        listed = ", ".join(f"{row['number']} ({row['run_id'][:13]})" for row in (found or runs)[:10])
        hint = f"newest first: {listed}" if listed else f"{self.path} holds no run yet"
        raise WorkflowInvalid(Problem("run", what, hint=hint))

    def find_attempt(self, text: str) -> Row:
        """One attempt of a run: `7.1` is the first one of run 7; without the dot as `find_run`. Raises WorkflowInvalid."""
        name, _, attempt = text.partition(".")
        last = self.find_run(name)
        if not attempt:
            return last
        rows = [row for row in _newest_first(self.live_runs() + self.runs()) if row["run_id"] == last["run_id"]]
        chosen = [row for row in rows if str(row["attempt"]) == attempt]
        if not chosen:
            hint = f"attempts, newest first: {', '.join(str(row['attempt']) for row in rows)}"
            raise WorkflowInvalid(Problem("run", f'run {last["number"]} has no attempt "{attempt}"', hint=hint))
        return chosen[0]

    def next_number(self) -> int:
        """The number of a new run, given out once. Raises SurroundingsMissing."""
        self.make()
        try:
            return next_number(self.path, lambda: max((row["number"] for row in self.runs()), default=0))
        except OSError as problem:
            raise _unwritable(self.path, problem) from problem

    # --- journals

    def journals(self) -> list[Path]:
        """All journals, oldest first."""
        return sorted((self.path / "journals").glob("*.jsonl"))

    def start_journal(self, run_id: str, attempt: int) -> Journal:
        """A new journal, which holds its lock until it is closed. Raises FileExistsError, SurroundingsMissing."""
        self.make()
        return Journal.create(self.path, run_id, attempt)

    def events(self, run_id: str, attempt: int) -> Iterator[Event]:
        """What happened in a run attempt, in order; nothing where its journal is gone."""
        path = journal_path(self.path, run_id, attempt)
        return read(path) if path.exists() else iter(())

    def record(self, journal: Journal) -> None:
        """Make the Parquet files of a run attempt from its journal, which is still held. Raises SurroundingsMissing."""
        from pipelinekit.records.record import record  # pyarrow: 0.2 s that only a run's end needs

        record(self.path, journal.path)

    def recover(self) -> list[str]:
        """Close and record the runs whose process was killed; their run ids, as they may have left places behind."""
        return recover(self.path)

    # --- logs

    def log(self, run_id: str, attempt: int, leg: str) -> Iterator[Row]:
        """The lines of one leg's log, as rows of table `logs`, in their order; a few at a time in memory."""
        if (journal := self._unrecorded(run_id, attempt)) is not None:
            return live_log(read(journal), leg)
        from pipelinekit.records.scan import stream

        rows = stream("logs", self._files("logs", run_id), leg)
        return (row for row in rows if row["run_id"] == run_id and row["attempt"] == attempt)

    # --- inside

    def _files(self, table: str, run_id: str | None) -> list[Path]:
        from pipelinekit.records.scan import files_of

        # What we write names its run; a file of another name, made by hand or by another tool, may hold any.
        files = files_of(self.path, table)
        own = [] if run_id is None else [file for file in files if file.name.startswith(f"{run_id}-")]
        return own or files

    def _unrecorded(self, run_id: str, attempt: int) -> Path | None:
        journal = journal_path(self.path, run_id, attempt)
        return journal if journal.exists() and not is_recorded(self.path, journal) else None

    def _known(self, name: str, columns: list[str]) -> None:
        if name not in TABLES:
            raise KeyError(f'no table is called "{name}"; tables here: {", ".join(TABLES)}')
        there = [column.name for column in TABLES[name]]
        for column in columns:
            if column not in there:
                raise KeyError(f'table "{name}" has no column "{column}"; columns: {", ".join(there)}')


def _unwritable(path: Path, problem: OSError) -> SurroundingsMissing:
    return SurroundingsMissing(
        f"cannot write the store {path} ({problem.strerror})", "make room for it, or name another store: --store DIR"
    )


def _newest_first(rows: list[Row]) -> Runs:
    # A run id begins with its time; attempts of one run come after it, whenever that was.
    return Runs(sorted(rows, key=lambda row: (row["started_at"], row["run_id"], row["attempt"]), reverse=True))
