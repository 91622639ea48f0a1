"""The Python that runs pipelinekit."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Finding, Health

PACKAGE = "pipelinekit"


def python(_machine: Machine) -> Iterator[Finding]:
    try:
        own = f"{PACKAGE} {version(PACKAGE)}"
    except PackageNotFoundError:
        own = f"{PACKAGE} as it lies in its folder"
    yield Finding("Python", Health.FINE, f"{platform.python_version()} at {sys.executable}, {own}")
