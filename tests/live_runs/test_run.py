"""A live run on this machine: its verbs awaited and waited for, what it shows on the way, how it ends."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.live_runs.run import Run
from pipelinekit.model.event import Event, LinesLogged, Noted, StepFinished, StepStarted
from pipelinekit.model.outcome import Outcome, State
from tests.live_runs.made import GOOD, legs, ran, start
from tests.repositories import repository


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
    assert told == ["  $ test -e /nowhere", "  env SIZE=small", "next: Three of test"]
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


def test_a_step_is_found_by_its_whole_name_though_that_reads_as_a_glob(tmp_path: Path) -> None:
    run = start(tmp_path, "on: push\njobs: {t: {runs-on: x, steps: [{name: 'Lint [fast]', run: echo}, {run: echo two}]}}")
    run.until_sync("t/Lint [fast]")
    assert run.at == ("t", 1)
    run.until_sync("t/Run echo two")
    assert run.at == ("t", 2)
    run.cancel_sync()


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


def test_a_step_that_fails_again_with_the_same_files_says_so(top: Path) -> None:
    run = start(top)
    run.until_sync("test/Two")
    run.step_sync()
    run.do("retry").wait()
    assert run.failed() == '"Two" of test'
    assert run.trouble == "It failed again, with the same files: nothing was saved since they were checked out."
    run.cancel_sync()
