"""Going on with a run that stopped: a failed one from its failed steps, a paused one from where it stands."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipelinekit.model.outcome import State
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.run_state import RunState, fold
from pipelinekit.records.store import Row
from pipelinekit.runs.memory import names
from pipelinekit.workbench import wishes
from pipelinekit.workbench.planning import Asked, Planned, Wish, make
from pipelinekit.workbench.session import Attempt, Session, Surroundings


def resume(
    run: str, surroundings: Surroundings, directory: Path, start: str = "", asked: Asked = None, renewed: tuple[str, ...] = ()
) -> Session:
    """The next attempt of the run that a person means by its number, its id or the beginning of one.

    start: `JOB` or `JOB/STEP` from which on everything runs again. The workflow is read anew: steps that were edited run as they
    are now. asked: the workflow that is to stand for the one that was run; None for the same file, or the text that was kept.
    renewed: files that have changed, so that what goes on begins at its checkout.
    Raises WorkflowInvalid where there is nothing to go on with, where a secret is missing, where another process goes on already,
    and where the step named by `start` is not there (any more).
    """
    store = surroundings.store
    row = store.find_run(run)
    before = state_of(surroundings, row)
    kept = wishes.read(store.path / "work" / row["run_id"])
    if before.state is State.SUCCESS and not start:
        raise _wrong(f"run {row['number']} succeeded: there is nothing to go on with", "--from JOB/STEP runs it again from there")
    if kept is not None:
        _check_secrets(kept.secrets, surroundings.secrets)
        variables = kept.variables | dict(surroundings.variables)
        surroundings = replace(surroundings, executor=kept.executor, variables=variables)
    else:
        surroundings = replace(surroundings, executor=row["executor"])
    wish = kept.wish if kept else _wish(row, before)
    planned = make(wish if asked is None else wish.of(asked), directory, surroundings.environment)
    _check_start(planned, start)
    attempt = Attempt(row["run_id"], row["number"], row["attempt"] + 1, {leg.leg: leg for leg in before.legs}, start, renewed)
    try:
        return Session(planned, surroundings, attempt)
    except FileExistsError as taken:
        hint = f"pipelinekit show {row['number']} tells how far it is"
        raise _wrong(f"another process goes on with run {row['number']} already", hint) from taken


def state_of(surroundings: Surroundings, row: Row) -> RunState:
    """What the attempt came to, from its journal."""
    state = RunState()
    for event in surroundings.store.events(row["run_id"], row["attempt"]):
        state = fold(state, event)
    if state.started is None:
        raise _wrong(f"the journal of run {row['number']} is gone: it can't be gone on with", "pipelinekit run starts a new one")
    return state


def _wish(row: Row, before: RunState) -> Wish:
    """What was asked for, read off what happened: nothing of the run is kept."""
    started = before.started
    given = started.inputs if started else {}
    inputs = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in given.items()}
    return Wish(row["path"], row["event"], tuple(dict.fromkeys(leg.job for leg in before.legs)), inputs=inputs)


def _check_secrets(names: tuple[str, ...], given: Mapping[str, str]) -> None:
    missing = [name for name in names if name not in given]
    if missing:
        hint = " ".join(f"--secret {name}" for name in missing)
        raise _wrong(f"the run was given the secret \"{missing[0]}\", which is never kept", f"say it again: {hint}")


def _check_start(planned: Planned, start: str) -> None:
    if not start:
        return
    name, _, step = start.partition("/")
    job = next((p.job for p in planned.plan.jobs if name in (p.job.id, *(leg.name for leg in p.legs or ()))), None)
    if job is None:
        raise _wrong(f'there is no job "{name}" to begin at', f"jobs here: {', '.join(p.job.id for p in planned.plan.jobs)}")
    if step and not any(names(one, step) for one in job.steps):
        steps = ", ".join(f'"{one.name.text if one.name else one.id}"' for one in job.steps)
        raise _wrong(f'job "{job.id}" has no step "{step}" (any more)', f"steps here: {steps}")


def _wrong(message: str, hint: str) -> WorkflowInvalid:
    return WorkflowInvalid(Problem("resume", message, hint=hint))
