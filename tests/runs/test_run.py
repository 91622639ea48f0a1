"""Which leg begins when, what ends with what: on places that are dictionaries, with real threads."""

import threading
from pathlib import Path

import pytest

from pipelinekit.executors.base import PlaceRequest
from pipelinekit.model.event import Event, LegFinished, LegQueued, LegStarted, RunFinished, RunStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import SurroundingsMissing
from tests.runs.fakes import PATIENCE_SECONDS, FakeExecutor
from tests.runs.running import make_run, of, outcome, outcomes, output, step, steps


def jobs(text: str) -> str:
    return f"on: push\njobs:\n{text}"


def job(name: str, run: str = "say hi", needs: str = "[]", more: str = "") -> str:
    return f"  {name}:\n    runs-on: ubuntu-latest\n    needs: {needs}\n{more}    steps:\n      - run: |\n" + "".join(
        f"          {line}\n" for line in run.split("\n")
    )


def test_run_begins_with_started_and_ends_with_finished(tmp_path: Path) -> None:
    events = list(make_run(jobs(job("t")), tmp_path))
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunFinished)
    assert outcome(events) is Outcome.SUCCESS
    assert output(events) == ["hi"]


def test_a_job_starts_when_its_own_needs_have_ended_not_when_a_stage_has(tmp_path: Path) -> None:
    executor = FakeExecutor()
    executor.event("slow-may-end")
    run = make_run(jobs(job("fast") + job("slow", "wait slow-may-end") + job("after", needs="[fast]")), tmp_path, executor)
    order = []
    for event in run:
        if isinstance(event, LegFinished):
            order.append(event.leg)
            if event.leg == "after":
                executor.event("slow-may-end").set()
    assert order == ["fast", "after", "slow"]


def test_a_job_whose_need_failed_is_skipped_because_of_it(tmp_path: Path) -> None:
    events = list(make_run(jobs(job("build", "exit 1") + job("test", needs="[build]") + job("ship", needs="[test]")), tmp_path))
    assert outcomes(events) == {"build": Outcome.FAILURE, "test": Outcome.SKIPPED, "ship": Outcome.SKIPPED}
    assert {e.leg: e.reason for e in of(LegFinished, events)}["test"] == 'because "build" failed'
    assert outcome(events) is Outcome.FAILURE


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param("always()", Outcome.SUCCESS, id="always"),
        pytest.param("failure()", Outcome.SUCCESS, id="failure-looks-at-all-before"),
        pytest.param("success()", Outcome.SKIPPED, id="success"),
        pytest.param("needs.test.result == 'skipped'", Outcome.SKIPPED, id="no-status-function-means-success-too"),
        pytest.param("always() && needs.test.result == 'skipped'", Outcome.SUCCESS, id="result-of-a-need"),
    ],
)
def test_condition_of_a_job_after_a_failure(condition: str, expected: Outcome, tmp_path: Path) -> None:
    last = job("last", needs="[test]", more=f"    if: {condition}\n")
    events = list(make_run(jobs(job("build", "exit 1") + job("test", needs="[build]") + last), tmp_path))
    assert outcomes(events)["last"] is expected


def test_a_false_condition_skips_the_job_and_tells_the_three_lines(tmp_path: Path) -> None:
    events = list(make_run(jobs(job("t", more="    if: github.ref == 'refs/heads/other'\n")), tmp_path))
    finished = of(LegFinished, events)[0]
    assert finished.outcome is Outcome.SKIPPED
    assert "github.ref == 'refs/heads/other'" in finished.reason
    assert "'refs/heads/main'" in finished.reason
    assert not of(LegStarted, events)


def test_outputs_of_a_job_reach_the_one_that_needs_it(tmp_path: Path) -> None:
    text = """
on: push
jobs:
  a:
    runs-on: x
    outputs: {v: "${{ steps.s.outputs.v }}", empty: "${{ steps.s.outputs.none }}"}
    steps:
      - {id: s, run: set GITHUB_OUTPUT v=42}
  b:
    runs-on: x
    needs: a
    steps:
      - run: say ${{ needs.a.outputs.v }} ${{ needs.a.result }}
"""
    events = list(make_run(text, tmp_path))
    assert outcome(events) is Outcome.SUCCESS
    assert output(events, "b") == ["42 success"]
    assert of(LegFinished, events)[0].outputs == {"v": "42"}


