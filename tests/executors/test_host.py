"""What only this machine does: a Python environment of the leg's own, and no process left behind."""

import os
import signal
import sys
from pathlib import Path

import pytest

from pipelinekit.executors.base import Command, CommandResult
from pipelinekit.executors.host import HostExecutor
from pipelinekit.executors.shell import Patience
from pipelinekit.model.problem import SurroundingsMissing
from tests.executors.conftest import lines_of, request_in
from tests.executors.test_all_executors import running_here

OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_python_and_pip_are_the_legs_own(tmp_path: Path) -> None:
    opened = HostExecutor(dict(os.environ)).open(request_in(tmp_path, python=OURS))
    try:
        prefix = lines_of(opened, "python", "-c", "import sys; print(sys.prefix)")[0]
        assert prefix == [str(tmp_path / "python")]
        for pip in (("pip",), ("pip3",), ("python", "-m", "pip")):
            lines, result = lines_of(opened, *pip, "--version")
            assert result.exit_code == 0, lines
            assert str(tmp_path / "python") in lines[0]
    finally:
        opened.close()


def test_the_environment_that_this_process_stands_in_is_not_the_steps(tmp_path: Path) -> None:
    environment = {**os.environ, "VIRTUAL_ENV": "/ours", "PYTHONPATH": "/ours", "KEPT": "yes"}
    opened = HostExecutor(environment).open(request_in(tmp_path))
    opened.close()
    assert opened.environment["VIRTUAL_ENV"] == str(tmp_path / "python")
    assert "PYTHONPATH" not in opened.environment
    assert opened.environment["KEPT"] == "yes"


def test_a_python_that_is_not_here_is_refused_with_what_is(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsMissing) as refused:
        HostExecutor(dict(os.environ)).prepare(request_in(tmp_path, python="3.5"), print)
    assert refused.value.message == "Python 3.5 is not on this machine"
    assert refused.value.details[0].startswith("here are: 3.")
    assert refused.value.details[1] == "or run in containers: pipelinekit run --executor docker"


def test_a_node_that_is_not_here_is_refused_with_what_is(tmp_path: Path) -> None:
    (tmp_path / "node").write_text("#!/bin/sh\necho v18.20.4\n")
    (tmp_path / "node").chmod(0o755)
    executor = HostExecutor({**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    executor.prepare(request_in(tmp_path, node="18"), print)
    with pytest.raises(SurroundingsMissing) as refused:
        executor.prepare(request_in(tmp_path, node="20"), print)
    assert str(refused.value).splitlines()[:2] == ["Node 20 is not on this machine", "  here is: v18.20.4"]


def test_an_image_is_said_to_be_passed_over(tmp_path: Path) -> None:
    said: list[str] = []
    assert HostExecutor(dict(os.environ)).prepare(request_in(tmp_path, image="rust:1"), said.append) == ""
    assert said == ['test (3.11): runs on this machine itself, not in "rust:1"']


def test_a_child_that_has_left_its_group_is_ended_with_the_place(tmp_path: Path) -> None:
    opened = HostExecutor(dict(os.environ)).open(request_in(tmp_path))
    lines_of(opened, "sh", "-c", "setsid sleep 67 >/dev/null 2>&1 &")
    opened.close()
    assert b"sleep\x0067\x00" not in running_here()


def test_sweeping_ends_what_dead_runs_left_running(tmp_path: Path) -> None:
    executor = HostExecutor(dict(os.environ))
    opened = executor.open(request_in(tmp_path))
    # A child is a copy of its shell until it has become the program.
    lines_of(opened, "sh", "-c", "sleep 68 >/dev/null 2>&1 & until grep -q sleep /proc/$!/cmdline; do sleep 0.01; done")
    assert executor.sweep(frozenset({"another"})) == 0
    assert b"sleep\x0068\x00" in running_here()
    assert executor.sweep(frozenset({request_in(tmp_path).run_id})) == 1
    assert b"sleep\x0068\x00" not in running_here()
    opened.close()


def test_a_command_that_ignores_all_signals_is_killed(tmp_path: Path) -> None:
    opened = HostExecutor(dict(os.environ), Patience(interrupt_seconds=0.2, terminate_seconds=0.2)).open(request_in(tmp_path))
    script = "trap '' INT TERM; while :; do sleep 0.05; done"
    result = opened.perform(Command(("sh", "-c", script), timeout_seconds=0.2), print)
    opened.close()
    assert result == CommandResult(137, timed_out=True)


def test_a_command_hears_an_interrupt_although_this_process_ignores_it(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a Jupyter kernel does between cells
    try:
        opened = HostExecutor(dict(os.environ)).open(request_in(tmp_path))
        result = opened.perform(Command(("sleep", "60"), timeout_seconds=0.2), print)
        opened.close()
    finally:
        signal.signal(signal.SIGINT, before)
    assert result == CommandResult(130, timed_out=True)


def test_a_shell_that_was_killed_is_a_place_that_is_lost(tmp_path: Path) -> None:
    opened = HostExecutor(dict(os.environ)).open(request_in(tmp_path))
    with pytest.raises(SurroundingsMissing, match=r"lost the shell in .* in mid-run \(its shell has ended\)"):
        lines_of(opened, "sh", "-c", "kill -9 $(ps -o ppid= -p $$)")
    opened.close()
