"""`pk.compare(6, 7)`: in what two runs differ, in a cell; the same as `pipelinekit diff` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis.compare import Leg
from pipelinekit.answers.difference import as_data, change_said, fact_said, names, sentence
from pipelinekit.answers.difference_parts import Said, parts
from pipelinekit.answers.difference_text import lines
from pipelinekit.answers.grid import Cell, Grid, Name, State
from pipelinekit.answers.question import Asked
from pipelinekit.answers.run_words import Row, word
from pipelinekit.answers.two_runs import Compared, compared
from pipelinekit.notebook.evidence import opened
from pipelinekit.notebook.grids import drawn, said
from pipelinekit.notebook.recorded import Meant, row_of
from pipelinekit.notebook.sheet import cell
from pipelinekit.notebook.stats import Sentence
from pipelinekit.records.store import Store
from pipelinekit.views.markup import Html, join, tag
from pipelinekit.views.run_links import MIME, RunRef, run_ref, told
from pipelinekit.views.sentences import code
from pipelinekit.views.words import NOTHING, commit, duration, listed, plural, when
from pipelinekit.views.words import sentence as capital

if TYPE_CHECKING:
    import pandas as pd

MOST = 20  # things of a kind; the rest is counted, and whole in `data`
OPEN = ("tests newly failing", "tests fixed", "images", "commands and environment")  # shown unfolded
NOT_COMPARED = "Commands and environment are not compared: a journal is not there."


@dataclass(frozen=True, slots=True)
class Diff:
    """The difference of two run attempts."""

    found: Compared

    @property
    def sentence(self) -> Sentence:
        """What came of it, and what went in."""
        return Sentence(sentence(self.found))

    @property
    def evidence(self) -> Evidence:
        """What differs, without the sentence."""
        return Evidence(self.found)

    @property
    def data(self) -> dict[str, Any]:
        """All of it: what `pipelinekit diff --format json` prints."""
        return as_data(self.found)

    @property
    def runs(self) -> tuple[RunRef, RunRef]:
        return run_ref(self.found.before), run_ref(self.found.after)

    def frame(self, name: str = "legs") -> pd.DataFrame:
        """One of the lists in `data`: `legs`, `steps`, `caches`, `facts`, `settings`, `logs`, or of its `tests` as `newly_failing`.

        Raises KeyError, which lists them.
        """
        import pandas as pd  # 0.6 s, which only a frame needs

        data = self.data
        lists = {key: value or [] for key, value in (data | data["tests"]).items() if isinstance(value, list | tuple | None)}
        if name not in lists:
            raise KeyError(f'no frame is called "{name}"; frames here: {", ".join(lists)}')
        return pd.json_normalize(list(lists[name]))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        html = cell(join((said(self.sentence), _evidence(self.found)), "\n"))
        return {"text/html": html, "text/plain": repr(self), MIME: told(self.runs)}

    def __repr__(self) -> str:
        return "\n".join(line.rstrip() for line in lines(self.found))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The two runs, and what differs."""

    found: Compared

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        runs = run_ref(self.found.before), run_ref(self.found.after)
        return {"text/html": cell(_evidence(self.found)), "text/plain": repr(self), MIME: told(runs)}

    def __repr__(self) -> str:
        _, _, *rest = lines(self.found)
        return "\n".join(line.rstrip() for line in rest)


def compare(before: Meant, after: Meant, store: Store | Asked | Path | str | None = None) -> Diff:
    """What differs in `after`, compared with `before`: `pk.compare(6, 7)`, `pk.compare("7.1", "7.2")`.

    before, after: as `pipelinekit show` takes them, or a run. store: as for `pk.stats.flaky`. Raises WorkflowInvalid for a run
    that the store does not have.
    """
    kept = store.store if isinstance(store, Asked) else opened(store)
    return Diff(compared(kept, row_of(kept, before), row_of(kept, after)))


def _evidence(found: Compared) -> Html:
    """The two runs and what differs, kind by kind: what decides open, the rest as folds."""
    grids = [_runs(found), _legs(found), *([_facts(found)] if found.difference.facts else [])]
    rest = [_part(title, things) for title, things in parts(found)]
    note = tag("p", NOT_COMPARED, class_="pk-meta") if found.settings is None else None
    return join((*map(drawn, grids), *rest, note), "\n")


def _runs(found: Compared) -> Grid:
    rows = [_run(row) for row in (found.before, found.after)]
    change = change_said(found.difference.took)
    return Grid((">run", "state", ">took", "commit", "subject", "started"), rows, f"Duration: {change}" if change else "")


def _run(row: Row) -> tuple[Cell, ...]:
    took, started = duration(row["duration_seconds"]), when(row["started_at"])
    return (run_ref(row), State(word(row)), took, Name(commit(row["commit"] or "")), row["subject"] or "", started)


def _legs(found: Compared) -> Grid:
    first, second = names(found)
    head = ("leg", first, second, f">{first} took", f">{second} took", "change")
    return Grid(head, [_leg(leg) for leg in found.difference.legs], title="Legs")


def _leg(leg: Leg) -> tuple[Cell, ...]:
    took = (duration(leg.took.before_seconds), duration(leg.took.after_seconds))
    change = "remembered" if leg.remembered else change_said(leg.took)
    return (leg.leg, _outcome(leg.before_outcome), _outcome(leg.after_outcome), *took, change)


def _outcome(outcome: str | None) -> Cell:
    """None is what has not ended, '' what was not there."""
    return NOTHING if outcome == "" else State(outcome or "running")


def _facts(found: Compared) -> Grid:
    rows = [(fact.name, fact_said(fact.name, fact.before), fact_said(fact.name, fact.after)) for fact in found.difference.facts]
    return Grid(("of the run", *names(found)), rows, title="What went in")


def _part(title: str, things: Sequence[Said]) -> Html:
    shown = join(_thing(thing) for thing in things[:MOST])
    more = (
        tag("p", f"and {plural(len(things) - MOST, 'more', 'more')}: in `.data`", class_="pk-meta") if len(things) > MOST else None
    )
    summary = tag("summary", f"{capital(title)}: {len(things)}")
    return tag("details", summary, shown, more, class_="pk-twin", open=title in OPEN)


def _thing(thing: Said) -> Html:
    """What it is, in which legs, and its lines."""
    name = tag("p", code(thing.lines[0]), " ", tag("span", listed(thing.legs), class_="pk-meta"), class_="pk-thing")
    rest = tag("pre", "\n".join(thing.lines[1:]), class_="pk-lines") if thing.lines[1:] else None
    return join((name, rest))