def test_a_matrix_from_an_output_is_made_when_it_is_known(tmp_path: Path) -> None:
    text = """
on: push
jobs:
  list:
    runs-on: x
    outputs: {all: "${{ steps.s.outputs.all }}"}
    steps:
      - {id: s, run: 'set GITHUB_OUTPUT all=[1,2]'}
  each:
    runs-on: x
    needs: list
    strategy: {matrix: {n: "${{ fromJSON(needs.list.outputs.all) }}"}}
    steps:
      - run: say ${{ matrix.n }}
"""
    events = list(make_run(text, tmp_path))
    assert [e.leg for e in of(LegQueued, events)] == ["list", "each (1)", "each (2)"]
    assert output(events, "each (2)") == ["2"]


MATRIX = "    strategy: {fail-fast: FAST, matrix: {n: [1, 2, 3]}}\n"


def test_fail_fast_cancels_running_and_waiting_siblings(tmp_path: Path) -> None:
    executor = FakeExecutor()
    executor.event("never")
    body = "wait never"
    text = jobs(job("t", body, more=MATRIX.replace("FAST", "true"))).replace("wait never", "${{ matrix.n == 1 && 'exit 1' || 'wait never' }}")
    events = list(make_run(text, tmp_path, executor, cores=2))
    assert outcomes(events) == {"t (1)": Outcome.FAILURE, "t (2)": Outcome.CANCELLED, "t (3)": Outcome.CANCELLED}
    assert {e.leg: e.reason for e in of(LegFinished, events)}["t (3)"] == 'because "t (1)" failed'
    assert outcome(events) is Outcome.FAILURE
    assert all(place.closed for place in executor.places)


def test_without_fail_fast_siblings_go_on(tmp_path: Path) -> None:
    text = jobs(job("t", "${{ matrix.n == 1 && 'exit 1' || 'say fine' }}", more=MATRIX.replace("FAST", "false")))
    assert outcomes(make_run(text, tmp_path)) == {"t (1)": Outcome.FAILURE, "t (2)": Outcome.SUCCESS, "t (3)": Outcome.SUCCESS}


def test_a_leg_that_may_fail_does_not_fail_its_job(tmp_path: Path) -> None:
    more = "    continue-on-error: ${{ matrix.n == 1 }}\n" + MATRIX.replace("FAST", "true")
    events = list(make_run(jobs(job("t", "${{ matrix.n == 1 && 'exit 1' || 'say fine' }}", more=more) + job("u", needs="[t]")), tmp_path))
    assert outcomes(events)["t (1)"] is Outcome.FAILURE
    assert outcomes(events)["u"] is Outcome.SUCCESS
    assert outcome(events) is Outcome.SUCCESS


def test_legs_run_at_once_up_to_the_cores(tmp_path: Path) -> None:
    executor = FakeExecutor()
    executor.event("go")
    opened: list[str] = []
    two = threading.Event()

    def on_open(request: PlaceRequest) -> None:
        opened.append(request.leg)
        if len(opened) == 2:
            two.set()

    executor.on_open = on_open
    run = make_run(jobs(job("t", "wait go", more=MATRIX.replace("FAST", "true"))), tmp_path, executor, cores=2)
    events: list[Event] = []
    reader = threading.Thread(target=lambda: events.extend(run))
    reader.start()
    assert two.wait(PATIENCE_SECONDS)
    assert len(opened) == 2
    executor.event("go").set()
    reader.join(PATIENCE_SECONDS)
    assert sorted(opened) == ["t (1)", "t (2)", "t (3)"]
    assert outcome(events) is Outcome.SUCCESS


