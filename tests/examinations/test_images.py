"""Which Pythons there are images of."""

from collections.abc import Callable

import pytest

from pipelinekit.examinations.images import DAY_SECONDS, images
from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Health
from tests.examinations.conftest import NOW, Answers

OURS = {"RepoTags": ["pipelinekit/python:3.11"], "Labels": {"pipelinekit.python": "3.11.2", "pipelinekit.node": "18.20.4"}}


def at_days(image: dict[str, object], days: float) -> dict[str, object]:
    return {**image, "Created": NOW - days * DAY_SECONDS}


@pytest.mark.parametrize(
    ("image", "days", "state", "detail"),
    [
        pytest.param(
            OURS, 12, Health.FINE, "Python 3.11.2 with Node 18.20.4 in pipelinekit/python:3.11, built here, 12\u00a0days old", id="ours"
        ),
        pytest.param(
            {"RepoTags": ["python:3.12-bookworm"]}, 0.5, Health.FINE, "Python 3.12 in python:3.12-bookworm, pulled, of today", id="public"
        ),
        pytest.param(
            {"RepoTags": ["python:3.9-bookworm"]}, 200, Health.WARNING,
            "Python 3.9 in python:3.9-bookworm, pulled, 200\u00a0days old", id="old",
        ),
    ],
)  # fmt: skip
def test_an_image_says_its_python_and_its_age(
    image: dict[str, object], days: float, state: Health, detail: str, engine_at: Callable[[Answers], Machine]
) -> None:
    (found,) = images(engine_at({"/images/json": [at_days(image, days)]}))
    assert (found.state, found.detail) == (state, detail)


@pytest.mark.parametrize(
    ("image", "mend"),
    [
        pytest.param(OURS, "docker rmi pipelinekit/python:3.11; pipelinekit engine", id="ours"),
        pytest.param({"RepoTags": ["python:3.9-bookworm"]}, "docker pull python:3.9-bookworm", id="public"),
    ],
)
def test_an_old_one_is_made_anew(image: dict[str, object], mend: str, engine_at: Callable[[Answers], Machine]) -> None:
    (found,) = images(engine_at({"/images/json": [at_days(image, 400)]}))
    assert found.mend == mend


def test_the_image_of_a_label_says_which(engine_at: Callable[[Answers], Machine]) -> None:
    _, found = images(engine_at({"/images/json": [OURS, {"RepoTags": ["ghcr.io/catthehacker/ubuntu:act-22.04"]}]}))
    assert found.detail == "ghcr.io/catthehacker/ubuntu:act-22.04, for ubuntu-22.04"


def test_where_none_is_known_one_is_built(engine_at: Callable[[Answers], Machine]) -> None:
    (found,) = images(engine_at({"/images/json": [{"RepoTags": ["alpine:3"]}, {"RepoTags": None}]}))
    assert (found.state, found.mend) == (Health.WARNING, "pipelinekit engine")


def test_without_an_engine_nothing_is_said(machine: Machine) -> None:
    assert list(images(machine)) == []
