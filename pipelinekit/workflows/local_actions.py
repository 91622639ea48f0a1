"""Actions that lie in the repository of the workflow that uses them: whether their files are right."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipelinekit.model.problem import Problem
from pipelinekit.model.workflow import Step, Workflow
from pipelinekit.workflows.read_action import ACTION_FILES, read_action

_LOCAL = ("./", "$/")


def local_action_problems(workflow: Workflow, top: Path, seen_from: Path) -> list[Problem]:
    """What is wrong in the actions that the jobs use, and that these use in turn; each file is told of once.

    top: of the repository. seen_from: where the person stands, to whom files are named. A folder that is not there is no problem:
    it may be made while the job runs.
    """
    seen: set[Path] = set()
    return [problem for job in workflow.jobs for problem in _problems(job.steps, top, seen_from, seen)]


def _problems(steps: Sequence[Step], top: Path, seen_from: Path, seen: set[Path]) -> Iterator[Problem]:
    for step in steps:
        if step.uses is None or not step.uses.text.startswith(_LOCAL):
            continue
        folder = Path(os.path.normpath(top / step.uses.text[2:]))
        file = next((folder / name for name in ACTION_FILES if (folder / name).is_file()), None)
        if file is None or file in seen:
            continue
        seen.add(file)
        action, problems = read_action(os.path.relpath(file, seen_from), file.read_bytes())
        used = (step.uses.position, f'"{step.uses.text}" is used here')
        yield from (replace(problem, related=(*problem.related, used)) for problem in problems)
        if action is not None:
            yield from _problems(action.steps, top, seen_from, seen)
