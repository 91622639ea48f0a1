"""`python -m tests.checks.accept`: take what the checker says now as what is expected, after `git diff` was read.

The test itself never writes.
"""

import io
from pathlib import Path

from pipelinekit.commands.check import problems_of
from pipelinekit.console.problems import write_problems

CASES = Path(__file__).parents[1] / "cases" / "checks"


def told(workflow: Path) -> str:
    """What `pipelinekit check` says of one case."""
    out = io.StringIO()
    source = workflow.read_bytes().decode()
    write_problems(problems_of(workflow.parent, workflow), out, sources={workflow.name: source})
    return out.getvalue()


if __name__ == "__main__":
    for case in sorted(CASES.glob("*.yml")):
        case.with_suffix(".problems").write_text(told(case), encoding="utf-8")
