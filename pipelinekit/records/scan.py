"""Parquet files of a table into one Arrow table, and Arrow into plain rows without pandas.

`pyarrow.dataset` would import pandas (1.1 s), and is no faster for files as small as a run's.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.table_writer import schema
from pipelinekit.records.tables import TABLES

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def scan(table: str, files: Iterable[Path], columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of the files, with the table's columns as of today.

    What an older format lacks is null, what a newer one has more is left out. columns: only these, in this order.
    Raises SurroundingsMissing, which names the file, for one that is no Parquet.
    """
    wanted = schema(table) if columns is None else pa.schema([schema(table).field(name) for name in columns])
    parts = [_read(file, wanted) for file in files]
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def stream(table: str, files: Iterable[Path], leg: str) -> Iterator[dict[str, Any]]:
    """The rows of one leg, in the files' order, some thousands at a time in memory. Raises as `scan` does."""
    names = [column.name for column in TABLES[table]]
    for file in files:
        try:
            with pq.ParquetFile(file) as parquet:
                for batch in parquet.iter_batches(batch_size=20_000, columns=names, use_threads=False):
                    if leg in (legs := batch.column("leg").to_pylist()):
                        rows = plain_rows(pa.Table.from_batches([batch]))
                        yield from (row for row, its in zip(rows, legs, strict=True) if its == leg)
        except (pa.ArrowException, OSError) as problem:
            raise unreadable(file, str(problem).splitlines()[0]) from problem


def files_of(store: Path, table: str) -> list[Path]:
    """All Parquet files of a table, in the order of their names: by run, oldest first."""
    return sorted((store / "tables" / table).rglob("*.parquet"))


def unreadable(file: Path | str, why: object) -> SurroundingsMissing:
    """The error for a file that stands among the tables and can't be read."""
    return SurroundingsMissing(
        f"cannot read {file} ({why})",
        "the other files are fine",
        "delete it; if its run has a journal, delete the file of that name in tables/runs too, and both are made again",
    )


def plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    """One dictionary a row: times as datetimes in UTC, the rest as Arrow gives it."""
    names = table.column_names
    values = [_plain_values(table.column(name)) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def for_json(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row as `--format json` prints it: ISO times, and what is JSON in the table as itself."""
    kinds = {column.name: column.kind for column in TABLES[table]}
    result: dict[str, Any] = {}
    for name, value in row.items():
        match kinds[name]:
            case "time" if value is not None:
                result[name] = value.isoformat(timespec="microseconds").replace("+00:00", "Z")
            case "json" if value is not None:
                result[name] = json.loads(value)
            case _:
                result[name] = value
    return result


def _read(file: Path, wanted: pa.Schema) -> pa.Table:
    try:
        with pq.ParquetFile(file) as parquet:
            there = set(parquet.schema_arrow.names)
            found = parquet.read([name for name in wanted.names if name in there], use_threads=False)
        if found.schema.equals(wanted):
            return found.replace_schema_metadata(wanted.metadata)
        columns = [
            found.column(field.name).cast(field.type) if field.name in there else pa.nulls(found.num_rows, field.type)
            for field in wanted
        ]
        return pa.table(columns, schema=wanted)
    except (pa.ArrowException, OSError) as problem:
        raise unreadable(file, str(problem).splitlines()[0]) from problem


def _plain_values(column: pa.ChunkedArray) -> list[Any]:
    if not pa.types.is_timestamp(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]
    # Arrow's own way to datetimes imports pandas.
    microseconds = [value for chunk in column.chunks for value in chunk.view(pa.int64()).to_pylist()]
    return [None if value is None else _EPOCH + timedelta(microseconds=value) for value in microseconds]
