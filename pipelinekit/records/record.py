"""A journal into Parquet: one file a table, `runs` last, so that a reader who starts from there sees whole attempts."""

from collections.abc import Iterable
from json.encoder import (
    encode_basestring as quoted,  # as a JSON string; a whole encoder for each log line takes 4 times as long
)
from pathlib import Path

from pipelinekit.model.event import Event, LinesLogged
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.journal import read
from pipelinekit.records.rows import Rows
from pipelinekit.records.table_writer import TableWriter, time_text
from pipelinekit.records.tables import TABLES


def record(store: Path, journal: Path) -> None:
    """Make the Parquet files of the run attempt that the journal tells of; made again they are the same.

    store: the store's folder. Who calls this holds the journal's lock, or is alone. The log goes through in pieces, so
    that memory does not grow with it. Raises SurroundingsMissing when the disk is full; `recover` tries again.
    """
    name = f"{journal.stem}.parquet"
    writers = {table: TableWriter(table, store / "tables" / table / name) for table in TABLES}
    try:
        _write(read(journal), writers)
        for writer in writers.values():
            writer.close()
        for table, writer in writers.items():
            if table != "runs":
                writer.finish()
        writers["runs"].finish()
    except OSError as problem:
        raise SurroundingsMissing(
            f"cannot write the tables in {store} ({problem.strerror or problem})",
            f"the run is kept in {journal}, and its tables are made at the next command",
            "make room on the disk",
        ) from problem
    finally:
        for writer in writers.values():
            writer.abandon()


def _write(events: Iterable[Event], writers: dict[str, TableWriter]) -> None:
    rows = Rows()
    for event in events:
        if isinstance(event, LinesLogged):
            _write_lines(event, rows, writers["logs"])
        else:
            for table, row in rows.add(event):
                writers[table].add(row)
    for table, row in rows.end():
        writers[table].add(row)


def _write_lines(event: LinesLogged, rows: Rows, logs: TableWriter) -> None:
    shared = {"step_index": event.step, "stream": event.stream, "group": event.group}
    start = logs.encode(rows.head(event.leg) | shared)
    for number, (at, text) in enumerate(event.lines, event.first):
        logs.add_json(f'{start},"number":{number},"at":"{time_text(at)}","text":{quoted(text)}}}\n')
