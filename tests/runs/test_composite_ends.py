"""Composite actions: which of their steps run, and how they end: failed, forgiven, out of time, cancelled."""

import threading
from pathlib import Path

import pytest

from pipelinekit.model.event import Event
from pipelinekit.model.outcome import Outcome
from tests.runs.actions import MAPPED, action, errors, job, mapped
from tests.runs.fakes import PATIENCE_SECONDS, FakeExecutor
from tests.runs.running import make_run, outcome, output, steps

CONDITIONS = [
    pytest.param("success()", "skipped", id="success"),
    pytest.param("failure()", "success", id="failure"),
    pytest.param("always()", "success", id="always"),
    pytest.param("cancelled()", "skipped", id="cancelled"),
    pytest.param("inputs.x == ''", "skipped", id="success-is-meant"),
    pytest.param("steps.s.outcome == 'failure' && !cancelled()", "success", id="outcome-of-a-step"),
    pytest.param("github.action_status == 'failure' && always()", "success", id="status-of-the-action"),
]


@pytest.mark.parametrize(("condition", "ran"), CONDITIONS)
def test_condition_inside_after_a_failed_step(condition: str, ran: str, tmp_path: Path) -> None:
    events = mapped(tmp_path, f"- {{id: s, run: exit 1, shell: sh}}\n- {{if: \"{condition}\", run: say x, shell: sh}}")
    assert steps(events) == {1: "failure", 2: "failure", 3: ran}


def test_conditions_inside_ask_how_the_action_stands_not_the_job(tmp_path: Path) -> None:
    inner = "- {run: say usual, shell: sh}\n- {if: failure(), run: say failed, shell: sh}\n- {run: 'say ${{ job.status }}', shell: sh}"
    events = mapped(tmp_path, inner, "- run: exit 1\n- {if: failure(), uses: acme/a@v1}")
    assert output(events) == ["usual", "failure"]
    assert steps(events) == {1: "failure", 2: "success", 3: "success", 4: "skipped", 5: "success"}


def test_a_forgiven_step_inside_does_not_fail_the_action(tmp_path: Path) -> None:
    inner = "- {id: s, run: exit 1, shell: sh, continue-on-error: true}\n- {run: 'say ${{ steps.s.outcome }} ${{ steps.s.conclusion }}', shell: sh}"
    events = mapped(tmp_path, inner)
    assert output(events) == ["failure success"]
    assert outcome(events) is Outcome.SUCCESS


def test_a_failure_inside_fails_the_step_and_is_told_once(tmp_path: Path) -> None:
    events = mapped(tmp_path, "- {run: exit 3, shell: sh}", "- {uses: acme/a@v1}\n- {run: say no}")
    assert steps(events) == {1: "failure", 3: "failure", 2: "skipped"}
    assert errors(events) == ["Process completed with exit code 3."]


def test_when_its_time_is_up_the_step_that_runs_is_ended_and_the_action_fails(tmp_path: Path) -> None:
    executor = FakeExecutor()
    limits: list[float | None] = []
    executor.on_command = lambda command: limits.append(command.timeout_seconds)
    action(tmp_path, "ci/a", "- {run: say a, shell: sh}\n- {run: say b, shell: sh}")
    list(make_run(job("- {uses: acme/a@v1, timeout-minutes: 2}\n- {run: say c}"), tmp_path, executor, actions=MAPPED))
    first, second, after = limits
    assert first is not None
    assert second is not None
    assert 119 < second <= first <= 120
    assert after is not None
    assert after > 120


def cancelled(tmp_path: Path, inner: str, outer: str, *, ends: bool = False) -> list[Event]:
    """What happened where the run is cancelled while `wait it` goes on. ends: whether that ends by itself then."""
    executor, waiting = FakeExecutor(), threading.Event()
    it = executor.event("it")
    executor.on_wait = waiting.set
    action(tmp_path, "ci/a", inner)
    run_ = make_run(job(outer), tmp_path, executor, actions=MAPPED)

    def cancel() -> None:
        waiting.wait(PATIENCE_SECONDS)
        run_.cancel("by hand")
        if ends:
            it.set()

    hand = threading.Thread(target=cancel)
    hand.start()
    events = list(run_)
    hand.join()
    return events


def test_cancelling_ends_what_runs_inside_and_the_rest_is_skipped(tmp_path: Path) -> None:
    events = cancelled(tmp_path, "- {run: wait it, shell: sh}\n- {run: say no, shell: sh}", "- uses: acme/a@v1\n- {if: always(), run: say cleaned}")
    assert steps(events) == {1: "cancelled", 3: "cancelled", 4: "skipped", 2: "success"}
    assert outcome(events) is Outcome.CANCELLED
    assert output(events) == ["cleaned"]


def test_an_action_that_is_always_to_run_goes_on_where_its_step_is_too(tmp_path: Path) -> None:
    inner = "- {if: always(), run: wait it, shell: sh}\n- {run: say on, shell: sh}"
    events = cancelled(tmp_path, inner, "- {if: always(), uses: acme/a@v1}", ends=True)
    assert steps(events) == {1: "success", 2: "success", 3: "success"}
    assert outcome(events) is Outcome.CANCELLED


def test_an_action_that_is_always_to_run_does_so_after_the_run_was_cancelled(tmp_path: Path) -> None:
    events = cancelled(tmp_path, "- {run: say cleaned, shell: sh}", "- run: wait it\n- {if: always(), uses: acme/a@v1}")
    assert output(events) == ["cleaned"]


def test_a_place_that_is_lost_inside_ends_every_step_around(tmp_path: Path) -> None:
    events = mapped(tmp_path, "- {run: lose, shell: sh}")
    assert steps(events) == {1: "failure", 2: "failure"}
