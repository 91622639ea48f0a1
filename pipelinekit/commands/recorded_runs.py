"""What `runs`, `show`, `logs` and `diff` share: the store that is meant, and the leg that is meant."""

import argparse
from typing import Any

from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.records.recover import unrecorded
from pipelinekit.records.store import Store

Row = dict[str, Any]

RUN = "its number, its run id or the beginning of one; 7.1 is the first attempt of run 7, and 7 its last"


def add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="DIR", help="where runs are recorded (usual: .pipelinekit at the repository's top)")


def opened(args: argparse.Namespace) -> Store:
    """The store that is meant, with what killed runs had done recorded."""
    store = Store.find(args.directory, args.environment, args.store)
    if unrecorded(store.path):
        # The whole running wing, 0.15 s, which is needed only where a run was killed or goes on.
        from pipelinekit.workbench.recovery import recover

        recover(store, args.environment)
    return store


def legs_of(store: Store, run: Row, job: str | None = None) -> list[Row]:
    """The rows of the run's legs, in their order; of a job's id all of its legs, of a leg's name that one.

    Raises WorkflowInvalid, which lists the legs, for a job that the run does not have.
    """
    legs = store.rows("jobs", run["run_id"], run["attempt"])
    chosen = [row for row in legs if job in (None, row["leg"], row["job"])]
    if job is not None and not chosen:
        names = ", ".join(f'"{row["leg"]}"' for row in legs) or "none"
        raise WorkflowInvalid(Problem("job", f'run {run["number"]} has no job or leg "{job}"', hint=f"legs: {names}"))
    return chosen
