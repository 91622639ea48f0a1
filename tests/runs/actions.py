"""Actions written in a test, in the repository that a run of the tests is of."""

from pathlib import Path
from textwrap import dedent, indent

from tests.repositories import write


def action(tmp_path: Path, folder: str, steps: str, more: str = "", file: str = "action.yml") -> Path:
    """A composite action with these steps; its folder. more: other keys, written from column 0."""
    text = f"{dedent(more)}runs:\n  using: composite\n  steps:\n{indent(dedent(steps).strip(chr(10)), '    ')}\n"
    write(tmp_path / "repository", f"{folder}/{file}", text)
    return tmp_path / "repository" / folder


def job(steps: str, more: str = "") -> str:
    """A workflow of one job `t` with these steps. more: keys of the job, each a line."""
    keys = "".join(f"    {line}\n" for line in dedent(more).strip().splitlines())
    return f"on: push\njobs:\n  t:\n    runs-on: x\n{keys}    steps:\n{indent(dedent(steps).strip(chr(10)), '      ')}\n"
