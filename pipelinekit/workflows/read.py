"""A workflow file -> Workflow, and what is wrong with it."""

from pathlib import Path, PurePosixPath

from pipelinekit.model.node import MapNode
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problems, Severity
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.keys import WORKFLOW
from pipelinekit.workflows.needs import needs_problems
from pipelinekit.workflows.parts import workflow_of
from pipelinekit.workflows.rules import rule_problems
from pipelinekit.workflows.source import Source
from pipelinekit.workflows.text import root_of, text_of
from pipelinekit.workflows.validate import validate

_WHAT = "a workflow"
_START = "a workflow begins with `on:` and has `jobs:`"


def read(path: str | Path, text: str | None = None) -> tuple[Workflow | None, Problems]:
    """The workflow, or None where a problem is an error, and the problems in the order of their places.

    path: as the author names it; positions carry it. text: what stands in it; None reads the file. Raises nothing: a
    file that is missing, empty or not text is a problem too.
    """
    file = str(path)
    if text is None:
        return read_file(Path(path), file)
    node, problems = root_of(text, file, _WHAT, _START)
    if node is None:
        return None, Problems(problems)
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
    text, unreadable = text_of(path, shown, _WHAT)
    return (None, Problems([unreadable])) if unreadable else read(shown, text)


def _repository_path(file: str) -> str:
    """`.github/workflows/ci.yml` wherever the repository lies; another file is called as its author calls it."""
    parts = PurePosixPath(file.replace("\\", "/")).parts
    for start in range(len(parts) - 2):
        if parts[start : start + 2] == (".github", "workflows"):
            return "/".join(parts[start:])
    return file
