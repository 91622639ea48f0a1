"""The runs that a notebook asks about: of the repository it stands in, or of the small store that comes with pipelinekit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelinekit.analysis import windows
from pipelinekit.answers.question import Asked, asked
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.samples.lay import FOLDER
from pipelinekit.views.run_links import MIME, run_ref, told
from pipelinekit.views.words import listed, plural

if TYPE_CHECKING:
    from pipelinekit.views.run_links import RunRef

RECORDED = FOLDER / "recorded"  # made by `make recorded-store` from a run of the demo
TOLD = 500  # newest runs that a published notebook leads to


@dataclass(frozen=True, slots=True)
class Evidence(Asked):
    """The runs in the window, oldest first, and those before. sentence: where they come from, Markdown."""

    sentence: str

    def run(self, number: int) -> RunRef:
        """The newest attempt of the run of this number. Raises WorkflowInvalid where the store has none."""
        return run_ref(self.store.find_run(str(number)))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        rows = self.runs.select(["number", "run_id", "attempt"]).to_pylist()[-TOLD:]
        return {"text/markdown": self.sentence, "text/plain": self.sentence, MIME: told(map(run_ref, rows))}


def evidence(store: Store | Path | str = "", workflow: str = "", branch: str = "", days: int = windows.DAYS) -> Evidence:
    """The runs of the last `days` days up to the newest one.

    store: a folder; '' takes the store of the repository that the notebook stands in, and where that holds no run the
    recorded one. workflow: a name or a file, '' for all. branch: '' for all. Raises WorkflowInvalid where no run is left.
    """
    opened, sentence = _opened(store)
    about = asked(opened, workflow, branch, days)
    if about is None:
        every = opened.table("runs", columns=["run_id"]).num_rows
        if not every:
            raise _none(f"no run is stored in {opened.path}", "`pipelinekit run ci.yml` records one")
        raise _none(f"none of the {plural(every, 'run')} in {opened.path} is of {chosen(workflow, branch)}", there(opened))
    return Evidence(about.store, about.runs, about.before, about.window, sentence)


def _none(what: str, hint: str) -> WorkflowInvalid:
    return WorkflowInvalid(Problem("evidence", what, hint=hint))


def chosen(workflow: str, branch: str) -> str:
    """What was asked for, in words."""
    return " and ".join(f'{what} "{given}"' for what, given in (("workflow", workflow), ("branch", branch)) if given)


def there(store: Store) -> str:
    """Which workflows and branches have runs."""
    rows = store.table("runs", columns=["workflow", "branch"]).to_pylist()
    kinds = (("workflows", "workflow"), ("branches", "branch"))
    return "; ".join(f"{kind}: {listed(sorted({row[name] for row in rows if row[name]}), 9)}" for kind, name in kinds)


def opened(store: Store | Path | str | None = None) -> Store:
    """The store that is meant: a given one, a folder's, else the one of the repository that the notebook stands in."""
    if isinstance(store, Store):
        return store
    return Store(store or None)


def _opened(store: Store | Path | str) -> tuple[Store, str]:
    if store:
        given = opened(store)
        return given, f"From the store `{_named(given)}`."
    # A notebook stands above `main`: here surroundings may be read.
    own = Store.find(Path.cwd(), os.environ)
    if runs := own.table("runs", columns=["run_id"]).num_rows:
        return own, f"From {plural(runs, 'run')} in the store of this repository, `{_named(own)}`."
    return Store(RECORDED), (
        "No run is recorded in this repository yet, so this is a small shop's store that comes with pipelinekit. "
        "`pipelinekit run ci.yml` records one of yours."
    )


def _named(store: Store) -> str:
    """By its folder and that one's: where they lie on a machine is not for those who read what is published."""
    return "/".join(store.path.resolve().parts[-2:])
