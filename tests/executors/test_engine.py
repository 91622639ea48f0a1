"""Making an engine and images available: what is there is used, what can't be had is said."""

import os
from pathlib import Path

import pytest

from pipelinekit.executors import debian_images, engine
from pipelinekit.executors.engine_api import connect
from pipelinekit.model.problem import SurroundingsMissing


@pytest.mark.docker
def test_an_engine_that_answers_is_used_as_it_is() -> None:
    said: list[str] = []
    engine.engine(dict(os.environ), said.append)
    assert len(said) == 1
    assert said[0].startswith("engine: Docker ")


@pytest.mark.docker
def test_images_that_are_there_are_left_alone() -> None:
    said: list[str] = []
    engine.base_images(connect(dict(os.environ)), ("3.11",), dict(os.environ), said.append)
    assert len(said) == 1
    assert said[0].startswith("image: Python 3.11 is there (")


def test_an_engine_of_another_machine_is_not_installed_here() -> None:
    with pytest.raises(SurroundingsMissing, match="cannot reach Docker at unix:///nowhere"):
        engine.engine({"DOCKER_HOST": "unix:///nowhere"}, print)


@pytest.mark.parametrize(
    ("programs", "user", "hint"),
    [
        pytest.param((), 0, "install an engine from https://docs.docker.com/engine/install/, and start it", id="not-debian"),
        pytest.param(("apt-get",), 1000, "install one: sudo pipelinekit engine", id="not-root"),
        pytest.param(("apt-get", "dockerd"), 1000, "an engine is installed; start it: sudo pipelinekit engine", id="not-started"),
    ],
)
def test_where_it_cannot_be_done_one_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...], user: int, hint: str
) -> None:
    for name in programs:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(engine, "PROGRAMS", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(engine, "address", lambda _: "unix:///nowhere")

    def silent(environment: dict[str, str]) -> None:
        raise SurroundingsMissing("cannot reach Docker at unix:///nowhere (no such file or directory)", "a hint")

    monkeypatch.setattr(engine, "connect", silent)
    with pytest.raises(SurroundingsMissing) as missing:
        engine.engine({}, print)
    assert str(missing.value).splitlines() == ["cannot reach Docker at unix:///nowhere (no such file or directory)", f"  {hint}"]


@pytest.mark.docker
def test_a_python_that_no_release_brings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SurroundingsMissing) as refused:
        engine.build(connect(dict(os.environ)), ("3.5",), dict(os.environ), print)
    assert str(refused.value) == "no release of Debian brings Python 3.5\n  those that can be built: 3.9, 3.11, 3.13"


def test_the_default_pythons_can_all_be_built() -> None:
    assert set(debian_images.DEFAULT_PYTHONS) <= set(debian_images.SUITES)
