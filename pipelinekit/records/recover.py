"""Runs whose process is gone: told to their end as cancelled, with all that they had done, and recorded."""

from collections.abc import Iterator
from pathlib import Path

from pipelinekit.model.event import Event, LegFinished, RunFinished, StepFinished
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.model.run_state import RunState, fold
from pipelinekit.records.journal import SUFFIX, Journal, read

KILLED = "pipelinekit was killed"


def recover(store: Path) -> list[str]:
    """Close and record every dead run that is not recorded yet; their run ids, oldest first.

    Two processes may do this at once: a run goes to the one that gets its journal's lock. Journals of a newer format
    are left alone. Raises SurroundingsMissing when the disk is full.
    """
    recovered = []
    for path in unrecorded(store):
        journal = Journal.claim(path)
        if journal is None:
            continue
        with journal:
            if not is_recorded(store, path) and _close_and_record(store, journal):
                recovered.append(path.stem.rpartition("-")[0])
    return recovered


def unrecorded(store: Path) -> list[Path]:
    """The journals without Parquet, oldest first: of runs that live, and of dead ones."""
    return [path for path in sorted((store / "journals").glob(f"*{SUFFIX}")) if not is_recorded(store, path)]


def is_recorded(store: Path, journal: Path) -> bool:
    """Whether the tables of this run attempt are whole: its `runs` file, the last one, is there."""
    return (store / "tables" / "runs" / f"{journal.stem}.parquet").exists()


def closing_events(state: RunState, at: float) -> Iterator[Event]:
    """What a run that was cut off at `at` lacks to its end."""
    for leg in state.legs:
        if leg.state.finished:
            continue
        for step in leg.steps:
            if step.state is State.RUNNING:
                yield StepFinished(at, leg.leg, step.index, Outcome.CANCELLED, Outcome.CANCELLED, reason=KILLED)
        yield LegFinished(at, leg.leg, Outcome.CANCELLED, reason=KILLED)
    yield RunFinished(at, Outcome.CANCELLED, reason=KILLED)


def _close_and_record(store: Path, journal: Journal) -> bool:
    from pipelinekit.records.record import record  # pyarrow: 0.2 s that only a dead run needs

    state, at = RunState(), 0.0
    try:
        for event in read(journal.path):
            state, at = fold(state, event), event.at
    except SurroundingsMissing:  # of a newer format
        return False
    if state.started is None:
        journal.path.unlink()  # killed before it began: there is nothing to tell
        return False
    if not state.state.finished:
        for event in closing_events(state, at):
            journal.append(event)
    record(store, journal.path)
    return True
