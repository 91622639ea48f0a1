"""Pythons and Nodes of this machine, and a fresh Python environment for a leg that runs on it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.executors.versions import Version, number, parse, parse_node
from pipelinekit.model.problem import SurroundingsMissing

ANSWER_SECONDS = 20.0
NEWEST_MINOR, OLDEST_MINOR = 20, 6

# Makes the environment and lays pip's own wheel into it: ten times quicker than pip installing itself, as `ensurepip` does.
# Debian keeps the wheels in a folder of its own, in the package python3-venv (and what it needs).
_MAKE = """
import glob, os, sys, venv, zipfile
folder = sys.argv[1]
venv.EnvBuilder(symlinks=True, clear=True).create(folder)
site = os.path.join(folder, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")
python = os.path.join(folder, "bin", "python")
above = os.path.dirname(venv.__path__[0])
wheels = glob.glob(os.path.join(above, "ensurepip", "_bundled", "*.whl")) or glob.glob("/usr/share/python-wheels/*.whl")
ours = [w for w in wheels if os.path.basename(w).startswith(("pip-", "setuptools-"))]
if not any(os.path.basename(w).startswith("pip-") for w in ours):
    sys.exit("pip is not in this Python")
for wheel in ours:
    zipfile.ZipFile(wheel).extractall(site)
for name in ("pip", "pip3", "pip%d.%d" % sys.version_info[:2]):
    script = os.path.join(folder, "bin", name)
    with open(script, "w") as out:
        out.write("#!/bin/sh\\nexec '%s' -m pip \\"$@\\"\\n" % python.replace("'", "'\\\\''"))
    os.chmod(script, 0o755)
"""

_TELL = "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3])"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python of this machine that has answered."""

    path: Path
    version: Version


def python(wish: str, environment: Mapping[str, str]) -> Path:
    """The newest Python here that the wish allows; without a wish the one that runs us. Raises SurroundingsMissing."""
    if not wish:
        return _own().path
    allowed = parse(wish)
    found = list(_found(environment))
    fitting = [interpreter for interpreter in found if allowed is not None and interpreter.version in allowed]
    if not fitting:
        here = ", ".join(sorted({_shown(interpreter.version) for interpreter in found}, key=_order))
        raise SurroundingsMissing(
            f"Python {wish} is not on this machine", f"here are: {here}", "or run in containers: pipelinekit run --executor docker"
        )
    return max(fitting, key=lambda interpreter: interpreter.version).path


def environment_of(interpreter: Path, folder: Path) -> Path:
    """Make a Python environment in the folder, with a pip; the folder of its programs. Raises SurroundingsMissing."""
    made = _ask([str(interpreter), "-I", "-c", _MAKE, str(folder)], {})
    if made.returncode != 0:
        why = (made.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise SurroundingsMissing(
            f"{interpreter} makes no Python environment ({why})", "on Debian and Ubuntu install the package python3-venv"
        )
    return folder / "bin"


def check_node(wish: str, environment: Mapping[str, str]) -> None:
    """Whether this machine's Node is one that the wish allows. Raises SurroundingsMissing."""
    allowed = parse_node(wish)
    path = shutil.which("node", path=environment.get("PATH"))
    answer = _ask([path, "--version"], environment).stdout.strip() if path else ""
    version = number(answer)
    if allowed is None or version is None or version not in allowed:
        raise SurroundingsMissing(
            f"Node {wish} is not on this machine",
            f"here is: {answer or 'none'}",
            "or run in containers: pipelinekit run --executor docker",
        )


def _own() -> Interpreter:
    """The Python below any environment that we run in."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    below = Path(sys.base_prefix) / "bin" / name
    version = sys.version_info
    return Interpreter(below if below.exists() else Path(sys.executable), (version.major, version.minor, version.micro))


def _found(environment: Mapping[str, str]) -> Iterator[Interpreter]:
    """One for each minor version: our own, and those that the PATH has under their names."""
    own = _own()
    yield own
    folders = [Path(folder) for folder in environment.get("PATH", "").split(":") if folder]
    for minor in range(NEWEST_MINOR, OLDEST_MINOR - 1, -1):
        if minor == own.version[1]:
            continue
        paths = (folder / f"python3.{minor}" for folder in folders)
        answers = (_version(path, environment) for path in paths if path.is_file())
        first = next((answer for answer in answers if answer is not None), None)
        if first is not None:
            yield first


def _version(path: Path, environment: Mapping[str, str]) -> Interpreter | None:
    """None for a name that only pretends, as a version manager's does while its version is not chosen."""
    answer = _ask([str(path), "-I", "-c", _TELL], environment)
    lines = answer.stdout.split("\n")
    if answer.returncode != 0 or len(lines) < 2 or (version := number(lines[1])) is None:
        return None
    return Interpreter(Path(lines[0]), version)


def _ask(argv: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        # A session of its own: an interrupt of the cell or the terminal is for the run, which then cancels what it began.
        return subprocess.run(
            argv, env=dict(environment), capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False, start_new_session=True
        )
    except (OSError, subprocess.TimeoutExpired) as silence:
        return subprocess.CompletedProcess(argv, 127, "", str(silence))


def _shown(version: Version) -> str:
    return ".".join(map(str, version))


def _order(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
