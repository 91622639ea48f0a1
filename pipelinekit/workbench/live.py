"""A run that is held: how it looks before it begins, and what follows it in the same process, its next attempt or a new run."""

import os
from functools import reduce
from pathlib import Path

from pipelinekit.model.outcome import State
from pipelinekit.model.plan import Plan
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.run_state import LegState, RunState, StepState, fold
from pipelinekit.runs.step import usual_name
from pipelinekit.runs.used import CHECKOUT
from pipelinekit.workbench.planning import make
from pipelinekit.workbench.resume import resume
from pipelinekit.workbench.session import Session
from pipelinekit.workspaces.git import Git
from pipelinekit.workspaces.manifest import Manifest

_SAVED = (".ipynb", "-checkpoint.py")  # JupyterLab saves them by itself


def queued(plan: Plan) -> RunState:
    """Before the first event: the legs that are known."""
    needs = {planned.job.id: planned.needs for planned in plan.jobs}
    legs = (LegState(leg.name, leg.job, State.QUEUED, leg.index, needs[leg.job], leg.matrix) for leg in plan.legs)
    return RunState(legs=tuple(legs))


def again(session: Session, start: str = "", renewed: tuple[str, ...] = ()) -> Session:
    """The next attempt of a run that has ended or was paused. start: `JOB[/STEP]` from which on everything runs again.

    renewed: files that have changed, so that what goes on begins at its checkout.

    Raises what `resume` raises, SurroundingsMissing where an image is not to be had.
    """
    given = session.planned
    following = resume(session.run_id, session.surroundings, given.top, start, given.wish.edited, renewed)
    following.prepare(lambda _: None)
    return following


def take_again(session: Session) -> tuple[str, ...]:
    """The step that stands failed, to behind it; from the checkout on where files were edited, and to what fails on the way.

    Gives the files that were edited.
    """
    leg = session.leg()
    failed = leg.failed_step() if leg else None
    if leg is None or failed is None:
        raise WorkflowInvalid(Problem("retry", "no step stands failed"))
    name = leg.leg.name
    named = usual_name(failed)
    renewed = edited(session)
    session.retry(renewed)
    while (leg := session.leg()) is not None and leg.leg.name == name:
        step = leg.next_step()
        # The workflow is read anew: a step may have been put before the one that failed.
        same = (each.index for each in leg.job.steps if usual_name(each) == named)
        goal = min(same, key=lambda at: abs(at - failed.index), default=failed.index)
        session.step()
        if step is None or step.index >= goal or session.failed():
            break
    return renewed


def edited(session: Session) -> tuple[str, ...]:
    """Files of the repository that were edited, added, moved or deleted since its files were last taken, but for its workflow.

    That is read anew anyway. A file that git did not know, and that is gone, is known to no one.
    """
    top, environment, taken_at = session.planned.top, session.surroundings.environment, _taken_at(session)
    if taken_at is None:
        return ()
    files = set(Manifest(top, environment).files())
    if (top / ".git").exists():
        files |= {os.fsdecode(name) for name in Git(top, environment).output("ls-files", "-z", "--deleted").split(b"\0") if name}
    others = (path for path in files if path != session.plan.workflow.path and not path.endswith(_SAVED))
    return tuple(sorted(path for path in others if _changed_at(top / path) > taken_at))


def _taken_at(session: Session) -> float | None:
    """When the last attempt began in which a checkout ran: one that goes on may stand in the workspace of one before."""
    state, attempt = session.state, session.attempt
    while attempt > 1 and not any(step.uses.startswith(f"{CHECKOUT}@") and _ran(step) for leg in state.legs for step in leg.steps):
        attempt -= 1
        state = reduce(fold, session.store.events(session.run_id, attempt), RunState())
    return state.started.at if state.started else None


def _ran(step: StepState) -> bool:
    return step.state is not State.SKIPPED


def _changed_at(file: Path) -> float:
    """Of content, mode or place; of a file that is gone, of the folder that it was in."""
    while not file.is_symlink() and not file.exists():
        file = file.parent
    status = file.lstat()
    return max(status.st_mtime, status.st_ctime)


def anew(session: Session) -> Session:
    """A new run of the same pipeline, as it is written now. Raises WorkflowInvalid, SurroundingsMissing."""
    given = session.planned
    following = Session(make(given.wish, given.top, session.surroundings.environment), session.surroundings)
    following.prepare(lambda _: None)
    return following
