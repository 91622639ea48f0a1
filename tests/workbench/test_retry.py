"""Taking a failed step again after an edit of the workflow, in the same session."""

import os
from pathlib import Path

import pytest

from pipelinekit.model.outcome import State
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.session import Session, Surroundings
from tests.repositories import repository

WORKFLOW = """
    on: push
    jobs:
      t:
        runs-on: x
        steps:
          - {name: Prepare, run: echo prepared >>log}
          - {name: Test, run: "echo half >>log; test -n \\"$GIVEN\\"; echo $GIVEN >>log"}
          - {name: Pack, run: cat log}
"""


def stopped_session(top: Path) -> Session:
    """One whose second step has just failed."""
    surroundings = Surroundings(Store(top / ".pipelinekit"), os.environ, "host")
    session = Session(make(Wish(), top, os.environ), surroundings)
    session.until("t/Pack")
    assert session.failed() == '"Test" of t'
    return session


def edit(top: Path, old: str, new: str) -> None:
    file = top / ".github" / "workflows" / "ci.yml"
    file.write_text(file.read_text().replace(old, new))


def test_a_step_that_was_edited_runs_as_it_is_now(tmp_path: Path) -> None:
    session = stopped_session(repository(tmp_path, WORKFLOW))
    edit(tmp_path, "{name: Test,", "{name: Test, env: {GIVEN: mended},")
    session.retry()
    preview = session.next()
    assert preview is not None
    assert (preview.name, preview.environment) == ("Test", {"GIVEN": "mended"})
    session.step()
    assert session.shell("cat log") == (0, ["prepared", "half", "mended"])
    assert session.finish().state is State.SUCCESS
    assert [(row["attempt"], row["outcome"]) for row in session.store.runs()] == [(2, "success"), (1, "failure")]


def test_a_workflow_that_is_wrong_now_is_told_and_nothing_happens(tmp_path: Path) -> None:
    session = stopped_session(repository(tmp_path, WORKFLOW))
    edit(tmp_path, "runs-on: x", "runs-in: x")
    with pytest.raises(WorkflowInvalid, match="runs-in"):
        session.retry()
    assert (session.attempt, session.failed()) == (1, '"Test" of t')
    edit(tmp_path, "runs-in: x", "runs-on: x")
    session.retry()
    assert session.attempt == 2
    session.cancel()
    session.finish()
