import os
from pathlib import Path

import pytest

from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import LessonRow
from pipelinekit.lessons.place import VARIABLE, choose
from pipelinekit.model.problem import WorkflowInvalid

CACHING = LESSONS["caching"]


@pytest.fixture
def no_engine(tmp_path: Path) -> dict[str, str]:
    """An environment in which no engine answers."""
    return {"DOCKER_HOST": f"unix://{tmp_path}/nobody.sock", "PATH": os.environ["PATH"]}


def test_without_an_engine_it_is_this_machine_and_says_why(no_engine: dict[str, str]) -> None:
    where = choose("auto", CACHING, no_engine)
    assert where.executor == "host"
    assert where.why.startswith("without containers, because cannot reach Docker at unix://")


@pytest.mark.docker
def test_with_an_engine_that_has_an_image_it_is_a_container() -> None:
    assert choose("auto", CACHING, dict(os.environ)).executor == "docker"


@pytest.mark.parametrize("name", CACHING.executors)
def test_what_is_asked_for_is_taken(name: str, no_engine: dict[str, str]) -> None:
    assert choose(name, CACHING, no_engine).executor == name


def test_a_teacher_says_it_once_and_a_learner_may_say_otherwise(no_engine: dict[str, str]) -> None:
    room = {**no_engine, VARIABLE: "replay"}
    assert choose("auto", CACHING, room).executor == "replay"
    assert choose("host", CACHING, room).executor == "host"


@pytest.mark.parametrize("wish", ["docker", "podman"])
def test_where_a_lesson_can_not_run_is_refused(wish: str, no_engine: dict[str, str]) -> None:
    here = LessonRow("here", "Here", "?", 15, "06-here.ipynb", (), executors=("host", "replay"))
    assert choose("auto", here, no_engine).executor == "host"
    with pytest.raises(WorkflowInvalid, match=f'can\'t run on "{wish}"') as refused:
        choose(wish, here, no_engine)
    assert refused.value.problems[0].hint == "executors here: auto, host, replay"
