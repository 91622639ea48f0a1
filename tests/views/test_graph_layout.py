"""Where nodes and edges stand."""

import re

import pytest

from pipelinekit.views import graph_layout
from pipelinekit.views.graph_layout import GAP_Y, HEIGHT, Box, layout

SHOP = {
    "lint": (), "typecheck": (), "frontend": (), "test": ("lint", "typecheck"), "build": ("test", "frontend"),
    "deploy": ("build",),
}  # fmt: skip


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def test_a_job_stands_right_of_all_that_it_needs() -> None:
    placed = layout(SHOP)
    for job, needs in SHOP.items():
        assert all(placed.boxes[need].x + placed.boxes[need].width < placed.boxes[job].x for need in needs)


@pytest.mark.parametrize("jobs", [SHOP, {f"job {n}": tuple(f"job {m}" for m in range(n // 2, n)) for n in range(12)}])
def test_no_two_nodes_overlap_and_all_lie_in_the_picture(jobs: dict[str, tuple[str, ...]]) -> None:
    placed = layout(jobs)
    boxes = list(placed.boxes.values())
    assert len(boxes) == len(jobs)
    assert not any(overlap(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])
    assert all(box.x >= 0 and box.y >= 0 for box in boxes)
    assert all(box.x + box.width <= placed.width and box.y + box.height <= placed.height for box in boxes)


def test_every_need_is_an_edge_from_the_right_side_to_the_left_side() -> None:
    placed = layout(SHOP)
    assert {(edge.source, edge.target) for edge in placed.edges} == {(need, job) for job, needs in SHOP.items() for need in needs}
    for edge in placed.edges:
        source, target = placed.boxes[edge.source], placed.boxes[edge.target]
        assert edge.path.startswith(f"M{source.x + source.width} {source.y + graph_layout.PORT}")
        assert edge.path.endswith(f"H{target.x}")


def test_a_long_edge_passes_between_the_nodes_of_the_layers_it_crosses() -> None:
    placed = layout({"a": (), "b": ("a",), "c": ("b", "a")})
    long = next(edge for edge in placed.edges if (edge.source, edge.target) == ("a", "c"))
    lane = re.search(rf" ([\d.]+)H([\d.]+)h{graph_layout.WIDTH}", long.path)
    middle = placed.boxes["b"]
    assert lane is not None
    assert float(lane[2]) == middle.x
    assert not middle.y <= float(lane[1]) <= middle.y + middle.height


def test_a_higher_node_pushes_its_neighbours_down() -> None:
    placed = layout({"a": (), "b": ()}, {"a": 30})
    assert placed.boxes["a"].height == HEIGHT + 30
    assert placed.boxes["b"].y == placed.boxes["a"].y + HEIGHT + 30 + GAP_Y


@pytest.mark.parametrize(
    "jobs",
    [
        pytest.param({"a": ("b",), "b": ("a",)}, id="circle"),
        pytest.param({"a": ("a",)}, id="itself"),
        pytest.param({"a": ("gone",)}, id="unknown"),
        pytest.param({"a": (), "b": ("a", "a")}, id="twice"),
        pytest.param({}, id="nothing"),
    ],
)
def test_needs_that_make_no_sense_still_give_a_picture(jobs: dict[str, tuple[str, ...]]) -> None:
    assert set(layout(jobs).boxes) == set(jobs)
