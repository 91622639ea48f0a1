"""A run that is held: what a retry takes again, and which files it must see anew."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelinekit.records.store import Store
from pipelinekit.runs.step import usual_name
from pipelinekit.workbench import live
from pipelinekit.workbench.breakpoints import Breakpoint
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.session import Session, Surroundings
from tests.repositories import git, repository

WORKFLOW = """
    on: push
    jobs:
      t:
        runs-on: x
        steps:
          - uses: actions/checkout@v4
          - {name: Test, run: exit 1}
"""


STEPS = """
    on: push
    jobs:
      t:
        runs-on: x
        steps:
          - uses: actions/checkout@v4
          - {name: Look, run: test -e look}
          - {name: Test, run: test -e mended}
          - {name: After, run: echo after}
      deploy: {needs: t, runs-on: x, steps: [{name: Ship, run: echo shipped}]}
"""


@pytest.fixture
def stands(tmp_path: Path) -> Session:
    """At a failed step, told to stop there on the way to a job that would come later."""
    repository(tmp_path, STEPS, look="", **{"a.txt": "a"})
    session = Session(make(Wish(), tmp_path, os.environ), Surroundings(Store(tmp_path / ".pipelinekit"), os.environ, "host"))
    session.breakpoints = [Breakpoint.read("on-failure")]
    session.until("deploy")
    assert session.failed() == '"Test" of t'
    return session


def ahead(session: Session) -> str:
    leg = session.leg()
    step = leg.next_step() if leg else None
    return usual_name(step) if step else ""


def test_a_step_that_is_taken_again_is_stood_behind(stands: Session) -> None:
    (stands.planned.top / "mended").touch()
    live.take_again(stands)
    assert (stands.attempt, stands.failed(), ahead(stands)) == (2, None, "After")
    stands.pause()


def test_one_that_fails_again_is_stood_at(stands: Session) -> None:
    live.take_again(stands)
    assert (stands.attempt, stands.failed()) == (2, '"Test" of t')
    stands.pause()


def test_one_before_it_that_fails_with_the_edited_files_is_stood_at(stands: Session) -> None:
    (stands.planned.top / "look").unlink()
    live.take_again(stands)
    assert (stands.attempt, stands.failed(), ahead(stands)) == (2, '"Look" of t', "Test")
    stands.pause()


def test_a_step_that_was_put_before_it_is_taken_on_the_way(stands: Session) -> None:
    mended = "- {name: Mend, run: touch mended}\n          - {name: Test"
    repository(stands.planned.top, STEPS.replace("- {name: Test", mended))
    live.take_again(stands)
    assert (stands.failed(), ahead(stands)) == (None, "After")
    stands.pause()


TWO = """
    on: push
    jobs:
      a: {runs-on: x, steps: [{name: One, run: echo one}, {name: Two, run: echo two}]}
      b: {runs-on: x, steps: [{name: One, run: exit 1}, {name: Two, if: always(), run: echo two}]}
"""


def test_on_the_way_to_one_job_alone_breakpoints_are_judged_there(tmp_path: Path) -> None:
    repository(tmp_path, TWO)
    session = Session(make(Wish(), tmp_path, os.environ), Surroundings(Store(tmp_path / ".pipelinekit"), os.environ, "host"))
    session.until("a/Two")
    session.breakpoints = [Breakpoint.read("a/Two"), Breakpoint.read("on-failure")]
    session.until("b/Two", only=True)
    leg = session.leg({"b"})
    assert leg is not None
    assert leg.failed_step() is not None
    session.pause()


@pytest.fixture
def failed(tmp_path: Path) -> Session:
    files = {"a.txt": "a", "b.txt": "b", "folder__c.txt": "c", ".gitignore": "*.log\n", "run.log": "x"}
    repository(tmp_path, WORKFLOW, **files)
    session = Session(make(Wish(), tmp_path, os.environ), Surroundings(Store(tmp_path / ".pipelinekit"), os.environ, "host"))
    session.finish()
    return session


def write(name: str) -> Callable[[Path], object]:
    return lambda top: (top / name).write_text("new")


@pytest.mark.parametrize(("edit", "seen"), [
    (write("a.txt"), ("a.txt",)),
    (write("new.txt"), ("new.txt",)),
    (lambda top: (top / "a.txt").unlink(), ("a.txt",)),
    (lambda top: git(top, "rm", "-q", "folder/c.txt"), ()),
    (lambda top: (top / "a.txt").rename(top / "d.txt"), ("a.txt", "d.txt")),
    (lambda top: (top / "a.txt").chmod(0o755), ("a.txt",)),
    (lambda top: os.utime(top / "a.txt", (1, 1)), ("a.txt",)),
    (write("run.log"), ()),
    (write("look.ipynb"), ()),
    (write(".github/workflows/ci.yml"), ()),
    (lambda _: None, ()),
], ids=["edited", "added", "deleted", "deleted and staged", "moved", "its mode", "with an old time", "ignored", "a notebook",
        "the workflow", "nothing"])
def test_what_was_done_to_files_since_is_seen(failed: Session, edit: Callable[[Path], object], seen: tuple[str, ...]) -> None:
    edit(failed.planned.top)
    assert live.edited(failed) == seen


def test_an_edit_is_seen_until_a_checkout_has_taken_it(failed: Session) -> None:
    (failed.planned.top / "a.txt").write_text("new")
    resumed = live.again(failed)  # goes on in the workspace as it was left
    resumed.finish()
    assert live.edited(resumed) == ("a.txt",)
    renewed = live.again(resumed, renewed=live.edited(resumed))
    renewed.finish()
    assert live.edited(renewed) == ()
