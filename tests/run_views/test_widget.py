"""What the run widget draws."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipelinekit.model.outcome import State
from pipelinekit.run_views import widget as run_widget
from pipelinekit.run_views.live_run import LiveRun
from pipelinekit.run_views.parts import nodes
from pipelinekit.views.graph import graph
from pipelinekit.views.graph_layout import layout
from tests.run_views import live_runs
from tests.run_views.live_runs import BEGIN
from tests.views.parsed import parse


@pytest.mark.parametrize("make", live_runs.ALL.values(), ids=live_runs.ALL)
def test_it_is_json_in_the_order_of_its_shape(make: Callable[[], LiveRun]) -> None:
    run = make()
    shape, state = json.loads(json.dumps(run_widget.shape(run))), json.loads(json.dumps(run_widget.state(run)))
    assert [leg for leg, _ in shape["legs"]] == [leg.leg for leg in run.state.legs]
    assert len(state["jobs"]) == len(shape["jobs"])
    assert len(state["legs"]) == len(shape["legs"])
    assert [shape["jobs"][job]["id"] for _, job in shape["legs"]] == [leg.job for leg in run.state.legs]


@pytest.mark.parametrize("make", live_runs.ALL.values(), ids=live_runs.ALL)
def test_its_nodes_stand_where_the_page_draws_them(make: Callable[[], LiveRun]) -> None:
    run = make()
    rects = parse(graph(nodes(run.state))).all("rect", "pk-box")
    drawn = [[int(float(rect.attributes[side])) for side in ("x", "y", "width", "height")] for rect in rects]
    assert [job["box"] for job in run_widget.shape(run)["jobs"]] == drawn


def test_its_edges_are_those_of_the_layout() -> None:
    run = live_runs.running()
    needs = {node.id: node.needs for node in nodes(run.state)}
    edges = [(edge.source, edge.target) for edge in layout(needs).edges]
    assert [(source, target) for source, target, _ in run_widget.shape(run)["edges"]] == edges


def test_a_matrix_shows_its_worst_leg_and_a_mark_for_each() -> None:
    job = run_widget.state(live_runs.wide())["jobs"][1]
    assert (job["state"], job["word"]) == ("failure", "1 of 24 failed")
    assert [len(row) for row in job["marks"]] == [3, 12]  # all that passed are one path


def test_a_matrix_between_two_of_its_legs_has_begun() -> None:
    legs = (live_runs.leg("test", State.SUCCESS, 0, 9, matrix={"n": 1}), live_runs.leg("test", State.QUEUED, matrix={"n": 2}))
    run = replace(live_runs.running(), state=replace(live_runs.running().state, legs=legs))
    assert [(job["state"], job["word"]) for job in run_widget.state(run)["jobs"]] == [("running", "1 of 2 done")]
    assert run_widget.state(replace(run, doing=""))["jobs"][0]["state"] == "paused"


def test_only_the_kinds_of_time_that_there_are_are_explained() -> None:
    assert run_widget.state(live_runs.fresh())["key"] == []
    assert run_widget.state(live_runs.paused())["key"] == ["queue", "setup", "run", "fail", "cache", "crit"]
    assert run_widget.state(live_runs.running())["key"] == ["queue", "setup", "run", "cache", "crit"]


def test_what_runs_has_its_start_and_what_is_over_its_time() -> None:
    state = run_widget.state(live_runs.running())
    assert [job["time"] for job in state["jobs"]] == ["19s", "0.3s", "1m\u00a012s", BEGIN + 22, "~1m\u00a036s", "~38s"]
    assert state["clock"] == BEGIN
    assert state["jobs"][3]["usual"] == 110.0


def test_what_stands_has_no_clock_that_goes() -> None:
    state = run_widget.state(live_runs.paused())
    assert state["clock"] == "2m\u00a031s"
    assert all(isinstance(time, str) for _, time in state["legs"])


def test_the_grid_leaves_out_what_the_matrix_leaves_out() -> None:
    grid = run_widget.shape(live_runs.wide())["grids"][0]
    assert grid["corner"] == "os, python \\ database"
    assert sorted(at for _, row in grid["rows"] for at in row if at is not None) == list(range(1, 25))


def test_two_hundred_legs_stay_small_enough_to_send_ten_times_a_second() -> None:
    state = json.dumps(run_widget.state(live_runs.wide(20, 10)), separators=(",", ":"))
    assert len(state) < 40_000
