"""The doctor in a cell."""

import os
from pathlib import Path

from pipelinekit.examinations.all_examinations import examine
from pipelinekit.model.finding import Findings
from pipelinekit.records.store import Store


def doctor(directory: Path | str = ".", *, store: Path | str | None = None) -> Findings:
    """What is there and what is missing for running pipelines here, each with its mend. Nothing is changed or fetched."""
    folder = Path(directory).absolute()
    environment = dict(os.environ)  # who says this in a notebook or a script stands above `main`
    return examine(folder, environment, Store.find(folder, environment, None if store is None else str(store)))
