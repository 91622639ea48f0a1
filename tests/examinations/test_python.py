"""The Python that runs pipelinekit."""

import sys
from importlib.metadata import PackageNotFoundError

import pytest

from pipelinekit.examinations import python as module
from pipelinekit.examinations.machine import Machine
from pipelinekit.examinations.python import python


def test_the_program_and_its_version_are_named(machine: Machine) -> None:
    (found,) = python(machine)
    assert sys.executable in found.detail


def test_a_folder_that_is_not_installed_has_no_version(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "version", version)
    (found,) = python(machine)
    assert "as it lies in its folder" in found.detail
