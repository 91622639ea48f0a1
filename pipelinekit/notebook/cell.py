"""A run in a notebook's cells: when its widget is shown, and what stands in the saved notebook afterwards."""

import contextlib
import sys
from collections.abc import Iterator
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


class Look:
    """The widget of one run, shown at most once in a cell; when the verb that showed it is through, the cell keeps that picture."""

    def __init__(self, run: Watched) -> None:
        self._run = run
        self._cell: int | None = None

    @contextlib.contextmanager
    def during(self, verb: str) -> Iterator[None]:
        shell = kernel()
        if shell is None or self._cell == shell.execution_count or (self._run.watched and verb not in LONG):
            yield
            return
        self._cell = shell.execution_count
        from IPython.display import display  # optional: only a kernel has it

        handle = display(self._run, display_id=True)  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            handle.update(self._run)
