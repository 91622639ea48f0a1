"""Workflow commands that GitHub has switched off or will."""

import re
from collections.abc import Iterator

from pipelinekit.model.problem import Problem, Severity
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.source import Source

_INSTEAD = {
    "set-output": 'echo "name=value" >> "$GITHUB_OUTPUT"',
    "save-state": 'echo "name=value" >> "$GITHUB_STATE"',
    "set-env": 'echo "NAME=value" >> "$GITHUB_ENV"',
    "add-path": 'echo "folder" >> "$GITHUB_PATH"',
}
_COMMAND = re.compile(rf"::({'|'.join(_INSTEAD)})(?=[ :])")


def deprecated_command(workflow: Workflow) -> Iterator[Problem]:
    """A script that talks to the runner by a command that is deprecated, or no longer works.

    `::set-env` and `::add-path` have been refused since 2020, as anyone who can print to the log could use them;
    `::set-output` and `::save-state` are deprecated since 2022. Each has a file that takes its place:

        echo "version=1.2.3" >> "$GITHUB_OUTPUT"
    """
    source = Source(workflow.source)
    for job in workflow.jobs:
        for step in job.steps:
            for found in _COMMAND.finditer(step.run.text) if step.run else ():
                place = source.place(step.run, found.start()) if step.run else step.position
                message = f'the command "{found[0]}" is deprecated'
                hint = f"write to the file instead: {_INSTEAD[found[1]]}"
                yield Problem("deprecated-command", message, place, Severity.WARNING, hint, len(found[0]))
