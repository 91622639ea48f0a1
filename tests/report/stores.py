"""Stores that every page must have something to say about."""

import dataclasses
from pathlib import Path
from typing import Any

from pipelinekit.model.event import Event, RunStarted
from pipelinekit.records.store import Store
from tests.made_store import make_store, run_events
from tests.views.parsed import HOSTILE

# Fields that hold words of authors, tools and strangers, by which nothing is looked up.
SAID = {
    "subject", "actor", "branch", "workflow", "path", "repository", "event", "host", "reason", "image", "name", "uses", "message",
    "title", "file", "text", "group", "suite", "key", "matched_key", "condition", "flag",
}  # fmt: skip
# Fields that tie events together: changed everywhere in the same way.
TIED = {"leg", "job", "test", "class_name"}


def empty(folder: Path) -> Store:
    return Store(folder)


def one_run(folder: Path) -> Store:
    return make_store(folder, runs=1)


def failed_run(folder: Path) -> Store:
    return make_store(folder, runs=3)


def made(folder: Path) -> Store:
    return make_store(folder, runs=12)


def hostile(folder: Path) -> Store:
    """Runs 3 to 11, in which every name and every text is hostile."""
    return record(folder, [[_hostile(event) for event in run_events(number)] for number in range(3, 12)])


def simulated(folder: Path) -> Store:
    """Six runs, the first two made up, the rest real."""
    runs = [list(run_events(number)) for number in range(1, 7)]
    for events in runs[:2]:
        assert isinstance(events[0], RunStarted)
        events[0] = dataclasses.replace(events[0], simulated=True, source="replay")
    return record(folder, runs)


def record(folder: Path, runs: list[list[Event]]) -> Store:
    store = Store(folder)
    for events in runs:
        assert isinstance(events[0], RunStarted)
        with store.start_journal(events[0].run_id, events[0].attempt) as journal:
            for event in events:
                journal.append(event)
            store.record(journal)
    return store


ALL_STORES = {
    "empty": empty,
    "one run": one_run,
    "three runs": failed_run,
    "twelve runs": made,
    "hostile": hostile,
    "simulated": simulated,
}


def _hostile(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _field(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)
    return value


def _field(name: str, value: Any) -> Any:
    if name == "lines" and isinstance(value, tuple):
        return tuple((at, f"{text} {HOSTILE}") for at, text in value)
    if name == "needs":
        return tuple(f"{need} {HOSTILE}" for need in value)
    if isinstance(value, tuple):
        return tuple(_hostile(each) for each in value)
    if type(value) is str and value and (name in SAID or name in TIED):
        return f"{value} {HOSTILE}"
    return value
