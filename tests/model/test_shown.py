"""Values that show themselves."""

import subprocess
import sys

from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Problems
from pipelinekit.model.shown import Shown, ShownList, bundle


class Unknown(Shown):
    def __repr__(self) -> str:
        return "<Unknown>"


def test_a_value_that_nobody_draws_is_its_plain_text() -> None:
    assert Unknown()._repr_mimebundle_() == {"text/plain": "<Unknown>"}


def test_a_kind_of_value_is_shown_as_it_was_registered() -> None:
    class Registered(ShownList[int]):
        pass

    bundle.register(Registered, lambda value: {"text/plain": f"{len(value)} numbers"})
    assert Registered([1, 2])._repr_mimebundle_(include=None, exclude=None) == {"text/plain": "2 numbers"}


def test_a_list_that_shows_itself_is_a_list() -> None:
    problem = Problem("needs", "no such job", Position("ci.yml", 1, 1))
    assert Problems([problem]) == [problem]


def test_a_part_of_a_list_shows_itself_too() -> None:
    problems = Problems([Problem("needs", "no such job"), Problem("key", "unknown key")])
    assert type(problems[:1]) is Problems
    assert problems[1].code == "key"


def test_whoever_shows_nothing_loads_no_room_that_draws() -> None:
    code = "import sys, pipelinekit.model.plan; print([name for name in sys.modules if name.startswith('pipelinekit.')])"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "pipelinekit.model.shown" in out
    assert "views" not in out
