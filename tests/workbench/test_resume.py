"""Stepping through a run, stopping it, and going on with it: on this machine, with real commands."""

import json
import os
import threading
from pathlib import Path

import pytest

from pipelinekit.model.event import StepSkipped, StepStarted
from pipelinekit.model.outcome import State
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.workbench.breakpoints import Breakpoint
from pipelinekit.workbench.kept import discard, kept_places, prune
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.resume import resume
from pipelinekit.workbench.session import Session, Surroundings
from tests.repositories import repository, write

WORKFLOW = """
    on: push
    jobs:
      build:
        runs-on: x
        outputs: {v: "${{ steps.v.outputs.v }}"}
        steps:
          - id: v
            run: echo "v=7" >> "$GITHUB_OUTPUT"; echo built >> "$LOG"
      test:
        needs: build
        runs-on: x
        steps:
          - name: Install
            run: echo "TOOL=hammer" >> "$GITHUB_ENV"; echo install >> "$LOG"
          - name: Test
            run: echo "half" >> work.txt; echo "test $TOOL ${{ needs.build.outputs.v }}" >> "$LOG"; test -f "$MENDED"
          - name: Report
            run: echo "report $(grep -c half work.txt)" >> "$LOG"
          - name: Clean
            if: always()
            run: echo clean >> "$LOG"
      ship:
        needs: test
        runs-on: x
        steps: [{run: echo ship >> "$LOG"}]
"""


