"""`[tool.pipelinekit]` of the repository's pyproject.toml."""

import difflib
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.workspaces.globs import PatternInvalid, Patterns

# Where test runners and coverage tools leave their files by default, or where most projects tell them to.
USUAL_REPORTS = (
    "**/junit*.xml",
    "**/*junit.xml",
    "**/TEST-*.xml",
    "**/test-results/**/*.xml",
    "**/test-reports/**/*.xml",
    "**/surefire-reports/*.xml",
    "**/coverage.xml",
    "**/cobertura*.xml",
    "**/lcov.info",
    "**/coverage.json",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """runners: `runs-on` label to image. actions: `uses` to `skip` or a folder. reports: globs, from the repository's top.

    inputs: id of a job to globs, from the repository's top, of all files that it reads.
    """

    runners: dict[str, str] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)
    reports: tuple[str, ...] = USUAL_REPORTS
    engine_socket: bool = False
    inputs: dict[str, tuple[str, ...]] = field(default_factory=dict)


_TOP = Position("pyproject.toml", 1, 1)
_KEYS = {"runners": dict, "actions": dict, "reports": list, "engine-socket": bool, "inputs": dict}


def read_settings(top: Path) -> Settings:
    """The settings of the repository; the usual ones where it says nothing. Raises WorkflowInvalid for what is wrong there."""
    file = top / "pyproject.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WorkflowInvalid(Problem("settings", f"pyproject.toml can't be read: {wrong}", _TOP)) from wrong
    given = table.get("tool", {}).get("pipelinekit", {})
    for key, value in given.items():
        _check(key, value)
    return Settings(
        {str(k): str(v) for k, v in given.get("runners", {}).items()},
        {str(k): str(v) for k, v in given.get("actions", {}).items()},
        tuple(map(str, given.get("reports", USUAL_REPORTS))),
        given.get("engine-socket", False),
        {str(job): _globs(job, globs) for job, globs in given.get("inputs", {}).items()},
    )


def place_of(top: Path, seen_from: Path, table: str, row: str) -> Position:
    """Where the row of a table of `[tool.pipelinekit]` stands; its file as a person in `seen_from` names it.

    TOML's own reader tells no places: the row is looked for below the head of its table, else in the whole file.
    """
    file = top / "pyproject.toml"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    shown, head = os.path.relpath(file, seen_from), f"[tool.pipelinekit.{table}]"
    begins = next((at for at, line in enumerate(lines) if line.strip() == head), 0)
    quoted = re.compile(rf"""(?:"{re.escape(row)}"|'{re.escape(row)}')\s*=""")
    for at, line in enumerate(lines[begins:], begins + 1):
        if match := quoted.search(line):
            return Position(shown, at, match.start() + 1)
    return Position(shown, 1, 1)


def _globs(job: str, globs: object) -> tuple[str, ...]:
    try:
        if isinstance(globs, list) and all(isinstance(glob, str) for glob in globs):
            Patterns(globs)
            return tuple(globs)
        what = f"must be a list of globs, here it is {globs!r}"
    except PatternInvalid as wrong:
        what = str(wrong)
    raise WorkflowInvalid(Problem("settings", f"[tool.pipelinekit.inputs] {job}: {what}", _TOP))


def _check(key: str, value: object) -> None:
    kind = _KEYS.get(key)
    if kind is None:
        close = difflib.get_close_matches(key, _KEYS, 1)
        hint = (f'did you mean "{close[0]}"? ' if close else "") + f"keys here: {', '.join(_KEYS)}"
        raise WorkflowInvalid(Problem("settings", f'[tool.pipelinekit] has no key "{key}"', _TOP, hint=hint))
    if not isinstance(value, kind):
        message = f"[tool.pipelinekit] {key} must be a {kind.__name__}, here it is {value!r}"
        raise WorkflowInvalid(Problem("settings", message, _TOP))
