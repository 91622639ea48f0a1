"""`pk.stats`: the answers of `pipelinekit stats` in a cell, where they show themselves, and as data frames and charts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import windows
from pipelinekit.answers.all_answers import ALL_ANSWERS
from pipelinekit.answers.grid import Grid, lines, runs_of
from pipelinekit.answers.question import Answer, Asked, asked
from pipelinekit.notebook.evidence import chosen, opened, there
from pipelinekit.notebook.grids import evidence, said, together
from pipelinekit.notebook.sheet import cell
from pipelinekit.notebook.table import Table
from pipelinekit.records.store import Store
from pipelinekit.views.markup import join, tag
from pipelinekit.views.run_links import MIME, RunRef, told
from pipelinekit.views.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from pipelinekit.charts.picture import Picture

Source = Store | Asked | Path | str | None


class Sentence(str):
    """Text that shows itself as the answer it is."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return cell(said(self))


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables that show themselves one below the other."""

    grids: tuple[Grid, ...]
    about: str = ""
    otherwise: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        html = evidence(self.grids, self.about) if self.grids else join((tag("p", self.otherwise), evidence((), self.about)))
        return {"text/html": cell(html), "text/plain": repr(self), MIME: told(runs_of(self.grids))}

    def __repr__(self) -> str:
        return "\n\n".join(filter(None, [*(map(lines, self.grids) if self.grids else [self.otherwise]), self.about]))


@dataclass(frozen=True, slots=True)
class Result:
    """An answer that shows itself: a sentence and its evidence. about: days and number of runs."""

    question: str
    answer: Answer
    about: str

    @property
    def sentence(self) -> Sentence:
        """The answer alone."""
        return Sentence(self.answer.sentence)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The evidence, table by table."""
        return tuple(map(Table, self.answer.grids))

    @property
    def evidence(self) -> Tables:
        """All of them, without the sentence."""
        return Tables(tuple(self.answer.grids), self.about, self.answer.empty)

    @property
    def runs(self) -> tuple[RunRef, ...]:
        """The runs that the evidence names."""
        return tuple(runs_of(self.answer.grids))

    def frame(self, name: str = "rows") -> pd.DataFrame:
        """The evidence as numbers: `rows` of the analysis, or another of `frames`. Raises KeyError, which lists them."""
        import pandas as pd  # 0.6 s, which only a frame needs

        if name not in self.answer.data:
            raise KeyError(f'no frame is called "{name}"; frames here: {", ".join(self.frames)}')
        return pd.DataFrame(self.answer.data[name])

    @property
    def frames(self) -> tuple[str, ...]:
        """The names that `frame` takes."""
        return tuple(self.answer.data)

    def chart(self) -> Picture | Table:
        """The picture of it; `chart().figure()` is Plotly's. Where there is nothing to draw, a table without rows says so."""
        return self.answer.draw() or Table(Grid((), ()), self.answer.otherwise)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        html = cell(together(self.answer.sentence, self.answer.grids, self.about))
        return {"text/html": html, "text/plain": repr(self), MIME: told(self.runs)}

    def __repr__(self) -> str:
        return "\n\n".join(filter(None, [self.answer.sentence, *map(lines, self.answer.grids), self.about]))


def flaky(store: Source = None, days: int = windows.DAYS, workflow: str = "", branch: str = "") -> Result:
    """Which tests fail although the code is good, how sure is that, and what do they cost.

    store: the store, its folder, or what `pk.evidence` gave, whose days, workflow and branch it then takes; the repository's own
    if not said. The last `days` days up to the newest run are asked about. workflow: a name or a file, '' for all; branch likewise.
    `frame()` has one row a test: columns as `pipelinekit.analysis.flaky.BY_TEST`.
    """
    return _asked("flaky", store, days, workflow, branch)


def speed(store: Source = None, days: int = windows.DAYS, workflow: str = "", branch: str = "") -> Result:
    """How long the pipeline takes, whether that changed, and what decides it.

    Arguments as of `flaky`. `frame()` has one row a workflow, job and step, told apart by `kind`; `frame("critical_path")` one a
    job, `frame("trend")` one a run, `frame("changes")` one a change for good.
    """
    return _asked("speed", store, days, workflow, branch)


def coverage(store: Source = None, days: int = windows.DAYS, workflow: str = "", branch: str = "") -> Result:
    """How much of the code the tests run. Arguments as of `flaky`. `frame()` has one row a run, `frame("files")` one a file."""
    return _asked("coverage", store, days, workflow, branch)


def cache(store: Source = None, days: int = windows.DAYS, workflow: str = "", branch: str = "") -> Result:
    """What caches save. Arguments as of `flaky`. `frame()` has one row a family of keys, `frame("trend")` one a run."""
    return _asked("cache", store, days, workflow, branch)


def health(store: Source = None, days: int = windows.DAYS, workflow: str = "", branch: str = "") -> Result:
    """Whether the pipeline gets better or worse, and what to mend first.

    Arguments as of `flaky`. `frame()` has one row a figure, `frame("changes")` one a change, `frame("do_first")` one a thing to
    mend.
    """
    return _asked("health", store, days, workflow, branch)


def _asked(question: str, store: Source, days: int, workflow: str, branch: str) -> Result:
    if isinstance(store, Asked):
        return Result(question, ALL_ANSWERS[question](store), store.about)
    kept = opened(store)
    about = asked(kept, workflow, branch, days)
    if about is None:
        return Result(question, Answer(_nothing(kept, workflow, branch)), "")
    return Result(question, ALL_ANSWERS[question](about), about.about)


def _nothing(store: Store, workflow: str, branch: str) -> str:
    stored = len(store.table("runs", columns=["run_id"]))
    if not stored:
        return f"No runs are stored yet in {store.path}. `pipelinekit run ci.yml` records one."
    return f"None of the {plural(stored, 'run')} in {store.path} is of {chosen(workflow, branch)} ({there(store)})."
