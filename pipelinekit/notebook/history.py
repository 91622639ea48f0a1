"""`pk.history("test_total[5]")`: what is known about one test, in a cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import windows
from pipelinekit.answers.grid import lines, runs_of
from pipelinekit.answers.one_test import History, grids, sentence
from pipelinekit.answers.one_test import history as history_of
from pipelinekit.answers.question import Asked
from pipelinekit.notebook.evidence import evidence, opened
from pipelinekit.notebook.grids import together
from pipelinekit.notebook.sheet import cell
from pipelinekit.notebook.stats import Sentence
from pipelinekit.records.store import Store
from pipelinekit.views.run_links import MIME, RunRef, told

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class HistoryOfTest:
    """One test over the runs: strip of marks, rate with its interval, the attempts that disagree."""

    found: History

    @property
    def sentence(self) -> Sentence:
        return Sentence(sentence(self.found))

    @property
    def marks(self) -> str:
        """One letter a run, newest right: p passed, F failed in the end, k failed and then passed, s skipped."""
        return self.found.marks

    @property
    def runs(self) -> tuple[RunRef, ...]:
        """The runs that the tables name."""
        return tuple(runs_of(grids(self.found)))

    def frame(self) -> pd.DataFrame:
        """One row a run in which it ran: number, run_id, attempt, created_at, commit, seconds, executions, failed_in, mark."""
        import pandas as pd  # 0.6 s, which only a frame needs

        return pd.DataFrame(list(self.found.runs))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        html = cell(together(sentence(self.found), grids(self.found)))
        return {"text/html": html, "text/plain": repr(self), MIME: told(self.runs)}

    def __repr__(self) -> str:
        return "\n\n".join([sentence(self.found), *map(lines, grids(self.found))])


def history(
    test: str, store: Store | Asked | Path | str | None = None, days: int = windows.DAYS, workflow: str = "", branch: str = ""
) -> HistoryOfTest:
    """What is known about one test: `pk.history("tests/test_cart.py::test_total[5]")`; its name alone where only one has it.

    store and the rest: as for `pk.stats.flaky`. Raises WorkflowInvalid where no test or several are called so, and where no run
    is stored.
    """
    about = store if isinstance(store, Asked) else evidence(opened(store), workflow, branch, days)
    return HistoryOfTest(history_of(about, test))
