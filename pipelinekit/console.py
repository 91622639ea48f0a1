"""How problems, events and runs look in a terminal: the only place that knows colour codes."""

from collections.abc import Iterable
from typing import TextIO

from pipelinekit.model.problem import Problem


def write_problems(problems: Iterable[Problem], out: TextIO) -> None:
    """Each with its place, the author's line and a mark under it, as style.md shows."""
    for problem in problems:
        where = f"{problem.position}: " if problem.position else ""
        out.write(f"{where}{problem.message} [{problem.code}]\n")
