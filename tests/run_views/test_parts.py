"""A run's state as nodes, bars and cells."""

from dataclasses import replace

import pytest

from pipelinekit.model.event import CacheUsed
from pipelinekit.model.outcome import Outcome, State
from pipelinekit.model.run_state import LegState, RunState, StepState
from pipelinekit.run_views import parts as run_parts
from pipelinekit.views.waterfall import Part


def leg(name: str, job: str, state: State, start: float | None = 0.0, end: float | None = 10.0, **more: object) -> LegState:
    return replace(LegState(name, job, state, started_at=start, finished_at=end), **more)  # type: ignore[arg-type]


TEST = [
    leg("test (3.9)", "test", State.SUCCESS, 10.0, 30.0, matrix={"python": "3.9"}, needs=("lint",)),
    leg("test (3.11)", "test", State.FAILURE, 12.0, 40.0, matrix={"python": "3.11"}, needs=("lint",)),
]
RUN = RunState(
    state=State.FAILURE,
    legs=(
        leg("lint", "lint", State.SUCCESS),
        *TEST,
        leg("deploy", "deploy", State.SKIPPED, None, None, needs=("test",)),
    ),
)


def test_a_matrix_is_one_node_that_shows_its_worst_leg() -> None:
    lint, test, deploy = run_parts.nodes(RUN)
    assert (lint.state, lint.time, lint.legs, lint.target) == ("success", "10s", "", "#leg-0")
    assert (test.state, test.says, test.time, test.legs, test.target) == ("failure", "1 of 2 failed", "30s", "pF", "#legs-1")
    assert test.needs == ("lint",)
    assert (deploy.state, deploy.time) == ("skipped", "–")


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ((State.SUCCESS, State.SUCCESS), "success"),
        ((State.SUCCESS, State.RUNNING, State.QUEUED), "1 of 3 done"),
        ((State.SUCCESS, State.SKIPPED), "1 of 2 success"),
        ((State.CANCELLED, State.SUCCESS), "1 of 2 cancelled"),
        ((State.SKIPPED, State.SKIPPED), "skipped"),
    ],
)
def test_a_matrix_says_how_many(states: tuple[State, ...], says: str) -> None:
    run = RunState(legs=tuple(leg(f"t ({n})", "t", state) for n, state in enumerate(states)))
    assert run_parts.nodes(run)[0].says == says


def test_a_leg_that_did_not_run_again_is_remembered() -> None:
    assert run_parts.nodes(RUN, {"lint"})[0].state == "remembered"
    assert run_parts.bars(RUN, (), {"lint"})[0].parts == (Part("cache", 0.0, 10.0),)


def test_restoring_a_cache_is_a_part_of_its_own() -> None:
    step = StepState(2, "", "Set up Python", State.SUCCESS, "actions/setup-python@v5", None, 14.0, 20.0)
    used = (CacheUsed(20.0, "t", 2, "actions", "pip", "hit", seconds=3.0), CacheUsed(20.0, "t", 2, "actions", "npm", "miss", seconds=1.0))
    found = run_parts.parts(leg("t", "t", State.SUCCESS, 10.0, 30.0, steps=(step,), caches=used), 0.0)
    assert [part for part in found if part.kind == "cache"] == [Part("cache", 14.0, 3.0)]


def test_a_bar_is_queue_then_setting_up_then_run() -> None:
    steps = (
        StepState(0, "", "Set up job", State.SUCCESS, started_at=5.0, finished_at=6.0),
        StepState(1, "", "Check out", State.SUCCESS, "actions/checkout@v4", started_at=6.0, finished_at=8.0),
        StepState(2, "", "Test", State.SUCCESS, started_at=8.0, finished_at=20.0),
    )
    state = RunState(legs=(leg("a", "a", State.SUCCESS, 5.0, 20.0, ready_at=1.0, steps=steps),))
    assert run_parts.bars(state)[0].parts == (Part("queue", 1.0, 4.0), Part("setup", 5.0, 3.0), Part("run", 8.0, 12.0))


def test_bars_stand_in_order_of_start_and_without_what_never_started() -> None:
    assert [bar.name for bar in run_parts.bars(RUN, {"lint"})] == ["lint", "test (3.9)", "test (3.11)"]
    assert run_parts.bars(RUN, {"lint"})[0].critical


def test_a_leg_that_still_runs_is_drawn_as_far_as_it_has_come() -> None:
    steps = (StepState(1, "", "Test", State.SUCCESS, started_at=2.0, finished_at=9.0),)
    run = RunState(legs=(leg("a", "a", State.RUNNING, 0.0, None, steps=steps),))
    assert run_parts.bars(run)[0].parts[-1] == Part("run", 2.0, 7.0)


def test_cells_lead_to_the_logs_of_their_legs() -> None:
    assert [(cell.state, cell.time, cell.target) for cell in run_parts.cells(RUN, "test")] == [
        ("success", "20s", "#leg-1"), ("failure", "28s", "#leg-2"),
    ]  # fmt: skip


def test_what_failed_is_read_first() -> None:
    assert [each.leg for each in run_parts.failed_first(RUN.legs)] == ["test (3.11)", "lint", "test (3.9)", "deploy"]


def test_steps_stand_as_they_ran() -> None:
    steps = (
        StepState(0, "", "Set up job", State.SUCCESS, started_at=0.0),
        StepState(1, "", "Composite", State.SUCCESS, started_at=1.0, finished_at=4.0),
        StepState(2, "", "Skipped", State.SKIPPED, outcome=Outcome.SKIPPED),
        StepState(3, "", "Test", State.SUCCESS, started_at=5.0),
        StepState(4, "", "inner", State.SUCCESS, parent=1, started_at=2.0),
        StepState(5, "", "Post", State.SUCCESS, parent=1, started_at=9.0),
    )
    ordered = run_parts.ordered_steps(leg("a", "a", State.SUCCESS, steps=steps))
    assert [step.name for step in ordered] == ["Set up job", "Composite", "inner", "Skipped", "Test", "Post"]
