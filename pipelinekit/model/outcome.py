"""How something ended, in GitHub's four words, and what it is while it has not."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a step, a leg or a run ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class State(StrEnum):
    """What a person sees of a step, a leg or a run: an outcome, or where it stands until it has one."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self in FINISHED


FINISHED = frozenset({State.SUCCESS, State.FAILURE, State.CANCELLED, State.SKIPPED})

_WORST_FIRST = (Outcome.CANCELLED, Outcome.FAILURE, Outcome.SUCCESS, Outcome.SKIPPED)


def worst(*outcomes: Outcome) -> Outcome:
    """The outcome of a whole from its parts: once cancelled stays so, else the worse wins; of nothing: success.

    Source: actions/runner, `TaskResultUtil.MergeTaskResults`.
    """
    return next((o for o in _WORST_FIRST if o in outcomes), Outcome.SUCCESS)


def overall(*outcomes: Outcome) -> Outcome:
    """The result of a job from its legs, or of a run from its jobs: a failure is what its cancelled siblings are due to."""
    return Outcome.FAILURE if Outcome.FAILURE in outcomes else worst(*outcomes)
