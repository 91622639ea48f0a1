"""`python -m reports.make_health`: the health report of this project's own pipeline, as reports/health.toml says.

It executes the notebooks into reports/notebooks and builds the report into reports/pages; both are made anew.
"""

import os
import shutil
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from pipelinekit.answers.question import asked
from pipelinekit.answers.two_runs import neighbours
from pipelinekit.books.execute import execute
from pipelinekit.commands.report import build
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.records.store import Store

HERE = Path(__file__).parent
TOP = HERE.parent


def make(here: Path, out: TextIO) -> None:
    """Make the report that `here`, a folder with a health.toml, asks for. Raises NotebookFailed, SurroundingsMissing."""
    wanted = tomllib.loads((here / "health.toml").read_text(encoding="utf-8"))
    store = Store(here.parent / wanted["store"])
    notebooks = here / "notebooks"
    shutil.rmtree(notebooks, ignore_errors=True)
    notebooks.mkdir()
    for name in answerable(wanted["notebooks"], store):
        out.write(f"running {name}.ipynb\n")
        execute(TOP / "notebooks" / f"{name}.ipynb", notebooks / f"{name}.ipynb", {"store": str(store.path)})
    build(store, wanted["title"], here / "pages", notebooks, dict(os.environ), out)


def answerable(names: Sequence[str], store: Store) -> list[str]:
    """Those of the notebooks that have something to ask about."""
    about = asked(store)
    if about is None:  # a notebook would open the recorded runs of another repository
        return []
    try:
        neighbours(about.runs.to_pylist())
    except WorkflowInvalid:  # no run has another one to be compared with
        return [name for name in names if name != "compare-runs"]
    return list(names)


if __name__ == "__main__":
    make(HERE, sys.stdout)
