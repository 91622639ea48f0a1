"""Which Python of this machine is taken."""

import sys
from pathlib import Path

import pytest

from pipelinekit.executors import interpreters
from pipelinekit.model.problem import SurroundingsMissing


def pretend(folder: Path, name: str, version: str) -> Path:
    """A program that answers as a Python of that version does."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho {program}\necho {version}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def path(tmp_path: Path) -> dict[str, str]:
    """A PATH with a 3.9, and a 3.14 behind a name that only pretends."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    (first / "python3.14").write_text("#!/bin/sh\necho the version is not chosen >&2; exit 127\n")
    (first / "python3.14").chmod(0o755)
    pretend(second, "python3.14", "3.14.1")
    pretend(second, "python3.9", "3.9.2")
    return {"PATH": f"{first}:{second}"}


def test_without_a_wish_it_is_the_one_that_runs_us(path: dict[str, str]) -> None:
    found = interpreters.python("", path)
    assert found.is_file()
    assert str(found).startswith(sys.base_prefix)


@pytest.mark.parametrize(
    ("wish", "taken"),
    [
        pytest.param("3.9", "second/python3.9", id="a-version"),
        pytest.param("3.14", "second/python3.14", id="behind-a-name-that-pretends"),
        pytest.param("3.x", "second/python3.14", id="a-range-takes-the-newest"),
        pytest.param("<3.10", "second/python3.9", id="a-range-with-an-end"),
    ],
)
def test_a_wish_takes_the_newest_that_answers(path: dict[str, str], tmp_path: Path, wish: str, taken: str) -> None:
    assert interpreters.python(wish, path) == tmp_path / taken


def test_a_wish_that_nothing_meets_is_refused_with_what_is_here(path: dict[str, str]) -> None:
    ours = ".".join(map(str, sys.version_info[:3]))
    with pytest.raises(SurroundingsMissing) as refused:
        interpreters.python("3.8", path)
    assert refused.value.details[0] == f"here are: 3.9.2, {ours}, 3.14.1"


def test_a_python_that_makes_no_environment_is_named_with_its_last_words(tmp_path: Path) -> None:
    broken = tmp_path / "python3.11"
    broken.write_text("#!/bin/sh\necho no module named venv >&2; exit 1\n")
    broken.chmod(0o755)
    with pytest.raises(SurroundingsMissing, match=r"makes no Python environment \(no module named venv\)"):
        interpreters.environment_of(broken, tmp_path / "environment")
