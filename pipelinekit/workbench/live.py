"""The session that follows another one in the same process: the run's next attempt, or the same pipeline anew."""

from pathlib import Path

from pipelinekit.workbench.planning import make
from pipelinekit.workbench.resume import resume
from pipelinekit.workbench.session import Session
from pipelinekit.workspaces.manifest import Manifest

_SAVED = (".ipynb", "-checkpoint.py")  # JupyterLab saves them by itself


def again(session: Session, start: str = "", renewed: tuple[str, ...] = ()) -> Session:
    """The next attempt of a run that has ended or was paused. start: `JOB[/STEP]` from which on everything runs again.

    renewed: files that have changed, so that what goes on begins at its checkout.

    Raises what `resume` raises, SurroundingsMissing where an image is not to be had.
    """
    given = session.planned
    following = resume(session.run_id, session.surroundings, given.top, start, given.wish.edited, renewed)
    following.prepare(lambda _: None)
    return following


def edited(session: Session) -> tuple[str, ...]:
    """Files of the repository that were edited after the attempt began, but for its workflow, which is read anew anyway."""
    began, top = session.state.started, session.planned.top
    if began is None:
        return ()
    files = Manifest(top, session.surroundings.environment).files()
    others = (path for path in files if path != session.plan.workflow.path and not path.endswith(_SAVED))
    return tuple(sorted(path for path in others if _changed_at(top / path) > began.at))


def _changed_at(file: Path) -> float:
    return file.lstat().st_mtime if file.exists() else 0.0


def anew(session: Session) -> Session:
    """A new run of the same pipeline, as it is written now. Raises WorkflowInvalid, SurroundingsMissing."""
    given = session.planned
    following = Session(make(given.wish, given.top, session.surroundings.environment), session.surroundings)
    following.prepare(lambda _: None)
    return following
