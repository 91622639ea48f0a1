"""A matrix cut into legs: product, exclude, include, names."""

import pytest

from pipelinekit.model.node import Value
from pipelinekit.model.plan import Leg
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.plans.matrix import legs
from tests.plans.written import job, workflow

CONTEXTS: dict[str, object] = {"github": {"ref": "refs/heads/main"}, "inputs": {}, "vars": {}, "needs": {}}


def cut(matrix: str) -> tuple[Leg, ...]:
    return legs(job(matrix).jobs[0], CONTEXTS, {})


def points(matrix: str) -> list[dict[str, Value]]:
    return [leg.matrix for leg in cut(matrix)]


def test_product_keeps_the_order_written_with_the_first_key_slowest() -> None:
    made = cut("matrix: {python: ['3.9', '3.11'], db: [sqlite, postgres]}")
    assert [leg.name for leg in made] == [
        "test (3.9, sqlite)", "test (3.9, postgres)", "test (3.11, sqlite)", "test (3.11, postgres)",
    ]
    assert [(leg.index, leg.total) for leg in made] == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_job_without_matrix_is_one_leg_with_the_jobs_name() -> None:
    made = legs(workflow("on: push\njobs:\n  lint:\n    runs-on: x\n    steps: [{run: a}]\n").jobs[0], CONTEXTS, {})
    assert made == (Leg("lint", "lint"),)


def test_exclude_removes_the_leg_it_matches() -> None:
    assert points("matrix:\n  a: [1, 2]\n  b: [x, y]\n  exclude: [{a: 1, b: y}]") == [
        {"a": 1, "b": "x"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"},
    ]


def test_exclude_with_one_key_removes_all_that_have_it() -> None:
    assert points("matrix:\n  a: [1, 2]\n  b: [x, y]\n  exclude: [{a: '1'}]") == [{"a": 2, "b": "x"}, {"a": 2, "b": "y"}]


def test_include_follows_the_example_of_githubs_documentation() -> None:
    found = points(
        """
        matrix:
          fruit: [apple, pear]
          animal: [cat, dog]
          include:
            - color: green
            - color: pink
              animal: cat
            - fruit: apple
              shape: circle
            - fruit: banana
            - fruit: banana
              animal: cat
        """
    )
    assert found == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


def test_only_include_makes_a_leg_of_each_item() -> None:
    made = cut("matrix:\n  include:\n    - {site: production, datacenter: a}\n    - {site: staging, datacenter: b}")
    assert [leg.name for leg in made] == ["test (production, a)", "test (staging, b)"]


def test_extras_of_include_do_not_stand_in_the_name() -> None:
    made = cut("matrix:\n  os: [a]\n  include: [{os: a, experimental: true}]")
    assert made[0].name == "test (a)"
    assert made[0].matrix == {"os": "a", "experimental": True}


def test_whole_matrix_from_an_expression() -> None:
    assert points("""matrix: ${{ fromJSON('{"v":[1,2]}') }}""") == [{"v": 1}, {"v": 2}]


def test_name_of_the_job_may_use_the_matrix() -> None:
    text = "on: push\njobs:\n  t:\n    name: on ${{ matrix.os }}\n    runs-on: x\n    strategy: {matrix: {os: [a, b]}}\n    steps: [{run: a}]\n"
    assert [leg.name for leg in legs(workflow(text).jobs[0], CONTEXTS, {})] == ["on a", "on b"]


def test_nested_values_show_their_leaves() -> None:
    assert [leg.name for leg in cut("matrix: {node: [{version: 14}, {version: 20, env: beta}]}")] == ["test (14)", "test (20, beta)"]


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        pytest.param(
            """matrix: {v: "${{ fromJSON('[]') }}"}""", 'the matrix vector "v" does not contain any values', id="empty-vector",
        ),
        pytest.param("matrix: ${{ 'text' }}", "the matrix must be a mapping, here it is text", id="text"),
        pytest.param(
            f"matrix: {{a: {list(range(17))}, b: {list(range(17))}}}", "the matrix makes 289 legs, at most 256 are allowed",
            id="too-many",
        ),
        pytest.param("matrix:\n  a: [1]\n  exclude: [{b: 1}]", '"exclude" names "b", which is no key of the matrix: a', id="exclude"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(matrix: str, message: str) -> None:
    with pytest.raises(WorkflowInvalid) as caught:
        cut(matrix)
    assert caught.value.problems[0].message == message
    assert caught.value.problems[0].position is not None


def test_long_names_are_cut_at_a_hundred_characters() -> None:
    name = cut(f"matrix: {{v: ['{'x' * 200}']}}")[0].name
    assert len(name) == 100
    assert name.endswith("...")
