"""What becomes of live runs when their process ends, and when the cell that began them is run again."""

import atexit
import contextlib
import time
from collections.abc import Callable
from typing import Protocol

LEAVING_SECONDS = 4.0  # a kernel that is told to go has five


class Replaced(Protocol):
    """A live run, as far as another one takes its place."""

    def set_aside(self) -> None:
        """What stands is kept, and stands no more."""


class Ending(Protocol):
    """A verb under way."""

    def wait(self, seconds: float | None = None) -> object:
        """Raises TimeoutError."""


Leave = Callable[[], Ending | None]
_HELD: list[Leave] = []
_OF_CELL: dict[str, tuple[int, list[Replaced]]] = {}


def begun_in(cell: str, execution: int, run: Replaced) -> None:
    """Runs of an earlier execution of the cell stand nowhere any more: nobody would come back to their containers."""
    last, runs = _OF_CELL.get(cell, (execution, []))
    if last != execution:
        _OF_CELL.pop(cell, None)
        for other in runs:
            with contextlib.suppress(Exception):  # its `trouble` says why it could not be kept; the new run is not held up by that
                other.set_aside()
        runs = []
    if cell:
        _OF_CELL[cell] = (execution, [*runs, run])


def hold(leave: Leave) -> None:
    """leave: what the run does then; None where nothing is to be waited for."""
    if leave not in _HELD:
        _HELD.append(leave)


def let_go(leave: Leave) -> None:
    """It has ended already."""
    if leave in _HELD:
        _HELD.remove(leave)


@atexit.register
def leave_all() -> None:
    """As many as a kernel gives time for; what is not through then, or can't be kept, is swept when the store is used again."""
    until = time.monotonic() + LEAVING_SECONDS
    endings: list[Ending | None] = []
    for leave in tuple(_HELD):
        with contextlib.suppress(Exception):  # of one whose place is gone; the others are left all the same
            endings.append(leave())
    for ending in endings:
        if ending is not None:
            with contextlib.suppress(Exception):
                ending.wait(max(0.0, until - time.monotonic()))
