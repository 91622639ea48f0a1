"""What makes no sense of a live run as it is now, and is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelinekit.live_runs.run import Run
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from tests.live_runs.made import GOOD, start


@pytest.mark.parametrize(("target", "message"), [
    ("tset", 'there is no job "tset" to skip'),
    ("lint", '"lint" has begun: only its next step can be skipped'),
])
def test_what_cannot_be_skipped_says_why_and_the_run_goes_on(tmp_path: Path, target: str, message: str) -> None:
    run = start(tmp_path, GOOD)
    run.step_sync()
    with pytest.raises(Exception, match=message):
        run.skip_sync(target)
    assert message in run.trouble
    assert run.finish_sync().outcome is Outcome.SUCCESS
    assert run.trouble == ""


@pytest.mark.parametrize(("target", "message", "hint"), [
    ("tset/Two", 'there is no job "tset"', "jobs here: lint, test, deploy, clean"),
    ("test/Too", '"test" has no step "Too"', 'steps there: "One", "Two", "Three"'),
    ("test/4", '"test" has no step "4"', 'steps there: "One", "Two", "Three"'),
])
def test_a_target_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path, target: str, message: str, hint: str) -> None:
    run = start(tmp_path, GOOD)
    for refused in (lambda: run.until_sync(target), lambda: run.break_at(target)):
        with pytest.raises(WorkflowInvalid) as wrong:
            refused()
        assert [(problem.message, problem.hint) for problem in wrong.value.problems] == [(message, hint)]
    assert run.breakpoints == []
    assert run.state.started is None


def test_a_target_that_has_been_is_refused_and_nothing_runs(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.until_sync("test/Three")
    for _ in range(2):
        with pytest.raises(WorkflowInvalid, match='"lint/Look" does not come any more'):
            run.until_sync("lint/Look")
    assert run.at == ("test", 3)
    run.cancel_sync()


@pytest.mark.parametrize(("verb", "message"), [
    (lambda run: run.retry_sync(), "nothing has failed yet"),
    (lambda run: run.retry_sync(go=False), "nothing has failed yet"),
    (lambda run: run.resume_sync("lint"), "run 1 has not ended"),
], ids=["retry", "retry and look", "resume from a job"])
def test_what_makes_no_sense_of_a_run_that_stands_is_refused_and_it_stands_on(
    tmp_path: Path, verb: Callable[[Run], object], message: str
) -> None:
    run = start(tmp_path, GOOD)
    run.until_sync("test/Two")
    with pytest.raises(WorkflowInvalid, match=message):
        verb(run)
    assert run.at == ("test", 2)
    run.cancel_sync()


@pytest.mark.parametrize(("verb", "message"), [
    (lambda run: run.pause_sync(), "run 1 has ended: there is nothing to pause"),
    (lambda run: run.skip_sync(), "no step is left to skip"),
    (lambda run: run.shell_sync("pwd"), "the run has ended: no leg is open"),
    (lambda run: run.set_env("A", "1"), "the run has ended: no leg is open"),
    (lambda run: run.until_sync("lint"), '"lint" does not come any more'),
], ids=["pause", "skip", "shell", "set_env", "until"])
def test_what_makes_no_sense_of_a_run_that_has_ended_is_refused(
    tmp_path: Path, verb: Callable[[Run], object], message: str
) -> None:
    run = start(tmp_path, GOOD)
    run.finish_sync()
    with pytest.raises((WorkflowInvalid, SurroundingsMissing), match=message):
        verb(run)
    assert run.state.outcome is Outcome.SUCCESS


def test_pausing_and_cancelling_what_is_paused_changes_nothing(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.until_sync("test/Two")
    run.pause_sync()
    run.pause_sync()
    run.cancel_sync()
    assert run.state.state is State.PAUSED
    run.skip_sync()  # opens the place again first
    assert run.at == ("test", 3)
    assert run.go_sync().outcome is Outcome.SUCCESS


def test_environment_that_is_set_before_a_leg_is_next_is_refused(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    with pytest.raises(SurroundingsMissing, match="take a step first"):
        run.set_env("A", "1")
    run.step_sync()
    run.set_env("A", "1")
    assert run.shell_sync("echo $A") == (0, ["1"])
    run.cancel_sync()
