"""Rows of a run that is not recorded yet, straight from its journal, as its tables will have them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelinekit.model.event import Event, LinesLogged, RunStarted
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.journal import read
from pipelinekit.records.rows import Rows, rows_of
from pipelinekit.records.tables import TABLES

Row = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def live_rows(events: Iterable[Event]) -> dict[str, list[Row]]:
    """The rows so far by their table, log lines apart; what has not ended has no outcome."""
    return {table: [_as_recorded(table, row) for row in rows] for table, rows in rows_of(events).items()}


def live_log(events: Iterable[Event], leg: str) -> Iterator[Row]:
    """The lines of one leg so far, as rows of table `logs`."""
    rows = Rows()
    for event in events:
        if isinstance(event, LinesLogged) and event.leg == leg:
            shared = rows.head(leg) | {"step_index": event.step, "stream": event.stream, "group": event.group}
            for number, (at, text) in enumerate(event.lines, event.first):
                yield _as_recorded("logs", shared | {"number": number, "at": at, "text": text})
        else:
            rows.add(event)


def beginning(journal: Path) -> Iterator[Event]:
    """The events that say which run it is; none where a newer pipelinekit wrote the journal."""
    try:
        for event in read(journal):
            yield event
            if isinstance(event, RunStarted):
                return
    except SurroundingsMissing:
        return


def _as_recorded(table: str, row: dict[str, object]) -> Row:
    recorded: Row = {}
    for column in TABLES[table]:
        value: Any = row.get(column.name)
        match column.kind:
            case "time" if value is not None:
                recorded[column.name] = _EPOCH + timedelta(microseconds=round(value * 1e6))
            case "string" if value is not None:
                recorded[column.name] = str(value)
            case _:
                recorded[column.name] = value
    return recorded
