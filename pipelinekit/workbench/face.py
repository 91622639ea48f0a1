"""What would run, as Python and notebooks ask for it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelinekit.model.plan import Plan
from pipelinekit.workbench.planning import Asked, Wish, make


def plan(
    file: Asked = None, *, directory: Path | str = ".", event: str | None = None, jobs: Sequence[str] = (),
    matrix: Mapping[str, Sequence[str]] | None = None, inputs: Mapping[str, str] | None = None,
) -> Plan:
    """What would run: `pk.plan("ci.yml")`. The arguments are those of `pipelinekit plan`; a workflow may stand for the file.

    Raises WorkflowInvalid.
    """
    wish = Wish(None, event, tuple(jobs), matrix or {}, inputs or {}).of(file)
    return make(wish, Path(directory).absolute(), os.environ).plan