def test_max_parallel_holds_legs_back(tmp_path: Path) -> None:
    executor = FakeExecutor()
    open_now: set[str] = set()
    most = 0

    def on_open(request: PlaceRequest) -> None:
        nonlocal most
        open_now.add(request.leg)
        most = max(most, len(open_now) - sum(place.closed for place in executor.places))

    executor.on_open = on_open
    text = jobs(job("t", more="    strategy: {max-parallel: 1, matrix: {n: [1, 2, 3]}}\n"))
    assert outcome(make_run(text, tmp_path, executor)) is Outcome.SUCCESS
    assert most == 1


def test_cancel_ends_what_runs_and_still_runs_always_steps(tmp_path: Path) -> None:
    executor = FakeExecutor()
    executor.event("never")
    text = """
on: push
jobs:
  t:
    runs-on: x
    steps:
      - run: wait never
      - run: say not this
      - {if: always(), run: say cleaning}
      - {if: cancelled(), run: say cancelled}
  waits:
    runs-on: x
    needs: t
    steps: [{run: say no}]
  always:
    runs-on: x
    needs: t
    if: always()
    steps: [{run: say last}]
"""
    run = make_run(text, tmp_path, executor)
    events: list[Event] = []
    for event in run:
        events.append(event)
        if isinstance(event, LegStarted) and event.leg == "t":
            threading.Thread(target=run.cancel, args=("stop",)).start()
    assert output(events) == ["cleaning", "cancelled"]
    assert outcomes(events) == {"t": Outcome.CANCELLED, "waits": Outcome.CANCELLED, "always": Outcome.SUCCESS}
    assert output(events, "always") == ["last"]
    assert outcome(events) is Outcome.CANCELLED
    assert all(place.closed for place in executor.places)


def test_a_reader_that_goes_away_ends_the_run(tmp_path: Path) -> None:
    executor = FakeExecutor()
    executor.event("never")
    events = iter(make_run(jobs(job("t", "wait never")), tmp_path, executor))
    for event in events:
        if isinstance(event, LegStarted):
            break
    events.close()  # type: ignore[attr-defined]
    assert all(place.closed for place in executor.places)


def test_a_lost_place_fails_the_run_and_says_why(tmp_path: Path) -> None:
    run = make_run(jobs(job("t", "lose") + job("u", needs="[t]")), tmp_path)
    events = list(run)
    assert isinstance(run.missing, SurroundingsMissing)
    assert outcome(events) is Outcome.FAILURE
    assert of(RunFinished, events)[0].reason == "the engine stopped answering"
    assert steps(events) == {1: "failure"}


def test_windows_is_skipped_with_its_reason(tmp_path: Path) -> None:
    text = jobs(
        "  t:\n    runs-on: ${{ matrix.os }}\n    strategy: {matrix: {os: [ubuntu-latest, windows-latest, macos-13]}}\n"
        "    steps: [{run: say hi}]\n"
    )
    events = list(make_run(text, tmp_path))
    assert outcomes(events) == {
        "t (ubuntu-latest)": Outcome.SUCCESS, "t (windows-latest)": Outcome.SKIPPED, "t (macos-13)": Outcome.SKIPPED,
    }
    assert 'unsupported runner "windows-latest"' in of(LegFinished, events)[0].reason + of(LegFinished, events)[1].reason
    assert outcome(events) is Outcome.SUCCESS


def test_stepping_gives_the_same_events_as_running(tmp_path: Path) -> None:
    text = jobs(job("a", "say one") + job("b", "say two", needs="[a]"))
    ran = [type(event).__name__ for event in make_run(text, tmp_path / "1", cores=1)]
    run = make_run(text, tmp_path / "2")
    stepped: list[Event] = []
    while events := step(run):
        stepped += events
    assert [type(event).__name__ for event in stepped] == ran
    assert output(stepped, "b") == ["two"]


def test_stepping_then_running_the_rest(tmp_path: Path) -> None:
    text = "on: push\njobs:\n  t:\n    runs-on: x\n    steps: [{run: say 1}, {run: say 2}, {run: say 3}]\n"
    run = make_run(text, tmp_path)
    first = step(run) + step(run)
    assert output(first) == ["1"]
    assert output(run) == ["2", "3"]
