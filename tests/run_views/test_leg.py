"""One leg of a live run."""

from dataclasses import replace
from typing import Any

from pipelinekit.model.event import ArtifactSaved, CacheUsed
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.run_state import LegState, StepState
from pipelinekit.run_views.leg import leg
from pipelinekit.run_views.live_run import LiveRun, whole
from tests.run_views import live_runs
from tests.run_views.live_runs import BEGIN
from tests.views.parsed import HOSTILE
from tests.widgets.fake_run import FakeRun

LEG = "test (3.12, postgres)"


def told(run: LiveRun, name: str = LEG) -> Any:
    return leg(run, run.state.leg(name))


def with_steps(*steps: StepState, **more: object) -> LiveRun:
    found = replace(LegState("lint", "lint", State.RUNNING, started_at=BEGIN), steps=steps, **more)  # type: ignore[arg-type]
    run = live_runs.running()
    return replace(run, state=replace(run.state, legs=(found,)), steps={"lint": ("One", "Two")})


def step(index: int, name: str, start: float, end: float | None, parent: int | None = None, **more: object) -> StepState:
    state = State.SUCCESS if end is not None else State.RUNNING
    return replace(StepState(index, "", name, state, "", parent, BEGIN + start, end and BEGIN + end, 0, Outcome.SUCCESS), **more)  # type: ignore[arg-type]


def test_steps_that_have_not_begun_stand_as_they_are_written() -> None:
    found = told(live_runs.running())
    assert [(n, name, state) for n, _, name, state, _, _ in found["steps"]][-2:] == [(4, "Run pytest", "running"), (5, "Upload coverage", "queued")]
    assert found["steps"][4][4] == BEGIN + 48, "what runs has its start"


def test_a_leg_that_has_not_begun_begins_with_its_place() -> None:
    assert [name for _, _, name, *_ in told(live_runs.fresh(), "lint")["steps"]] == ["Set up job", "ruff check"]


def test_what_a_step_brings_stands_in_it_and_a_post_for_itself() -> None:
    brought = (step(3, "Inner", 2, 4, 1), step(4, "Post Outer", 8, 9, 1))
    run = with_steps(step(0, "Set up job", 0, 1), step(1, "Outer", 1, 5), step(2, "Two", 5, 7), *brought)
    assert [(name, depth) for _, depth, name, *_ in told(run, "lint")["steps"]] == [
        ("Set up job", 0), ("Outer", 0), ("Inner", 1), ("Two", 0), ("Post Outer", 0),
    ]  # fmt: skip


def test_the_step_to_look_at_is_the_failed_one_the_running_one_or_the_last() -> None:
    assert told(live_runs.paused())["step"] == 4
    assert told(live_runs.running())["step"] == 4
    assert told(live_runs.finished())["step"] == 4
    assert told(live_runs.fresh(), "lint")["step"] == 0


def test_a_skipped_step_says_why() -> None:
    lines = "Evaluating: failure()\nExpanded: (false)\nResult: false"
    run = with_steps(StepState(1, "", "One", State.SKIPPED, outcome=Outcome.SKIPPED, reason=lines))
    assert told(run, "lint")["why"] == {"1": lines}


def test_a_step_that_has_not_run_says_what_it_does() -> None:
    ahead = replace(live_runs.paused(), written={"test": ("one", "two", "three", "four", "five", "x" * 1000), "lint": ("ruff check",)})
    says = "It has not run yet. As it is written:\n"
    assert told(ahead)["why"] == {"5": f"{says}five", "6": says + "x" * 300}
    assert told(ahead, "lint")["why"] == {}, "it is over"


def test_the_place_of_a_leg_can_be_entered_while_it_stands() -> None:
    assert told(live_runs.paused())["place"] == "docker exec -it f00dfeed1234 sh"
    assert told(with_steps(place="/runner/lint-0"), "lint")["place"] == "cd /runner/lint-0"
    assert told(live_runs.finished())["place"] == ""


def test_what_each_step_changed_stands_in_the_order_of_the_steps() -> None:
    run = with_steps(
        step(1, "One", 1, 2, environment={"SIZE": "small"}, changed={"PATH": "/opt/bin", "A": "1"}), step(2, "Two", 2, 3, outputs={"said": HOSTILE}),
        caches=(CacheUsed(BEGIN, "lint", 1, "actions", "pip-1", "partial", "pip-0", 84_000_000, 2.0, 41.0),),
        artifacts=(ArtifactSaved(BEGIN, "lint", 2, "junit", "sha256:" + "0" * 64, 84_000, 3),),
    )  # fmt: skip
    (panel, artifacts) = told(run, "lint")["panels"]
    assert panel[:2] == ["changes", "Changes"]
    rows = [[cell[2] if isinstance(cell[2], str) else cell[2][2] for cell in row[2:]] for row in panel[2][2][3][2:]]
    assert rows[:5] == [
        ["One", "own variable", "SIZE=small"], ["One", "variable", "PATH: /opt/bin before the others"], ["One", "variable", "A=1"],
        ["One", "cache", "partial hit: pip-1, found pip-0, 84\u00a0MB, spared 41s"], rows[4],
    ]  # fmt: skip
    assert rows[4][:2] == ["Two", "output"]
    assert "\x1b" not in rows[4][2]
    assert rows[5] == ["Two", "artifact", "+ junit, 3\u00a0files, 84\u00a0kB"]
    assert artifacts[1] == "Artifacts 1"


def test_what_the_run_noted_is_there_once() -> None:
    run = live_runs.running()
    found = told(replace(run, state=replace(run.state, notes=("a key has no effect", "a key has no effect", HOSTILE))))
    title, tree = found["panels"][-1][1:]
    assert title == "Notes 2"
    assert next(item[3][2] for item in tree[2:]) == "a key has no effect"


def test_a_plan_fills_in_what_the_run_does_not_know_yet(tmp_path: Any) -> None:
    run = FakeRun.make(tmp_path)
    assert [each.leg for each in whole(run.state, run.plan).legs] == ["lint", "test (3.11)", "test (3.12)"]
    run.begin()
    assert whole(run.state, run.plan) == run.state
