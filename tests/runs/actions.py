"""Actions written in a test, in the repository that a run of the tests is of, and runs that use them."""

from pathlib import Path
from textwrap import dedent, indent

from pipelinekit.model.event import Annotated, Event
from pipelinekit.model.problem import Severity
from tests.repositories import write
from tests.runs.running import make_run, of

MAPPED = {"acme/a": "ci/a"}


def action(tmp_path: Path, folder: str, steps: str, more: str = "", file: str = "action.yml") -> Path:
    """A composite action with these steps; its folder. more: other keys, written from column 0."""
    text = f"{dedent(more)}runs:\n  using: composite\n  steps:\n{indent(dedent(steps).strip(chr(10)), '    ')}\n"
    write(tmp_path / "repository", f"{folder}/{file}", text)
    return tmp_path / "repository" / folder


def job(steps: str, more: str = "") -> str:
    """A workflow of one job `t` with these steps. more: keys of the job, each a line."""
    keys = "".join(f"    {line}\n" for line in dedent(more).strip().splitlines())
    return f"on: push\njobs:\n  t:\n    runs-on: x\n{keys}    steps:\n{indent(dedent(steps).strip(chr(10)), '      ')}\n"


def run(tmp_path: Path, text: str, **how: object) -> list[Event]:
    return list(make_run(text, tmp_path, **how))  # type: ignore[arg-type]


def mapped(tmp_path: Path, inner: str, outer: str = "- {id: a, uses: acme/a@v1}", more: str = "") -> list[Event]:
    """A run of a job whose one step (or these) uses the action with these steps."""
    action(tmp_path, "ci/a", inner, more)
    return run(tmp_path, job(outer), actions=MAPPED)


def errors(events: list[Event]) -> list[str]:
    return [event.message for event in of(Annotated, events) if event.severity is Severity.ERROR]
