"""SQL over the store: a DuckDB view for each table that the query names."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pipelinekit.records.scan import files_of, unreadable
from pipelinekit.records.tables import TABLES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_DUCKDB = {
    "string": "VARCHAR", "json": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN",
    "time": "TIMESTAMPTZ",
}  # fmt: skip


def query(store: Path, text: str) -> "pa.Table":
    """The answer as an Arrow table. Raises duckdb.Error for a wrong query, SurroundingsMissing for a broken file."""
    import duckdb  # 0.1 s that only a query needs

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            for table in TABLES:
                # A view opens every file of its table at once: only those that may be asked for are made.
                if re.search(rf"\b{table}\b", text, re.IGNORECASE):
                    connection.execute(view(store, table))
            return _answer(connection, text)
        except (duckdb.IOException, duckdb.InvalidInputException) as problem:
            if broken := re.search(r"'([^']+\.parquet)'|\"([^\"]+\.parquet)\"", str(problem)):
                raise unreadable(broken[1] or broken[2], str(problem).splitlines()[0]) from problem
            raise


def _answer(connection: "duckdb.DuckDBPyConnection", text: str) -> "pa.Table":
    import pyarrow as pa

    relation = connection.sql(text)
    return pa.table({}) if relation is None else relation.to_arrow_table()  # a statement that asks for nothing gives none


def view(store: Path, table: str) -> str:
    """The statement that makes a table's view: its columns as of today, whether or not a file has them."""
    empty = ", ".join(f'NULL::{_DUCKDB[column.kind]} AS "{column.name}"' for column in TABLES[table])
    select = f"SELECT * FROM (SELECT {empty} WHERE false)"  # noqa: S608 - names of our own, files are quoted
    if files := files_of(store, table):
        names = ", ".join(_quoted(file) for file in files)
        select += f" UNION ALL BY NAME SELECT * FROM read_parquet([{names}], union_by_name = true)"  # noqa: S608
    return f"CREATE VIEW {table} AS {select}"


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"
