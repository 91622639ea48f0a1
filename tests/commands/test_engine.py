"""`pipelinekit engine`."""

import io

import pytest

from pipelinekit.main import FINE, MISSING, main


@pytest.mark.docker
def test_it_says_which_engine_and_which_images_are_there() -> None:
    out = io.StringIO()
    assert main(["engine", "--images", "3.11"], out) == FINE
    engine, image = out.getvalue().splitlines()
    assert engine.startswith("engine: Docker ")
    assert image.startswith("image: Python 3.11 is there (")


@pytest.mark.docker
def test_none_is_the_engine_alone() -> None:
    out = io.StringIO()
    assert main(["engine", "--images", "none"], out) == FINE
    assert len(out.getvalue().splitlines()) == 1


def test_an_engine_that_does_not_answer_is_something_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    assert main(["engine"], io.StringIO()) == MISSING
    assert capsys.readouterr().err.startswith("cannot reach Docker at unix:///nowhere.sock (no such file or directory)")
