"""Rows of written values as a table in a cell, and the sentence that stands there where there are none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelinekit.views.markup import tag
from pipelinekit.views.tables import Column, Row
from pipelinekit.views.tables import table as drawn

_NUMBERS = "0123456789–\u2212.<"


@dataclass(frozen=True, slots=True)
class Table:
    """rows: all with the same keys, which are the head. otherwise: what is said of no rows."""

    rows: tuple[Mapping[str, str], ...]
    otherwise: str

    def _repr_html_(self) -> str:
        if not self.rows:
            return tag("p", self.otherwise)
        columns = [Column(name, "number" if self._holds_numbers(name) else "text") for name in self.rows[0]]
        return drawn(columns, (Row(tuple(row.values())) for row in self.rows), stack=False)

    def __repr__(self) -> str:
        if not self.rows:
            return self.otherwise
        head = list(self.rows[0])
        lines = [head, *([row[name] for name in head] for row in self.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
        return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines)

    def _holds_numbers(self, name: str) -> bool:
        return all(row[name][:1] in _NUMBERS for row in self.rows)


def table(rows: Iterable[Mapping[str, object]], otherwise: str = "Nothing to show.") -> Table:
    """`table({"step": row["name"], "p50": duration(row["p50_seconds"])} for row in steps)`; None is written as nothing."""
    return Table(tuple({name: "" if value is None else str(value) for name, value in row.items()} for row in rows), otherwise)
