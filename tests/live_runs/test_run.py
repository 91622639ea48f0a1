"""A live run on this machine: its verbs awaited and waited for, what it shows on the way, how it ends."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.live_runs import leaving
from pipelinekit.live_runs.run import Run
from pipelinekit.model.event import Event, LinesLogged, Noted, StepFinished, StepStarted
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from tests.repositories import repository

WORKFLOW = """
    on: push
    jobs:
      lint:
        runs-on: ubuntu-latest
        steps:
          - {name: Look, run: echo looks}
      test:
        runs-on: ubuntu-latest
        steps:
          - {name: One, run: echo one}
          - {name: Two, run: 'test -e /nowhere', env: {SIZE: small}}
          - {name: Three, run: echo three}
      deploy:
        needs: [lint, test]
        runs-on: ubuntu-latest
        steps:
          - {name: Ship, run: echo ships}
      clean:
        needs: lint
        if: always()
        runs-on: ubuntu-latest
        steps:
          - {name: Sweep, run: echo sweeps}
"""
GOOD = WORKFLOW.replace("test -e /nowhere", "echo two")
SLOW = "on: push\njobs: {wait: {runs-on: ubuntu-latest, steps: [{run: echo begun; sleep 60}, {if: always(), run: echo swept}]}}"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path, WORKFLOW)


def start(folder: Path, text: str = "") -> Run:
    if text:
        repository(folder, text)
    run: Run = pk.start("ci.yml", directory=folder, executor="host")
    return run


def legs(run: Run) -> dict[str, str]:
    return {leg.leg: leg.state.value for leg in run.state.legs}


def test_before_its_first_step_the_plan_stands_there_queued(top: Path) -> None:
    run = start(top)
    assert legs(run) == {"lint": "queued", "test": "queued", "deploy": "queued", "clean": "queued"}
    assert run.can == ("step", "until", "go", "skip", "cancel")
    assert repr(run) == "<Run 1 of .github/workflows/ci.yml: queued>"


def test_verbs_are_awaited_one_after_another(tmp_path: Path) -> None:
    async def cells() -> Run:
        run = start(tmp_path, GOOD)
        opened = run.step()  # not waited for: the next verb comes after it all the same
        looked = await run.step()
        assert opened.done
        assert [type(e).__name__ for e in looked] == ["StepStarted", "LinesLogged", "LinesLogged", "StepFinished"]
        await run
        return run

    run = asyncio.run(cells())
    assert set(legs(run).values()) == {"success"}
    assert [row["outcome"] for row in run.store.runs()] == ["success"]


def test_the_loop_goes_on_while_a_step_runs_and_its_lines_come_as_they_are_printed(tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    waits = f"on: push\njobs: {{t: {{runs-on: x, steps: [{{run: 'echo begun; until test -e {go_on}; do sleep 0.01; done'}}]}}}}"

    async def cell() -> Outcome | None:
        run = start(tmp_path / "repository", waits)
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def hear(event: Event | None) -> None:
            if isinstance(event, LinesLogged) and any(text == "begun" for _, text in event.lines):
                loop.call_soon_threadsafe(begun.set)

        run.listen(hear)
        ending = run.finish()
        await begun.wait()  # would never come, were lines told only when the step is through
        assert run.doing == "finish"
        assert run.can == ("cancel",)
        go_on.touch()
        return (await ending).outcome

    assert asyncio.run(asyncio.wait_for(cell(), 30)) is Outcome.SUCCESS


def test_a_run_that_fails_raises_where_nobody_watches(top: Path) -> None:
    run = start(top)
    with pytest.raises(pk.RunFailed, match=r"run 1 ended in failure: test failed"):
        run.finish_sync()
    assert run.can == ("retry",)
    assert run.trouble == "run 1 ended in failure: test failed"


@pytest.mark.parametrize(("watched", "check"), [(True, None), (False, False)], ids=["it is watched", "it was told not to"])
def test_else_it_gives_how_it_ended(top: Path, watched: bool, check: bool | None) -> None:
    run = start(top)
    run.watched = watched
    assert run.finish_sync(check).outcome is Outcome.FAILURE


def test_a_step_gives_what_it_did_in_words(top: Path) -> None:
    run = start(top)
    run.until_sync("test/Two")
    assert run.upcoming is not None
    assert (run.at, run.upcoming.name, run.upcoming.environment) == (("test", 2), "Two", {"SIZE": "small"})
    done = run.step_sync()
    told = [line for line in done.lines if " in " not in line]
    assert told == ["  $ test -e /nowhere", "  env SIZE=small"]
    assert done.lines[0].startswith("test · Two: failure in ")
    assert done.lines[0].endswith(", exit code 1")
    assert run.failed() == '"Two" of test'
    assert "retry" in run.can
    run.cancel_sync()


def test_until_takes_only_what_its_target_needs_where_that_is_wished(top: Path) -> None:
    run = start(top)
    run.until_sync("test/Three", only=True)
    assert legs(run) == {"lint": "queued", "test": "running", "deploy": "queued", "clean": "queued"}
    run.cancel_sync()


def test_a_job_that_is_skipped_by_name_is_recorded_so_and_what_needs_it_follows_its_condition(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.skip_sync("lint")
    run.finish_sync()
    assert legs(run) == {"lint": "skipped", "test": "success", "deploy": "skipped", "clean": "success"}
    assert run.state.leg("lint").reason == "skipped (user)"
    assert run.state.leg("deploy").reason == 'because "lint" was skipped'


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


def test_a_retry_goes_on_from_the_step_that_failed_with_the_workflow_as_it_is_now(top: Path) -> None:
    run = start(top)
    assert run.finish_sync(check=False).outcome is Outcome.FAILURE
    repository(top, GOOD)
    done = run.retry_sync()
    assert (run.attempt, done.outcome) == (2, Outcome.SUCCESS)
    ran = [event.name for event in done if isinstance(event, StepStarted) and event.step]
    assert ran == ["Two", "Three", "Ship"]
    assert [(row["attempt"], row["outcome"]) for row in run.store.runs()] == [(2, "success"), (1, "failure")]


@pytest.mark.parametrize("stepping", [False, True], ids=["it has ended", "it stands at the step"])
def test_a_retry_takes_what_was_edited_since_from_the_checkout_on(tmp_path: Path, stepping: bool) -> None:
    text = ("on: push\njobs: {t: {runs-on: x, steps: [{name: Before, run: echo before}, {uses: actions/checkout@v4},"
            " {name: Total, run: grep 42 total.txt}]}}")
    repository(tmp_path, text, **{"total.txt": "41\n"})
    run = start(tmp_path)
    if stepping:
        while not run.failed():
            run.step_sync()
    else:
        run.finish_sync(check=False)
    (tmp_path / "total.txt").write_text("42\n")
    (tmp_path / "look.ipynb").write_text("{}")
    done = run.retry_sync()
    assert done.outcome is Outcome.SUCCESS
    ran = [event.name for event in done if isinstance(event, StepStarted) and event.step]
    assert ran[:2] == ["Run actions/checkout@v4", "Total"]
    log = run.store.table("logs", columns=["text"], run_id=run.run_id, attempt=2)["text"].to_pylist()
    assert any(line.endswith("; changed since: total.txt") for line in log)


@pytest.mark.parametrize("stepping", [False, True], ids=["it has ended", "it stands at the step"])
def test_what_a_step_gave_before_the_one_that_failed_is_there_after_a_retry(tmp_path: Path, stepping: bool) -> None:
    ready = tmp_path / "ready"
    run = start(tmp_path / "top", f"""
        on: push
        jobs:
          a:
            runs-on: x
            outputs: {{size: '${{{{ steps.look.outputs.size }}}}'}}
            steps:
              - {{id: look, run: echo size=7 >>$GITHUB_OUTPUT}}
              - {{run: test -e {ready}}}
              - {{if: steps.look.outcome == 'success', name: Then, run: 'test "${{{{ steps.look.outputs.size }}}}" = 7'}}
          b:
            needs: a
            runs-on: x
            steps: [{{run: 'test "${{{{ needs.a.outputs.size }}}}" = 7'}}]
    """)
    if stepping:
        while not run.failed():
            run.step_sync()
    else:
        run.finish_sync(check=False)
    ready.touch()
    assert run.retry_sync().outcome is Outcome.SUCCESS
    assert run.state.leg("a").outputs == {"size": "7"}
    assert "Then" in ran(run)


def test_a_retry_runs_what_needs_the_failed_job_again_and_keeps_the_legs_that_went_well(tmp_path: Path) -> None:
    text = """
        on: push
        jobs:
          test:
            runs-on: x
            strategy: {fail-fast: false, matrix: {n: [1, 2]}}
            steps: [{name: Test, run: 'test ${{ matrix.n }} != BAD'}]
          report: {needs: test, if: always(), runs-on: x, steps: [{name: Report, run: 'echo ${{ needs.test.result }}'}]}
    """
    run = start(tmp_path, text.replace("BAD", "2"))
    run.finish_sync(check=False)
    repository(tmp_path, text.replace("BAD", "3"))
    assert run.retry_sync().outcome is Outcome.SUCCESS
    assert [leg.reason for leg in run.state.legs] == ["done in attempt 1", "", ""]
    assert run.state.leg("report").last_line == "success"


def test_a_retry_of_one_that_went_well_is_a_new_run(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.finish_sync()
    run.retry_sync()
    assert (run.number, run.attempt, run.state.outcome) == (2, 1, Outcome.SUCCESS)


def test_a_retry_may_stand_before_the_step_and_be_looked_into(top: Path) -> None:
    run = start(top)
    run.finish_sync(check=False)
    run.retry_sync(go=False)
    assert run.upcoming is not None
    assert run.upcoming.name == "Two"
    assert run.shell_sync("echo $SIZE; exit 3") == (3, ["small"])
    assert repr(run.shell_sync("echo $SIZE; exit 3")) == "small\nexit code 3"
    run.cancel_sync()


def test_a_paused_run_goes_on_here_or_from_its_number(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.until_sync("test/Two")
    run.pause_sync()
    assert (run.state.state, run.can) == (State.PAUSED, ("step", "until", "go"))
    run.step_sync()  # opens the place again
    run.pause_sync()
    again = pk.resume(1, directory=tmp_path)
    assert again.resume_sync().outcome is Outcome.SUCCESS
    assert [row["outcome"] for row in again.store.runs()] == ["success", "paused", "paused"]


def test_a_breakpoint_stops_who_watches_and_is_passed_and_noted_where_nobody_does(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.break_at("before:test/Three")
    run.watched = True
    run.finish_sync()
    assert run.at == ("test", 3)
    run.watched = False
    passed = [event.message for event in run.finish_sync() if isinstance(event, Noted)]
    assert passed == ["breakpoint before:test/Three was passed: nobody watches"]
    assert run.state.outcome is Outcome.SUCCESS


def test_a_breakpoint_that_was_taken_away_stops_nobody(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.break_at("test/Two")
    run.unbreak("before:test/Two")
    assert run.go_sync().outcome is Outcome.SUCCESS


def test_a_cancelled_run_runs_what_is_always_wanted_and_is_recorded(tmp_path: Path) -> None:
    run = start(tmp_path, SLOW)
    begun = threading.Event()
    run.listen(lambda event: begun.set() if isinstance(event, LinesLogged) and event.lines[-1][1] == "begun" else None)
    ending = run.finish(check=False)
    assert begun.wait(30)
    run.cancel_sync()
    assert ending.wait().outcome is Outcome.CANCELLED
    steps = run.store.table("steps", columns=["name", "outcome"], run_id=run.run_id).to_pylist()
    assert [row["outcome"] for row in steps] == ["success", "cancelled", "success"]


def test_an_interrupt_of_the_cell_that_waits_cancels_the_run(tmp_path: Path) -> None:
    async def interrupted() -> Run:
        run = start(tmp_path, SLOW)
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        run.listen(lambda event: loop.call_soon_threadsafe(begun.set) if isinstance(event, LinesLogged) else None)
        cell = asyncio.ensure_future(run.finish()._awaited())
        await begun.wait()
        cell.cancel()  # what ipykernel does to a cell that awaits
        with pytest.raises(asyncio.CancelledError):
            await cell
        return run

    run = asyncio.run(asyncio.wait_for(interrupted(), 40))
    assert run.state.outcome is Outcome.CANCELLED
    assert [row["outcome"] for row in run.store.runs()] == ["cancelled"]


def ran(run: Run) -> set[str]:
    """Names of the steps that the last attempt ran, but for setting up."""
    rows = run.store.table("steps", columns=["name", "outcome", "step_index"], run_id=run.run_id, attempt=run.attempt).to_pylist()
    return {row["name"] for row in rows if row["step_index"] and row["outcome"] != "skipped"}


def test_a_run_that_is_cancelled_before_its_first_step_runs_nothing_but_what_is_always_wanted(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.cancel_sync()
    assert run.state.outcome is Outcome.CANCELLED
    assert ran(run) == {"Sweep"}


def test_a_retry_that_is_interrupted_ends_and_does_not_go_on(top: Path) -> None:
    run = start(top)
    run.finish_sync(check=False)
    repository(top, GOOD)
    retry = run.retry(go=True)
    run.cancel("it was interrupted")  # the attempt may not be there yet
    retry.wait()
    run.cancel_sync()
    assert (run.attempt, run.state.outcome) in ((1, Outcome.FAILURE), (2, Outcome.CANCELLED))
    assert "Ship" not in ran(run)


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


def test_a_step_is_found_by_its_whole_name_though_that_reads_as_a_glob(tmp_path: Path) -> None:
    run = start(tmp_path, "on: push\njobs: {t: {runs-on: x, steps: [{name: 'Lint [fast]', run: echo}, {run: echo two}]}}")
    run.until_sync("t/Lint [fast]")
    assert run.at == ("t", 1)
    run.until_sync("t/Run echo two")
    assert run.at == ("t", 2)
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


def test_an_interrupted_shell_command_ends_and_the_run_stands_on(tmp_path: Path) -> None:
    run, going = start(tmp_path, GOOD), tmp_path / "going"
    run.step_sync()
    shell = run.shell(f"touch {going}; sleep 60")
    while not going.exists():
        time.sleep(0.01)
    waiting = run.shell("echo never")
    waiting._interrupt()
    shell._interrupt()
    assert shell.wait(30).exit_code != 0
    assert waiting.future.cancelled()
    assert run.at == ("lint", 1)
    assert run.shell_sync("echo here") == (0, ["here"])
    run.cancel_sync()


def test_a_run_is_cancelled_while_a_shell_command_runs(tmp_path: Path) -> None:
    run, going = start(tmp_path, GOOD), tmp_path / "going"
    run.step_sync()
    shell = run.shell(f"touch {going}; sleep 60")
    while not going.exists():
        time.sleep(0.01)
    run.cancel_sync()
    assert shell.done
    assert run.state.outcome is Outcome.CANCELLED


def test_a_listener_that_raises_is_told_nothing_more_and_the_run_goes_on(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)

    def hear(_: Event | None) -> None:
        raise LookupError("mine")

    run.listen(hear)
    assert run.step().wait(30)
    assert run.trouble == "a listener is not told any more: it raised LookupError('mine')"
    assert run.finish_sync().outcome is Outcome.SUCCESS


def test_no_thread_stays_behind_a_verb(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.step_sync()
    deadline = time.monotonic() + 10
    while (left := [thread for thread in threading.enumerate() if thread.name == "run 1"]) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == []
    run.cancel_sync()


def test_a_run_that_never_began_leaves_nothing_when_its_process_ends(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.leave()
    assert [*(run.store.path / "work").glob("*"), *run.store.journals()] == []


def test_what_stands_is_kept_when_its_cell_is_run_again_and_what_the_same_cell_holds_beside_it_stands_on(tmp_path: Path) -> None:
    first, second, beside, after = (start(tmp_path, GOOD) for _ in range(4))
    for run in (first, beside):
        run.until_sync("test/Two")
    leaving.begun_in("cell", 1, first)
    leaving.begun_in("cell", 1, second)
    leaving.begun_in("other", 2, beside)
    leaving.begun_in("cell", 3, after)
    assert [run.state.state for run in (first, second, beside)] == [State.PAUSED, State.QUEUED, State.RUNNING]
    assert first.step_sync().state.state is State.RUNNING
    for run in (first, beside):
        run.cancel_sync()


def test_a_process_that_leaves_keeps_what_stands(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    run.until_sync("test/Two")
    run.leave()
    assert [row["outcome"] for row in run.store.runs()] == ["paused"]
    assert run.state.leg("test").kept is not None


def test_listeners_hear_every_event_and_none_where_something_else_changed(tmp_path: Path) -> None:
    run = start(tmp_path, GOOD)
    heard: list[Event | None] = []
    stop = run.listen(heard.append)
    run.finish_sync()
    assert heard[0] is heard[-1] is None
    assert sum(isinstance(event, StepFinished) and event.step > 0 for event in heard) == 6
    stop()
    count = len(heard)
    run.retry_sync()
    assert len(heard) == count


@pytest.mark.parametrize(("verb", "argument"), [
    ("step", ""), ("until", "test"), ("go", ""), ("skip", "lint"), ("retry", ""), ("shell", "pwd"), ("cancel", ""),
])
def test_a_verb_can_be_said_by_its_name(tmp_path: Path, verb: str, argument: str) -> None:
    run = start(tmp_path, GOOD)
    if verb == "shell":
        run.step_sync()
    assert run.do(verb, argument).verb == verb
    run.cancel_sync()
