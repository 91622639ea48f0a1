"""`--shell-on-failure`, and the verb `shell` of the prompt, with someone at a real pseudo-terminal."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelinekit.model.event import Noted
from pipelinekit.records.store import Store
from tests.repositories import repository
from tests.terminals import Typist

WORKFLOW = """
    on: push
    jobs:
      t:
        runs-on: ubuntu-latest
        env: {VARIABLE: of the job}
        steps:
          - run: mkdir -p "a b"; echo "TOOL=hammer" >> "$GITHUB_ENV"
          - name: Break
            env: {VARIABLE: of the step}
            working-directory: a b
            run: echo half >half; exit 3
          - name: Tidy
            if: always()
            run: ls "a b"; echo "$VARIABLE"
"""
EXECUTORS = [pytest.param("host", id="host"), pytest.param("docker", id="docker", marks=pytest.mark.docker)]


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path, WORKFLOW)


@pytest.fixture
def typist(request: pytest.FixtureRequest, top: Path) -> Iterator[Typist]:
    """Someone who has started a run with these words, in a process of its own."""
    someone = Typist()
    environment = {**os.environ, "TERM": "dumb", "PYTHONPATH": str(Path(__file__).parents[2])}
    environment.pop("CI", None)
    someone.starts([sys.executable, "-m", "pipelinekit", "run", *request.param], top, environment)
    yield someone
    someone.close()


def notes(top: Path) -> list[str]:
    store = Store(top / ".pipelinekit")
    return [event.message for event in store.events(store.runs()[0]["run_id"], 1) if isinstance(event, Noted)]


@pytest.mark.parametrize(
    "typist", [pytest.param(["--executor", e.values[0], "--shell-on-failure"], id=e.id, marks=e.marks) for e in EXECUTORS], indirect=True
)
def test_a_shell_opens_where_the_step_failed_and_then_the_run_goes_on(typist: Typist, top: Path) -> None:
    typist.sees('a shell where "Break" of t failed, with its environment; exit leaves it', 120)
    typist.types('echo "[$VARIABLE, $TOOL, $GITHUB_JOB, $CI]"; basename "$PWD"; cat half; touch seen; exit 7')
    typist.sees("[of the step, hammer, t, true]")
    typist.sees("\na b\r\n")
    typist.sees("half")
    typist.sees("exit code 7")
    rest = typist.sees("run 1: failure")
    assert "t |   seen\r\n" in rest
    assert "t |   of the job\r\n" in rest
    assert "failed at step \"Break\"" in rest
    assert typist.exit_code() == 1
    assert notes(top) == []


@pytest.mark.parametrize("typist", [["--executor", "host", "--shell-on-failure"]], indirect=True)
def test_the_shell_has_the_size_of_the_terminal_and_follows_it(typist: Typist) -> None:
    typist.sees("with its environment")
    typist.types('stty size; until [ "$(stty size)" = "20 60" ]; do sleep 0.05; done; exit 6')
    typist.sees("33 101")
    typist.resizes(20, 60)
    typist.sees("exit code 6")
    typist.sees("run 1: failure")


@pytest.mark.parametrize("typist", [["--executor", "host", "--step"]], indirect=True)
def test_the_verb_shell_opens_one_at_any_step_and_comes_back_to_the_prompt(typist: Typist) -> None:
    typist.sees("(pipelinekit) ")
    typist.types("u t/Break")
    typist.sees("next: t · Break")
    typist.sees("(pipelinekit) ")
    typist.types("e")
    typist.sees("a shell where the next step would run")
    typist.types('echo "[$VARIABLE]"; exit')
    typist.sees("[of the step]")
    typist.sees("(pipelinekit) ")
    typist.types("e echo one-$VARIABLE; exit 4")
    typist.sees("one-of the step")
    typist.sees("exit code 4")
    typist.sees("(pipelinekit) ")
    typist.types("c")
    typist.sees("run 1: failure")
    assert typist.exit_code() == 1


@pytest.mark.parametrize("typist", [["--executor", "host", "--step", "--shell-on-failure"]], indirect=True)
def test_with_step_the_prompt_comes_after_the_shell_and_once_for_a_failure(typist: Typist) -> None:
    typist.sees("(pipelinekit) ")
    typist.types("u t/Tidy")
    typist.sees('a shell where "Break" of t failed')
    typist.types("exit")
    typist.sees('"Break" of t failed: r takes it again')
    typist.sees("(pipelinekit) ")
    typist.types("c")
    assert "a shell where" not in typist.sees("run 1: failure")


@pytest.mark.parametrize("typist", [["--executor", "host", "--shell-on-failure"]], indirect=True)
def test_a_terminal_that_is_closed_pauses_the_run(typist: Typist, top: Path) -> None:
    typist.sees("with its environment")
    typist.hangs_up()
    assert typist.exit_code() == 5
    assert Store(top / ".pipelinekit").runs()[0]["outcome"] == "paused"


@pytest.mark.parametrize("typist", [["--executor", "host", "--shell-on-failure"]], indirect=True)
def test_a_shell_that_hears_first_that_the_terminal_has_gone_pauses_the_run(typist: Typist, top: Path) -> None:
    typist.sees("with its environment")
    typist.types("kill -HUP $$")
    assert typist.exit_code() == 5
    assert Store(top / ".pipelinekit").runs()[0]["outcome"] == "paused"


def test_without_a_terminal_it_is_recorded_and_passed(top: Path) -> None:
    command = [sys.executable, "-m", "pipelinekit", "run", "--executor", "host", "--shell-on-failure"]
    done = subprocess.run(command, cwd=top, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "t | breakpoint on-failure was passed: nobody watches" in done.stdout
    assert notes(top) == ["breakpoint on-failure was passed: nobody watches"]