class Bench:
    """A repository whose steps write down that they ran, and sessions in it."""

    def __init__(self, folder: Path, workflow: str = WORKFLOW) -> None:
        self.top = repository(folder / "repository", workflow)
        self.log = folder / "log.txt"
        self.mended = folder / "mended"
        self.store = Store(self.top / ".pipelinekit")

    def surroundings(self, **secrets: str) -> Surroundings:
        variables = {"LOG": str(self.log), "MENDED": str(self.mended)}
        return Surroundings(self.store, os.environ, "host", secrets=secrets, variables=variables)

    def start(self, **secrets: str) -> Session:
        session = Session(make(Wish(), self.top, os.environ), self.surroundings(**secrets))
        session.prepare(lambda _: None)
        return session

    def resume(self, run: str = "1", start: str = "", **secrets: str) -> Session:
        return resume(run, self.surroundings(**secrets), self.top, start)

    def ran(self) -> list[str]:
        """What ran since the last time."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines

    def edit(self, old: str, new: str) -> None:
        file = self.top / ".github" / "workflows" / "ci.yml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_failed_run_goes_on_from_the_failed_step_with_what_was_done(bench: Bench) -> None:
    assert bench.start().finish().state is State.FAILURE
    assert bench.ran() == ["built", "install", "test hammer 7", "clean"]
    bench.mended.touch()
    assert bench.resume().finish().state is State.SUCCESS
    assert bench.ran() == ["test hammer 7", "report 2", "clean", "ship"]  # 2: the workspace is as it was left


def test_both_attempts_are_recorded_in_every_table(bench: Bench) -> None:
    bench.start().finish()
    bench.mended.touch()
    bench.resume().finish()
    runs = bench.store.table("runs").sort_by("attempt").to_pylist()
    assert [(r["number"], r["attempt"], r["outcome"]) for r in runs] == [(1, 1, "failure"), (1, 2, "success")]
    jobs = {(j["attempt"], j["leg"]): j for j in bench.store.table("jobs").to_pylist()}
    assert jobs[2, "build"]["remembered"] == runs[0]["run_id"]
    assert (jobs[1, "test"]["outcome"], jobs[2, "test"]["outcome"], jobs[2, "test"]["remembered"]) == ("failure", "success", None)
    steps = [(s["name"], s["outcome"]) for s in bench.store.table("steps").to_pylist() if s["attempt"] == 2 and s["leg"] == "test"]
    assert steps == [
        ("Set up job", "success"), ("Install", "skipped"), ("Test", "success"), ("Report", "success"), ("Clean", "success"),
    ]


def test_nothing_is_left_when_it_has_ended_well(bench: Bench) -> None:
    bench.start().finish()
    assert [place.leg.step for place in kept_places(bench.store)] == ["Test"]
    bench.mended.touch()
    bench.resume().finish()
    assert kept_places(bench.store) == []
    assert not list((bench.store.path / "work").iterdir())


def test_the_last_attempt_is_the_one_that_is_gone_on_with(bench: Bench) -> None:
    bench.start().finish()
    assert bench.resume().finish().state is State.FAILURE
    bench.mended.touch()
    bench.ran()
    assert bench.resume().finish().state is State.SUCCESS
    assert bench.ran() == ["test hammer 7", "report 3", "clean", "ship"]


def test_from_a_step_everything_after_it_runs_again(bench: Bench) -> None:
    bench.start().finish()
    bench.mended.touch()
    bench.ran()
    assert bench.resume(start="test/Install").finish().state is State.SUCCESS
    assert bench.ran() == ["install", "test hammer 7", "report 2", "clean", "ship"]


def test_from_a_job_it_and_all_that_wait_for_it_run_again_even_after_a_success(bench: Bench) -> None:
    bench.mended.touch()
    assert bench.start().finish().state is State.SUCCESS
    bench.ran()
    assert bench.resume(start="test").finish().state is State.SUCCESS
    assert bench.ran() == ["install", "test hammer 7", "report 1", "clean", "ship"]


@pytest.mark.parametrize(
    ("old", "new", "ran"),
    [
        pytest.param('test -f "$MENDED"', "true", ["test hammer 7", "report 2", "clean", "ship"], id="the-failed-step-is-edited"),
        pytest.param(
            'echo "TOOL=hammer"', 'echo "TOOL=saw"', ["install", "test saw 7", "clean"], id="a-finished-step-that-is-edited-runs-again"
        ),
        pytest.param(
            "      - name: Test\n", "      - {name: New, run: 'echo new $TOOL >> \"$LOG\"'}\n      - name: Test\n",
            ["new hammer", "test hammer 7", "clean"], id="an-added-step-runs",
        ),
        pytest.param(
            "    needs: build\n    runs-on: x\n    steps:\n", "    needs: build\n    runs-on: x\n    steps:\n      - run: echo first >> \"$LOG\"\n",
            ["first", "test hammer 7", "clean"], id="a-step-added-before-finished-ones-runs-they-do-not",
        ),
    ],
)
def test_the_workflow_may_be_edited_meanwhile(old: str, new: str, ran: list[str], bench: Bench) -> None:
    bench.start().finish()
    bench.ran()
    bench.edit(old, new)
    bench.resume().finish()
    assert bench.ran() == ran


def test_a_removed_step_is_gone(bench: Bench) -> None:
    bench.start().finish()
    bench.ran()
    text = (bench.top / ".github/workflows/ci.yml").read_text()
    start, end = text.index("      - name: Test"), text.index("      - name: Report")
    write(bench.top, ".github/workflows/ci.yml", text[:start] + text[end:])
    assert bench.resume().finish().state is State.SUCCESS
    assert bench.ran() == ["report 1", "clean", "ship"]


@pytest.mark.parametrize(
    ("run", "start", "message"),
    [
        pytest.param("1", "test/Tset", 'job "test" has no step "Tset" (any more)', id="step-that-is-not-there"),
        pytest.param("1", "tset", 'there is no job "tset" to begin at', id="job-that-is-not-there"),
        pytest.param("9", "", 'no run is called "9"', id="run-that-is-not-there"),
    ],
)
def test_what_cannot_be_gone_on_with_is_told(run: str, start: str, message: str, bench: Bench) -> None:
    bench.start().finish()
    with pytest.raises(WorkflowInvalid, match=r"any more|to begin at|no run is called") as caught:
        bench.resume(run, start)
    assert caught.value.problems[0].message == message


def test_a_run_that_succeeded_has_nothing_to_go_on_with(bench: Bench) -> None:
    bench.mended.touch()
    bench.start().finish()
    with pytest.raises(WorkflowInvalid, match="there is nothing to go on with"):
        bench.resume()


def test_two_that_go_on_with_one_run_one_does_the_other_is_told(bench: Bench) -> None:
    bench.start().finish()
    first = bench.resume()
    with pytest.raises(WorkflowInvalid, match="another process goes on with run 1 already"):
        bench.resume()
    first.finish()


def test_where_what_was_kept_is_gone_the_leg_starts_again_and_says_so(bench: Bench) -> None:
    bench.start().finish()
    bench.mended.touch()
    bench.ran()
    list(discard(kept_places(bench.store), os.environ))
    session = bench.resume()
    assert session.finish().state is State.SUCCESS
    assert bench.ran() == ["install", "test hammer 7", "report 1", "clean", "ship"]


def test_a_broken_state_is_told_and_the_leg_starts_again(bench: Bench) -> None:
    bench.start().finish()
    bench.mended.touch()
    bench.ran()
    (kept_places(bench.store)[0].folder / "private" / "state.json").write_text('{"done": [{')
    session = bench.resume()
    assert session.finish().state is State.SUCCESS
    assert any("can't be used" in note and "it starts again" in note for note in session.state.notes)
    assert bench.ran() == ["install", "test hammer 7", "report 1", "clean", "ship"]


def test_secrets_are_asked_for_again_and_kept_nowhere_but_in_the_place(tmp_path: Path) -> None:
    workflow = """
        on: push
        jobs:
          t:
            runs-on: x
            steps:
              - run: echo "KEY=${{ secrets.KEY }}" >> "$GITHUB_ENV"
              - run: test "$KEY" = open-sesame && test -f "$MENDED"
    """
    bench = Bench(tmp_path, workflow)
    bench.start(KEY="open-sesame").finish()
    with pytest.raises(WorkflowInvalid, match='the secret "KEY", which is never kept'):
        bench.resume()
    holders = [p for p in bench.store.path.rglob("*") if p.is_file() and b"open-sesame" in p.read_bytes()]
    assert [(p.name, oct(p.stat().st_mode & 0o777)) for p in holders] == [("state.json", "0o600")]
    bench.mended.touch()
    assert bench.resume(KEY="open-sesame").finish().state is State.SUCCESS
    assert not [p for p in bench.store.path.rglob("*") if p.is_file() and b"open-sesame" in p.read_bytes()]


def test_stepping_pausing_and_going_on_in_another_session(bench: Bench) -> None:
    session = bench.start()
    session.until("test/Test")
    preview = session.next()
    assert preview is not None
    assert (preview.leg, preview.name, preview.runs) == ("test", "Test", True)
    assert 'echo "test $TOOL 7"' in preview.command
    assert preview.changed == {"TOOL": "hammer"}
    session.pause()
    assert bench.ran() == ["built", "install"]
    assert bench.store.runs()[0]["outcome"] == "paused"
    bench.mended.touch()
    again = bench.resume()
    assert again.finish().state is State.SUCCESS
    assert bench.ran() == ["test hammer 7", "report 1", "clean", "ship"]
    assert [(r["attempt"], r["outcome"]) for r in bench.store.table("runs").sort_by("attempt").to_pylist()] == [
        (1, "paused"), (2, "success"),
    ]


def test_a_step_that_is_taken_again_does_not_see_its_own_half_done_work(bench: Bench) -> None:
    session = bench.start()
    session.until("test/Report")
    assert session.failed() == '"Test" of test'
    bench.mended.touch()
    session.set_env("EXTRA", "kept")
    session.retry()
    assert session.attempt == 2
    preview = session.next()
    assert preview is not None
    assert (preview.name, preview.changed["EXTRA"]) == ("Test", "kept")
    assert session.finish().state is State.SUCCESS
    assert bench.ran() == ["built", "install", "test hammer 7", "test hammer 7", "report 1", "clean", "ship"]


def test_a_shell_runs_where_the_next_step_would(bench: Bench) -> None:
    session = bench.start()
    session.until("test/Test")
    assert session.shell("echo $TOOL; pwd; exit 3") == (3, ["hammer", session.leg()._place.workspace])  # type: ignore[union-attr]
    session.cancel()
    session.finish()


def test_a_step_can_be_left_out(bench: Bench) -> None:
    session = bench.start()
    session.until("test/Test")
    skipped = [event for event in session.skip() if isinstance(event, StepSkipped)]
    assert (skipped[0].name, skipped[0].condition) == ("Test", "skipped by hand")
    (bench.top / "x").touch()
    session.until("test/Report")
    assert bench.ran() == ["built", "install"]
    session.cancel()
    session.finish()


@pytest.mark.parametrize(
    ("where", "stands_before"),
    [
        pytest.param("before:test/Report", "Report", id="before"),
        pytest.param("after:test/Install", "Test", id="after"),
        pytest.param("test/2", "Test", id="by-number"),
        pytest.param("te*/Rep*", "Report", id="globs"),
        pytest.param("on-failure", "Report", id="on-failure"),
    ],
)
def test_breakpoints_stop(where: str, stands_before: str, bench: Bench) -> None:
    session = bench.start()
    session.breakpoints = [Breakpoint.read(where)]
    assert session.go() == session.breakpoints[0]
    leg = session.leg()
    step = leg.next_step() if leg else None
    assert step is not None
    assert step.name is not None
    assert step.name.text == stands_before
    session.pause()


def test_without_anyone_who_watches_breakpoints_are_recorded_and_passed(bench: Bench) -> None:
    session = bench.start()
    session.breakpoints = [Breakpoint.read("before:test/Test")]
    session.finish()
    assert session.state.notes == ("breakpoint before:test/Test was passed: nobody watches",)


def test_only_five_places_are_kept_and_only_for_a_day(bench: Bench) -> None:
    for _ in range(7):
        bench.start().finish()
    places = kept_places(bench.store)
    assert [bench.store.find_run(place.run_id)["number"] for place in places] == [3, 4, 5, 6, 7]
    prune(bench.store, os.environ, places[-1].leg.until + 1)
    assert kept_places(bench.store) == []


def test_without_keeping_nothing_is_left_and_going_on_starts_the_leg_again(bench: Bench) -> None:
    surroundings = Surroundings(bench.store, os.environ, "host", variables={"LOG": str(bench.log), "MENDED": ""}, keep=False)
    Session(make(Wish(), bench.top, os.environ), surroundings).finish()
    assert kept_places(bench.store) == []
    bench.ran()
    bench.mended.touch()
    assert bench.resume().finish().state is State.SUCCESS
    assert bench.ran() == ["install", "test hammer 7", "report 1", "clean", "ship"]


def test_a_second_post_of_a_cache_is_not_lost(tmp_path: Path) -> None:
    workflow = """
        on: push
        jobs:
          t:
            runs-on: x
            steps:
              - uses: actions/cache@v4
                with: {path: kept, key: one}
              - run: mkdir -p kept; echo hi > kept/file
              - run: test -f "$MENDED"
    """
    bench = Bench(tmp_path, workflow)
    bench.start().finish()
    bench.mended.touch()
    bench.resume().finish()
    saved = [c for c in bench.store.table("caches").to_pylist() if c["result"] == "saved"]
    assert [(c["attempt"], c["key"]) for c in saved] == [(2, "one")]


def test_cancelling_while_stepping_ends_the_step_and_the_run(bench: Bench) -> None:
    bench.edit('echo "half"', 'sleep 60; echo "half"')
    session = bench.start()
    session.until("test/Test")
    timer = threading.Timer(0.3, session.cancel)
    timer.start()
    while session.step():
        pass
    timer.join()
    assert session.state.state is State.CANCELLED
    assert bench.ran() == ["built", "install", "clean"]


def test_the_events_of_a_second_attempt_tell_what_was_not_run_again(bench: Bench) -> None:
    bench.start().finish()
    session = bench.resume()
    events = list(session)
    assert [e.condition for e in events if isinstance(e, StepSkipped) and e.name == "Install"] == ["done in attempt 1"]
    assert "Install" not in [e.name for e in events if isinstance(e, StepStarted)]
    assert json.loads(json.dumps(session.state.leg("build").remembered)) == session.run_id
