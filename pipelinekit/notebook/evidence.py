"""The runs that a notebook asks about: of the repository it stands in, or of the small store that comes with pipelinekit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelinekit.analysis import windows
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.samples.lay import FOLDER
from pipelinekit.views.words import plural

if TYPE_CHECKING:
    import pyarrow as pa

RECORDED = FOLDER / "recorded"  # made by `make recorded-store` from a run of the demo


@dataclass(frozen=True, slots=True)
class Evidence:
    """runs: in the window, oldest first. before: those of the equal window before. sentence: where they come from, Markdown."""

    store: Store
    runs: pa.Table
    before: pa.Table
    window: windows.Window
    sentence: str

    def table(self, name: str) -> pa.Table:
        """A whole table of the store; the analysis takes from it what belongs to the runs."""
        return self.store.table(name)

    def _repr_markdown_(self) -> str:
        return self.sentence


def evidence(store: str = "", workflow: str = "", branch: str = "", days: int = windows.DAYS) -> Evidence:
    """The runs of the last `days` days up to the newest one.

    store: a folder; '' takes the store of the repository that the notebook stands in, and where that holds no run the
    recorded one. workflow: a name or a file, '' for all. branch: '' for all. Raises WorkflowInvalid where no run is left.
    """
    opened, sentence = _opened(store)
    every = opened.table("runs")
    chosen = windows.chosen(every, workflow, branch)
    window = windows.last(chosen, days)
    if window is None:
        what = f'none of the {plural(len(every), "run")} in {opened.path} is of workflow "{workflow}" and branch "{branch}"'
        if not len(every):
            what = f"no run is stored in {opened.path}"
        raise WorkflowInvalid(Problem("evidence", what, hint="`pipelinekit run ci.yml` records one"))
    return Evidence(opened, windows.within(chosen, window), windows.within(chosen, window.before), window, sentence)


def _opened(path: str) -> tuple[Store, str]:
    if path:
        given = Store(Path(path))
        return given, f"From the store `{given.path}`."
    # A notebook stands above `main`: here surroundings may be read.
    own = Store.find(Path.cwd(), os.environ)
    if runs := own.table("runs", columns=["run_id"]).num_rows:
        return own, f"From {plural(runs, 'run')} in the store of this repository, `{own.path}`."
    return Store(RECORDED), (
        "No run is recorded in this repository yet, so this is a small shop's store that comes with pipelinekit. "
        "`pipelinekit run ci.yml` records one of yours."
    )
