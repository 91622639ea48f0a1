"""Caches and artifacts go from one container to another for real."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.executors.base import Command, Place, PlaceRequest
from pipelinekit.model.problem import SurroundingsMissing
from tests.actions.conftest import Bench, lay

IMAGE = "pipelinekit/python:3.11"

pytestmark = pytest.mark.docker


@pytest.fixture
def open_place(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Open a container for a leg; all are closed at the end."""
    executor = EXECUTORS["docker"](dict(os.environ))

    def request(leg: str) -> PlaceRequest:
        return PlaceRequest("run", leg, "acme/shop", tmp_path / "legs" / leg, ("ubuntu-latest",), IMAGE)

    try:
        executor.prepare(request("none"), lambda _: None)
    except SurroundingsMissing as missing:
        pytest.skip(f"no container of {IMAGE}: {missing}")
    with ExitStack() as stack:
        yield lambda leg: stack.enter_context(closing(executor.open(request(leg))))
        shutil.rmtree(tmp_path / "legs", ignore_errors=True)


def output(place: Place, script: str) -> list[str]:
    lines: list[str] = []
    result = place.perform(Command(("sh", "-c", script)), lines.extend)
    assert result.exit_code == 0, lines
    return lines


def test_pips_cache_comes_back_in_the_next_container(bench: Bench, open_place: Callable[[str], Place]) -> None:
    first = bench.in_another_place(open_place("first"))
    lay(first.place.workspace_folder, "requirements.txt")
    result = first.use("actions/setup-python", python_version="3.11", cache="pip")
    assert result.outputs["cache-hit"] == "false"
    assert result.outputs["python-version"].startswith("3.11.")
    output(first.place, 'mkdir -p "$(pip cache dir)/http" && echo wheel > "$(pip cache dir)/http/wheel"')
    first.post(result, "actions/setup-python", cache="pip")

    second = bench.in_another_place(open_place("second"))
    lay(second.place.workspace_folder, "requirements.txt")
    result = second.use("actions/setup-python", python_version="3.11", cache="pip")
    assert result.outputs["cache-hit"] == "true"
    assert output(second.place, 'cat "$(pip cache dir)/http/wheel"') == ["wheel"]
    assert [what for what, _, _ in first.cache_results() + second.cache_results()] == ["miss", "saved", "hit"]


def test_a_cache_inside_and_outside_the_workspace_comes_back(bench: Bench, open_place: Callable[[str], Place]) -> None:
    first, second = (bench.in_another_place(open_place(leg)) for leg in ("first", "second"))
    output(first.place, "mkdir -p ~/.tool /opt/x .mypy_cache && echo a > ~/.tool/a && echo b > /opt/x/b && echo c > .mypy_cache/c")
    paths = "~/.tool\n/opt/x/*\n.mypy_cache"
    first.use("actions/cache/save", path=paths, key="k")
    assert second.use("actions/cache", path=paths, key="k").outputs == {"cache-hit": "true"}
    assert output(second.place, "cat ~/.tool/a /opt/x/b .mypy_cache/c") == ["a", "b", "c"]


def test_an_artifact_goes_from_one_container_to_another(bench: Bench, open_place: Callable[[str], Place]) -> None:
    first, second = (bench.in_another_place(open_place(leg)) for leg in ("first", "second"))
    output(first.place, "mkdir -p dist/sub /srv/out && echo a > dist/a && echo b > dist/sub/b && echo c > /srv/out/c")
    first.use("actions/upload-artifact", path="dist", name="dist")
    first.use("actions/upload-artifact", path="/srv/out", name="out")
    second.use("actions/download-artifact", path="in")
    assert output(second.place, "cd in && cat dist/a dist/sub/b out/c") == ["a", "b", "c"]


def test_checkout_gives_a_container_a_repository_that_git_trusts(bench: Bench, open_place: Callable[[str], Place]) -> None:
    inside = bench.in_another_place(open_place("first"))
    inside.use("actions/checkout")
    assert output(inside.place, "git status --short && git log --format=%s") == ["Add a way to run it", "First light"]
    output(inside.place, "chown -R 1234 .")
    inside.use("actions/checkout")
    output(inside.place, "chown -R 1234 . && git status --short")
