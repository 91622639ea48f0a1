"""Composite actions as a person sees them: refused with both places, run, shown, their log, checked."""

import io
from pathlib import Path

import pytest

from pipelinekit.main import main
from tests.repositories import repository, write

WORKFLOW = """
    on: push
    jobs:
      t:
        runs-on: x
        steps:
          - {name: Greet, uses: acme/greet@v1}
          - {name: Last, if: always(), run: echo last}
"""
ROW = '[tool.pipelinekit.actions]\n"acme/greet" = "ci/greet"\n'
GREET = """\
name: Greet
runs:
  using: composite
  steps:
    - {name: Hello, run: echo hello, shell: bash}
    - {name: Compile, run: "echo 'main.c:3: error: no such thing'; exit 2", shell: bash}
"""


def said(monkeypatch: pytest.MonkeyPatch, top: Path, *words: str) -> tuple[int, str]:
    monkeypatch.chdir(top)
    out = io.StringIO()
    return main(list(words), out), out.getvalue().replace("\xa0", " ")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = repository(tmp_path, WORKFLOW)
    write(folder, "pyproject.toml", ROW)
    return folder


def test_a_run_shows_steps_inside_below_the_one_that_uses_the_action(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(top, "ci/greet/action.yml", GREET)
    code, text = said(monkeypatch, top, "run", "--executor", "host")
    assert code == 1
    assert "t | ▸ Greet\nt |   ▸ Hello\nt |     $ echo hello\nt |     hello\nt |   ▸ Compile\n" in text
    assert 't failed at step "Compile" of "Greet"\n' in text
    _, shown = said(monkeypatch, top, "show", "1")
    rows = shown[shown.index("  1  failure") :].splitlines()
    assert [line.split("0.")[0].rstrip() for line in rows if line[2:3].isdigit()] == [
        "  1  failure  Greet", "  3  success    Hello", "  4  failure    Compile", "  2  success  Last",
    ]  # fmt: skip
    assert 'look further: pipelinekit logs 1 "t" --step 4\n' in shown
    _, log = said(monkeypatch, top, "logs", "1", "--step", "Greet")
    assert [line for line in log.splitlines() if line.startswith("---")] == ["--- Greet > Hello", "--- Greet > Compile"]
    assert "last" not in log


def test_a_mapped_folder_that_is_not_there_is_told_with_both_places(
    top: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(monkeypatch, top, "run", "--executor", "host") == (2, "")
    assert capsys.readouterr().err == (
        '.github/workflows/ci.yml:6:29: "acme/greet@v1" is mapped to the folder "ci/greet", which is not there [actions]\n'
        "  |\n"
        "6 |       - {name: Greet, uses: acme/greet@v1}\n"
        "  |                             ^~~~~~~~~~~~~\n"
        '  = pyproject.toml:2:1: "acme/greet" is mapped here\n'
        "  = a folder is seen from the repository's top\n"
    )


def test_an_action_that_is_not_right_is_told_where_it_is_written_from_any_folder(
    top: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(top, "ci/greet/action.yml", "runs:\n  using: composite\n  steps:\n    - run: make\n")
    assert said(monkeypatch, top / "ci", "plan")[0] == 2
    assert capsys.readouterr().err == (
        'greet/action.yml:4:7: a step of an action needs "shell" [missing]\n'
        "  |\n"
        "4 |     - run: make\n"
        "  |       ^~~\n"
        '  = ../.github/workflows/ci.yml:6:29: "acme/greet@v1" is used here\n'
        '  = ../pyproject.toml:2:1: "acme/greet" is mapped here\n'
    )
