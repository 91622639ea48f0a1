"""The store: where it is, whether it can be written, and what lies in it that nobody needs any more."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Finding, Health
from pipelinekit.records.journal import is_alive
from pipelinekit.records.recover import unrecorded
from pipelinekit.views.words import plural, size
from pipelinekit.workbench.kept import kept_places

LARGE_BYTES = 10_000_000_000
COUNT_SECONDS = 0.5  # a store may hold a hundred thousand files


def store(machine: Machine) -> Iterator[Finding]:
    path = machine.store.path
    there = next(place for place in (path, *path.parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        mend = f"sudo chown -R $USER {there}, or name another: --store DIR"
        yield Finding("store", Health.MISSING, f"{there} can't be written", mend)
        return
    if there != path:
        yield Finding("store", Health.FINE, f"none yet; the first run makes {path}")
        return
    runs = sum(1 for _ in (path / "tables" / "runs").glob("*.parquet"))
    used, whole = _size(path)
    detail = f"{path}, {plural(runs, 'run attempt')}, {'' if whole else 'more than '}{size(used)}"
    if used > LARGE_BYTES:
        yield Finding("store", Health.WARNING, detail, "pipelinekit clean, or begin a new one: --store DIR")
    else:
        yield Finding("store", Health.FINE, detail)
    yield from _dead(path)
    yield from _kept(machine)


def _dead(path: Path) -> Iterator[Finding]:
    journals = unrecorded(path)
    dead = [journal for journal in journals if not is_alive(journal)]
    if dead:
        detail = f"{plural(len(dead), 'run was', 'runs were')} killed and not recorded yet"
        yield Finding("runs", Health.WARNING, detail, "pipelinekit runs")
    if alive := len(journals) - len(dead):
        yield Finding("runs", Health.FINE, f"{plural(alive, 'run')} under way")


def _kept(machine: Machine) -> Iterator[Finding]:
    places = kept_places(machine.store)
    past = [place for place in places if place.leg.until < machine.now]
    if past:
        detail = f"{plural(len(past), 'leg stands', 'legs stand')} at a stop for longer than a day"
        yield Finding("kept", Health.WARNING, detail, "pipelinekit clean")
    if rest := len(places) - len(past):
        yield Finding("kept", Health.FINE, f"{plural(rest, 'leg stands', 'legs stand')} at a stop; `pipelinekit resume` goes on")


def _size(folder: Path) -> tuple[int, bool]:
    """Bytes in the files below it, and whether all were counted in time."""
    until, total = time.monotonic() + COUNT_SECONDS, 0
    for above, _, names in os.walk(folder):
        if time.monotonic() > until:
            return total, False
        for name in names:
            try:
                total += os.lstat(os.path.join(above, name)).st_size  # noqa: PTH118 - Path would take twice as long
            except FileNotFoundError:
                continue  # a run is at work here
    return total, True
