"""Rows of one table into one Parquet file, a row group at a time.

Rows are gathered as lines of JSON, which pyarrow's own reader makes into columns: the obvious `pa.array` imports
pandas, which takes longer than a small run (1.1 s).
"""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from time import gmtime, strftime
from typing import Any

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq

from pipelinekit.records.tables import FORMAT, TABLES, Kind

ROW_GROUP_BYTES = 8_000_000  # of JSON: some 30,000 log lines, and all that a table holds in memory
_ARROW = {
    "string": pa.string(), "json": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
}  # fmt: skip
_INT64 = 2**63


@cache
def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table, its format number among the metadata."""
    columns = [(column.name, _ARROW[column.kind]) for column in TABLES[table]]
    return pa.schema(columns, metadata={"pipelinekit.format": str(FORMAT)})


class TableWriter:
    """Writes a file under a name that nobody takes for a table; `finish` gives it its own. No row: no file."""

    def __init__(self, table: str, path: Path) -> None:
        self.path = path
        self._temporary = path.with_suffix(".unfinished")
        self._schema = schema(table)
        self._kinds: dict[str, Kind] = {column.name: column.kind for column in TABLES[table]}
        self._lines: list[str] = []
        self._size = 0
        self._file: pq.ParquetWriter | None = None

    def add(self, row: Mapping[str, object]) -> None:
        """Add a row: values by column, times as seconds since 1970. What is missing, or does not fit, is null."""
        self.add_json(self.encode(row) + "}\n")

    def encode(self, row: Mapping[str, object]) -> str:
        """The row as a JSON object that is not closed yet."""
        return _ENCODER.encode({name: _fit(self._kinds[name], value) for name, value in row.items()})[:-1]

    def add_json(self, line: str) -> None:
        """Add a row that is JSON already, its line's end included."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= ROW_GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        content = "".join(self._lines).encode("utf-8", "replace")
        self._lines, self._size = [], 0
        table = pyarrow.json.read_json(
            pa.BufferReader(content),
            # One block: a row may not stand across two.
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(content) + 1),
            parse_options=pyarrow.json.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error"),
        )
        if self._file is None:
            self._temporary.parent.mkdir(parents=True, exist_ok=True)
            self._file = pq.ParquetWriter(self._temporary, self._schema, compression="zstd")
        self._file.write_table(table)

    def close(self) -> None:
        """Write out the rest, still under the temporary name."""
        if self._lines:
            self._flush()
        if self._file is not None:
            self._file.close()

    def finish(self) -> None:
        """Take the place of the file that an earlier recording made, if there was one."""
        if self._file is None:
            self.path.unlink(missing_ok=True)
        else:
            self._temporary.replace(self.path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):  # a full disk takes no footer either
            if self._file is not None:
                self._file.close()
        with suppress(OSError):
            self._temporary.unlink()


def time_text(at: float) -> str:
    """Seconds since 1970 as Arrow's JSON reader takes them, to the microsecond."""
    second, microsecond = divmod(round(at * 1e6), 1_000_000)
    return f"{_second_text(second)}.{microsecond:06d}"


@lru_cache(maxsize=64)
def _second_text(second: int) -> str:
    return strftime("%Y-%m-%d %H:%M:%S", gmtime(second))


def _fit(kind: Kind, value: Any) -> object:
    # What a report says may be NaN, and what a step annotates a line that no file has: neither may stop the recording.
    match kind:
        case "time" if value is not None:
            return time_text(value)
        case "float" if value is not None and not math.isfinite(value):
            return None
        case "int" if value is not None and not -_INT64 <= value < _INT64:
            return None
        case _:
            return value


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
