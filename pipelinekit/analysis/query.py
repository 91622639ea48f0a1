"""How this room asks: SQL over tables that are handed in, and results whose columns are promised.

The answers of a question are made by DuckDB inside Arrow's memory, so ten million rows cost no Python loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Columns = Mapping[str, str]  # name of a result's column -> string, int, float, bool, time, strings, floats


class MissingColumn(ValueError):
    """A table that was handed in lacks a column that the question needs."""


def require(table: pa.Table, name: str, columns: Iterable[str]) -> None:
    """Raise MissingColumn where `table`, known as `name`, lacks one of `columns`."""
    lacking = [column for column in columns if column not in table.column_names]
    if lacking:
        raise MissingColumn(
            f'table "{name}" has no column {", ".join(lacking)}; it has {", ".join(table.column_names) or "none"}'
        )


def ask(sql: str, values: Mapping[str, Any] | None = None, **tables: pa.Table) -> pa.Table:
    """The answer of one SELECT over `tables`, each known by its name. values: for `$name` in the SQL."""
    import duckdb  # 60 ms, which only an answer needs

    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        connection.execute("SET TimeZone = 'UTC'")
        return connection.sql(sql, params=dict(values or {})).to_arrow_table()


@cache
def _engine() -> Any:
    """An empty database in memory, opened once (16 ms); a question registers its tables in a cursor of its own."""
    import duckdb  # 60 ms, which only an answer needs

    return duckdb.connect()


def shaped(table: pa.Table, columns: Columns) -> pa.Table:
    """The promised columns of `table`, in their order and with their types."""
    import pyarrow as pa

    fields = schema(columns)
    return pa.table([table.column(field.name).cast(field.type) for field in fields], schema=fields)


def rows(records: Sequence[Mapping[str, Any]], columns: Columns) -> pa.Table:
    """A table of promised columns from one mapping a row; what a row lacks is null."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(records), schema=schema(columns))


def schema(columns: Columns) -> pa.Schema:
    """The Arrow schema of promised columns."""
    import pyarrow as pa

    kinds = {
        "string": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
        "strings": pa.list_(pa.string()),
        "floats": pa.list_(pa.float64()),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
