"""What is said to `pk.start`: made the texts that it means, or refused by name before anything has begun."""

from pathlib import Path
from typing import Any

import pytest

import pipelinekit as pk
from pipelinekit.model.plan import Plan
from pipelinekit.model.problem import WorkflowInvalid
from tests.repositories import repository

WORKFLOW = """
    on:
      push:
      workflow_dispatch:
        inputs: {n: {type: number, default: 3}, fast: {type: boolean, default: false}}
    jobs:
      test:
        runs-on: x
        strategy: {matrix: {n: [1, 2], fast: [true, false]}}
        steps: [{run: echo one}]
      ship: {needs: test, runs-on: x, steps: [{run: echo ships}]}
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path, WORKFLOW)


def planned(top: Path, **given: Any) -> Plan:
    run = pk.start("ci.yml", directory=top, executor="host", **given)
    run.leave()
    plan: Plan = run.plan
    return plan


@pytest.mark.parametrize(("given", "message"), [
    ({"executor": "dokcer"}, 'executor: there is no "dokcer"'),
    ({"parallel": -1}, "parallel: takes a whole number from 1 on, here it is -1"),
    ({"parallel": "2"}, "parallel: takes a whole number from 1 on, here it is '2'"),
    ({"jobs": ["tset"]}, 'no job has the id "tset"'),
    ({"jobs": 3}, "jobs: takes a list of words, here it is 3"),
    ({"jobs": [1]}, "jobs: takes a list of words, here it is [1]"),
    ({"matrix": {"m": 1}}, 'no matrix has the key "m"'),
    ({"matrix": {"n": [1, 9]}}, 'no leg matches "n:9"'),
    ({"env": {"A": None}}, 'env: "A" takes a text or a number, and no NoneType'),
    ({"env": {"A=B": "1"}}, "env: a name can't be 'A=B'"),
    ({"env": ["A=1"]}, 'env: takes a dictionary as {"name": "value"}, here it is a list'),
    ({"secrets": {"T": ["no"]}}, 'secrets: "T" takes a text or a number, and no list'),
    ({"event": "pusch"}, '"pusch" does not start .github/workflows/ci.yml'),
], ids=lambda value: "" if isinstance(value, str) else next(iter(value)))
def test_what_is_wrong_is_refused_by_name_and_nothing_stays(top: Path, given: dict[str, Any], message: str) -> None:
    with pytest.raises(WorkflowInvalid) as wrong:
        pk.start("ci.yml", **{"directory": top, "executor": "host", **given})
    assert str(wrong.value) == message
    store = top / ".pipelinekit"
    assert [*store.glob("work/*"), *store.glob("journals/*")] == []


@pytest.mark.parametrize("file", [7, ["ci.yml"], {}], ids=["a number", "a list", "a dictionary"])
def test_what_is_no_workflow_is_refused(top: Path, file: Any) -> None:
    with pytest.raises(WorkflowInvalid, match="a workflow is the name of a file"):
        pk.start(file, directory=top, executor="host")


def test_one_word_may_stand_for_a_list_and_numbers_and_booleans_for_their_texts(top: Path) -> None:
    plan = planned(top, jobs="test", matrix={"n": 1, "fast": [True]})
    assert [leg.name for leg in plan.legs] == ["test (1, true)"]
    plan = planned(top, event="workflow_dispatch", inputs={"n": 4, "fast": True})
    assert plan.trigger.inputs == {"n": 4, "fast": True}
