"""What runs left behind whose process was killed: it is recorded, and their containers, processes and folders go."""

import contextlib
import shutil
from collections.abc import Mapping

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.records.store import Store


def recover(store: Store, environment: Mapping[str, str]) -> list[str]:
    """Record the runs that were killed, and remove what they left. Returns their ids.

    Containers go where an engine answers. Of a run that never began there may be a folder, without a leg and without a journal.
    """
    run_ids = store.recover()
    folders = list((store.path / "work").glob("*"))  # before the journals: a run that just begins makes its journal first
    begun = {journal.stem.rpartition("-")[0] for journal in store.journals()}
    for folder in folders:
        if folder.name in run_ids or (folder.name not in begun and not any(folder.glob("*/"))):
            shutil.rmtree(folder, ignore_errors=True)
    if run_ids:
        for make in EXECUTORS.values():
            # Without an engine there is no container left either, and without what replay asks for nothing was replayed.
            with contextlib.suppress(SurroundingsMissing, WorkflowInvalid), contextlib.closing(make(environment)) as executor:
                executor.sweep(frozenset(run_ids))
    return run_ids
