"""A run in a notebook's cells: when its widget is shown, and what stands in the saved notebook afterwards."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol


class Watched(Protocol):
    """What is shown. watched: whether someone has its widget open already."""

    watched: bool


# They go on for a while: the widget is in the cell that said them. What is through at once only adds its account to it.
LONG = frozenset({"until", "go", "finish", "retry", "resume"})


def kernel() -> Any | None:
    """The shell of the Jupyter kernel that this process is, or None. Untyped: IPython has no types."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if shell is not None and hasattr(shell, "kernel") else None


def identity() -> tuple[str, int]:
    """The cell that is executed, by the id that it keeps, and which execution of the kernel that is; '' where it has no id."""
    shell = kernel()
    parent = shell.get_parent() if shell is not None else {}
    return str(parent.get("metadata", {}).get("cellId") or ""), shell.execution_count if shell is not None else 0


class Look:
    """The widget of one run, shown at most once in a cell, which keeps the picture of the run as its last verb left it."""

    def __init__(self, run: Watched) -> None:
        self._run = run
        self._cell: int | None = None
        self._ending: Callable[[object], None] | None = None
        self._handle: Any = None

    @contextlib.contextmanager
    def during(self, verb: str) -> Iterator[None]:
        shell = kernel()
        if shell is not None and self._cell == shell.execution_count:
            try:
                yield
            finally:
                self._at_the_end(shell)
            return
        if shell is None or (self._run.watched and verb not in LONG):
            yield
            return
        self._cell = shell.execution_count
        from IPython.display import display  # optional: only a kernel has it

        self._handle = display(self._run, display_id=True)  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            self._handle.update(self._run)

    def _at_the_end(self, shell: Any) -> None:
        """Further verbs of the cell change its picture once, however many they are."""
        if self._ending is None:
            self._ending = partial(self._end, shell)
            shell.events.register("post_run_cell", self._ending)

    def _end(self, shell: Any, _result: object) -> None:
        shell.events.unregister("post_run_cell", self._ending)
        self._ending = None
        self._handle.update(self._run)
