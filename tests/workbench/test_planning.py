"""Workflows that stand in no file: planned, run, taken again and gone on with as they are now."""

import os
from pathlib import Path

import pytest

from pipelinekit.model.outcome import State
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.workbench import wishes
from pipelinekit.workbench.planning import Asked, Planned, Wish, make
from pipelinekit.workbench.resume import resume
from pipelinekit.workbench.session import Session, Surroundings
from pipelinekit.workflows.read import read
from tests.repositories import repository

FILE = "on: push\njobs:\n  in-a-file:\n    runs-on: x\n    steps: [{run: ls}]\n"
TEXT = """\
on: push
jobs:
  test:
    runs-on: x
    steps:
      - name: Prepare
        run: echo prepared >>log
      - name: Test
        run: "false"
"""


class Draft:
    """A workflow that is still edited."""

    path = "draft.yml"

    def __init__(self, text: str) -> None:
        self.written = text

    def text(self) -> str:
        return self.written

    def told(self, wrong: WorkflowInvalid) -> WorkflowInvalid:
        return WorkflowInvalid(*wrong.problems, sources={self.path: self.written})


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path, FILE)


def surroundings(top: Path) -> Surroundings:
    return Surroundings(Store(top / ".pipelinekit"), os.environ, "host")


def planned(asked: Asked, top: Path) -> Planned:
    return make(Wish().of(asked), top, os.environ)


def test_a_workflow_is_planned_in_the_repository_that_one_stands_in(top: Path) -> None:
    workflow, _ = read(".github/workflows/made.yml", TEXT)
    assert workflow is not None
    (top / "deep").mkdir()
    made = planned(workflow, top / "deep")
    assert (made.top, made.plan.workflow, made.plan.trigger.subject) == (top, workflow, "First")
    assert made.wish.file == ".github/workflows/made.yml"


def test_a_folder_that_is_not_there_is_not_made(top: Path) -> None:
    with pytest.raises(WorkflowInvalid, match=r'there is no folder ".*nowhere"'):
        planned(read("ci.yml", FILE)[0], top / "nowhere")
    assert not (top / "nowhere").exists()


@pytest.mark.parametrize("asked", [None, "ci.yml", "ci", Path(".github/workflows/ci.yml")], ids=["only one", "name", "stem", "path"])
def test_a_file_is_found_as_before(asked: Asked, top: Path) -> None:
    assert [leg.name for leg in planned(asked, top).plan.legs] == ["in-a-file"]


def test_what_is_wrong_names_the_workflow_as_people_call_it(top: Path) -> None:
    with pytest.raises(WorkflowInvalid) as raised:
        planned(Draft(TEXT.replace("runs-on", "runs-in")), top)
    assert [str(problem.position) for problem in raised.value.problems] == ["draft.yml:4:5", "draft.yml:4:5"]
    assert "runs-in" in raised.value.sources["draft.yml"]


def test_what_can_not_run_is_told_with_the_text_that_it_stands_in(top: Path) -> None:
    workflow, _ = read("made.yml", TEXT.replace('run: "false"', "uses: some/action@v1"))
    with pytest.raises(WorkflowInvalid, match="some/action") as raised:
        planned(workflow, top)
    assert workflow is not None
    assert raised.value.sources == {"made.yml": workflow.source}


def test_a_failed_step_is_taken_again_as_the_draft_is_now(top: Path) -> None:
    draft = Draft(TEXT)
    session = Session(planned(draft, top), surroundings(top))
    session.until("test/2")
    session.step()
    assert session.failed() == '"Test" of test'
    draft.written = TEXT.replace('"false"', "cat log")
    session.retry()
    assert session.finish().state is State.SUCCESS
    assert session.attempt == 2


def failed(draft: Draft, top: Path) -> Session:
    session = Session(planned(draft, top), surroundings(top))
    assert session.finish().state is State.FAILURE
    return session


def test_another_process_goes_on_with_the_text_that_was_kept(top: Path) -> None:
    failed(Draft(TEXT.replace('"false"', "test -f mended || { touch mended; false; }")), top)
    again = resume("1", surroundings(top), top)
    assert (again.plan.workflow.path, again.finish().state) == ("draft.yml", State.SUCCESS)


def test_going_on_takes_the_draft_that_is_given(top: Path) -> None:
    draft = Draft(TEXT)
    failed(draft, top)
    draft.written = TEXT.replace('"false"', "cat log")
    assert resume("1", surroundings(top), top, asked=draft).finish().state is State.SUCCESS


def test_a_kept_wish_holds_the_text_and_not_the_draft(tmp_path: Path, top: Path) -> None:
    wish = planned(Draft(TEXT), top).wish
    wishes.keep(tmp_path / "run", wishes.KeptWish(wish, "host"))
    kept = wishes.read(tmp_path / "run")
    assert kept is not None
    assert (kept.wish.file, kept.wish.text, kept.wish.edited) == ("draft.yml", TEXT, None)


def test_the_comment_in_a_job_says_which_files_it_reads(top: Path) -> None:
    (top / "pyproject.toml").write_text('[tool.pipelinekit.inputs]\ntest = ["a"]\nlint = ["b"]\n')
    text = TEXT.replace("    runs-on: x\n", "    runs-on: x\n    # pipelinekit: inputs src/**\n")
    assert planned(Draft(text), top).settings.inputs == {"test": ("src/**",), "lint": ("b",)}
