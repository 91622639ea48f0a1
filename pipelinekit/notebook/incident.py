"""`pk.incident()`: what changed between the last good run and the first bad one, in a cell."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelinekit.analysis import windows
from pipelinekit.answers.grid import Grid, lines
from pipelinekit.answers.incident import Changed, Incident, Pair, pair
from pipelinekit.answers.incident import incident as incident_of
from pipelinekit.answers.likeliest import evidence as evidence_of
from pipelinekit.answers.likeliest import likeliest, new_lines
from pipelinekit.answers.question import Asked
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.notebook.compare import Diff
from pipelinekit.notebook.evidence import RECORDED, evidence, opened
from pipelinekit.notebook.grids import drawn, said
from pipelinekit.notebook.recorded import Meant, row_of
from pipelinekit.notebook.sheet import cell
from pipelinekit.notebook.stats import Sentence
from pipelinekit.notebook.table import Table
from pipelinekit.records.store import Store
from pipelinekit.samples.lay import lay
from pipelinekit.views.markup import join, tag
from pipelinekit.views.run_links import MIME, RunRef, run_ref, told
from pipelinekit.workspaces.between import between
from pipelinekit.workspaces.repository import repository_top

NONE_FAILED = "No run failed in this time, so there is no incident."
MOST = 60  # new lines of the log that are shown


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """found: None where no run failed."""

    found: Incident | None

    @property
    def sentence(self) -> Sentence:
        """What broke, and its likeliest cause or that it can't be known."""
        return Sentence(likeliest(self.found).sentence if self.found else NONE_FAILED)

    @property
    def causes(self) -> tuple[str, ...]:
        """`code`, `images` ..., `chance`, `outage`; several that can't be told apart, none where it can't be known."""
        return likeliest(self.found).causes if self.found else ()

    @property
    def runs(self) -> tuple[RunRef, ...]:
        """The last good run, the first bad one, and the one that mended it, as far as they are stored."""
        if self.found is None:
            return ()
        of = self.found.pair
        return tuple(run_ref(row) for row in (of.good, of.bad, of.mended) if row is not None)

    @property
    def evidence(self) -> Table:
        """What is known of each thing that could have changed."""
        return Table(self._grid(), NONE_FAILED)

    @property
    def log(self) -> LogLines:
        """The lines that what failed printed in the bad run and not in the good one."""
        return LogLines(tuple(new_lines(self.found)) if self.found else ())

    @property
    def diff(self) -> Diff | Table:
        """All that differs between the two runs; a table without rows, which says so, where there are no two."""
        return (
            Diff(self.found.found) if self.found and self.found.found else Table(Grid((), ()), "There are no two runs to compare.")
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        html = join((said(self.sentence), drawn(self._grid()) if self.found else None))
        return {"text/html": cell(html), "text/plain": repr(self), MIME: told(self.runs)}

    def __repr__(self) -> str:
        return "\n\n".join([self.sentence, *([lines(self._grid())] if self.found else [])])

    def _grid(self) -> Grid:
        return evidence_of(self.found) if self.found else Grid((), ())


@dataclass(frozen=True, slots=True)
class LogLines:
    """Lines of a log that show themselves, the first MOST of them."""

    lines: tuple[str, ...]

    def _repr_html_(self) -> str:
        more = f"\nand {len(self.lines) - MOST} more" if len(self.lines) > MOST else ""
        text = tag("p", "\n".join(self.lines[:MOST]) + more, class_="pk-says")
        return cell(tag("div", text, class_="pk-log") if self.lines else tag("p", repr(self)))

    def __repr__(self) -> str:
        return "\n".join(self.lines[:MOST]) or "No line is new."


def incident(
    store: Store | Asked | Path | str | None = None, days: int = windows.DAYS, workflow: str = "", branch: str = "", *,
    good: Meant | None = None, bad: Meant | None = None, repository: Path | str | None = None,
) -> ShownIncident:  # fmt: skip
    """What turned red last, or still is, the main branch first: the last good run against the first bad one.

    store and the rest: as for `pk.stats.flaky`. good, bad: other runs to look at; of one alone the other is the nearest.
    repository: where the commits are, for what changed in the code; that of the store if not said. Raises WorkflowInvalid where no
    run is stored, SurroundingsMissing where there is a repository and no git.
    """
    about = store if isinstance(store, Asked) else evidence(opened(store), workflow, branch, days)
    first, second = (None if run is None or run == "" else row_of(about.store, run) for run in (good, bad))
    found = pair(about, first, second)
    if found is None:
        return ShownIncident(None)
    # Who says this in a notebook stands above `main`, where surroundings may be read.
    environment = os.environ
    if about.store.path == RECORDED and not repository:
        changed = _changed_in_sample(found, environment)
    else:
        top = Path(repository) if repository else repository_top(about.store.path.parent)
        changed = _changed(top, found, environment)
    return ShownIncident(incident_of(about, found, changed))


def _changed_in_sample(found: Pair, environment: Mapping[str, str]) -> Changed | None:
    """The repository of the recorded store is laid out for as long as it is asked; None where there is no git."""
    with tempfile.TemporaryDirectory(prefix="pipelinekit-") as folder:
        try:
            for _ in lay("shop", Path(folder) / "shop"):
                pass
            return _changed(Path(folder) / "shop", found, environment)
        except SurroundingsMissing:
            return None


def _changed(top: Path, found: Pair, environment: Mapping[str, str]) -> Changed | None:
    """None where `top` does not have both commits."""
    if found.good is None:
        return None
    lies = between(top, found.good["commit"] or "", found.bad["commit"] or "", environment)
    return None if lies is None else Changed([(one.commit, one.author, one.subject) for one in lies.commits], lies.files)
