"""The session that follows another one in the same process: the run's next attempt, or the same pipeline anew."""

from pipelinekit.workbench.planning import make
from pipelinekit.workbench.resume import resume
from pipelinekit.workbench.session import Session


def again(session: Session, start: str = "") -> Session:
    """The next attempt of a run that has ended or was paused. start: `JOB[/STEP]` from which on everything runs again.

    Raises what `resume` raises, SurroundingsMissing where an image is not to be had.
    """
    given = session.planned
    following = resume(session.run_id, session.surroundings, given.top, start, given.wish.edited)
    following.prepare(lambda _: None)
    return following


def anew(session: Session) -> Session:
    """A new run of the same pipeline, as it is written now. Raises WorkflowInvalid, SurroundingsMissing."""
    given = session.planned
    following = Session(make(given.wish, given.top, session.surroundings.environment), session.surroundings)
    following.prepare(lambda _: None)
    return following
