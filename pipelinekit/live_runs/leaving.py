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
        for other in runs:
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
    """As many as a kernel gives time for; what is not through then is swept when the store is used again."""
    leaving, until = [leave() for leave in tuple(_HELD)], time.monotonic() + LEAVING_SECONDS
    for ending in leaving:
        if ending is not None:
            with contextlib.suppress(TimeoutError):
                ending.wait(max(0.0, until - time.monotonic()))
