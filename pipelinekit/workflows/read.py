"""A workflow file -> Workflow, and what is wrong with it."""

from pathlib import Path, PurePosixPath

from pipelinekit.model.node import MapNode, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Problems, Severity
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.keys import WORKFLOW
from pipelinekit.workflows.needs import needs_problems
from pipelinekit.workflows.parts import workflow_of
from pipelinekit.workflows.rules import rule_problems
from pipelinekit.workflows.source import Source
from pipelinekit.workflows.validate import validate
from pipelinekit.workflows.yaml_tree import compose

_START = "a workflow begins with `on:` and has `jobs:`"


def read(path: str | Path, text: str | None = None) -> tuple[Workflow | None, Problems]:
    """The workflow, or None where a problem is an error, and the problems in the order of their places.

    path: as the author names it; positions carry it. text: what stands in it; None reads the file. Raises nothing: a
    file that is missing, empty or not text is a problem too.
    """
    file = str(path)
    if text is None:
        return read_file(Path(path), file)
    node, problems = compose(text, file)
    if any(problem.code in ("yaml", "limit") for problem in problems) and node is None:
        return None, Problems(problems)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return None, Problems([Problem("file", "the file is empty", Position(file, 1, 1), hint=_START)])
    if not isinstance(node, MapNode):
        return None, Problems([*problems, Problem("file", "this is not a workflow", node.position, hint=_START)])
    source = Source(text)
    problems += validate(node, WORKFLOW, source)
    problems += rule_problems(node)
    workflow = workflow_of(node, _repository_path(file), text)
    jobs = node.get("jobs")
    if isinstance(jobs, MapNode):
        problems += needs_problems(workflow.jobs, jobs)
    problems.sort(key=lambda problem: problem.position or Position(file, 0, 0))
    return (None if any(p.severity is Severity.ERROR for p in problems) else workflow), Problems(problems)


def read_file(path: Path, shown: str) -> tuple[Workflow | None, Problems]:
    """As `read`, of a file that messages and positions call otherwise than by its path."""
    text, unreadable = _text_of(path, shown)
    return (None, Problems([unreadable])) if unreadable else read(shown, text)


def _text_of(path: Path, shown: str) -> tuple[str, Problem | None]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", Problem("file", f'there is no file "{shown}"')
    except IsADirectoryError:
        return "", Problem("file", f'"{shown}" is a folder, not a workflow file')
    except OSError as error:
        return "", Problem("file", f'"{shown}" can\'t be read: {error.strerror or error}')
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        message = f"not UTF-8: the byte 0x{content[error.start]:02x} can't stand here"
        return "", Problem("file", message, Position(shown, line, column), hint="save the file as UTF-8")


def _repository_path(file: str) -> str:
    """`.github/workflows/ci.yml` wherever the repository lies; another file is called as its author calls it."""
    parts = PurePosixPath(file.replace("\\", "/")).parts
    for start in range(len(parts) - 2):
        if parts[start : start + 2] == (".github", "workflows"):
            return "/".join(parts[start:])
    return file
