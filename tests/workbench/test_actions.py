"""Actions in folders, with real commands on this machine: run, stopped in mid-action, gone on with."""

import os
from pathlib import Path

import pytest

from pipelinekit.model.outcome import State
from pipelinekit.records.store import Store
from pipelinekit.workbench.breakpoints import Breakpoint
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.resume import resume
from pipelinekit.workbench.session import Session, Surroundings
from tests.repositories import repository, write

WORKFLOW = """
    on: push
    jobs:
      t:
        runs-on: x
        steps:
          - uses: actions/checkout@v4
          - uses: ./ci/kept
          - {id: g, uses: acme/greet@v1, with: {who: Ade}}
          - run: echo "${{ steps.g.outputs.said }}, $TOOL" >> "$LOG"
"""
GREET = """
    name: Greet
    inputs: {who: {required: true}}
    outputs: {said: {value: "${{ steps.say.outputs.text }}"}}
    runs:
      using: composite
      steps:
        - run: echo begin >> "$LOG"; echo TOOL=hammer >> "$GITHUB_ENV"
          shell: bash
        - {id: say, run: '"$GITHUB_ACTION_PATH/greet.sh" "${{ inputs.who }}"', shell: bash}
        - run: test -f "$MENDED"
          shell: bash
"""
KEPT = """
    runs:
      using: composite
      steps:
        - {uses: actions/cache@v4, with: {path: kept, key: one}}
        - {run: mkdir -p kept; echo hi > kept/file, shell: bash}
"""


class Bench:
    """A repository with an action in it, and one beside it that is mapped to its folder."""

    def __init__(self, folder: Path) -> None:
        rows = '[tool.pipelinekit.actions]\n"acme/greet" = "../shared/greet"\n'
        self.top = repository(folder / "repository", WORKFLOW, ci__kept__action=KEPT)
        (self.top / "ci/kept/action").rename(self.top / "ci/kept/action.yml")
        write(self.top, "pyproject.toml", rows)
        self.shared = folder / "shared" / "greet"
        write(self.shared, "action.yml", GREET)
        self.script("hello")
        self.log, self.mended = folder / "log.txt", folder / "mended"
        self.store = Store(self.top / ".pipelinekit")
        variables = {"LOG": str(self.log), "MENDED": str(self.mended)}
        self.surroundings = Surroundings(self.store, os.environ, "host", variables=variables)

    def script(self, word: str) -> None:
        write(self.shared, "greet.sh", f'#!/bin/sh\necho "text={word} $1" >> "$GITHUB_OUTPUT"\n')
        (self.shared / "greet.sh").chmod(0o555)

    def ran(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


def test_a_failure_inside_is_gone_on_with_from_the_step_that_uses_the_action(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    state = Session(make(Wish(), bench.top, os.environ), bench.surroundings).finish()
    assert state.state is State.FAILURE
    failed = state.leg("t").failed_step
    assert failed is not None
    assert (failed.name, failed.parent) == ('Run test -f "$MENDED"', 3)
    bench.mended.touch()
    bench.script("good evening")  # an edit of the action is seen, though its folder was laid there before
    state = resume("1", bench.surroundings, bench.top).finish()
    assert state.state is State.SUCCESS
    assert bench.ran() == ["begin", "begin", "good evening Ade, hammer"]
    rows = {(row["attempt"], row["name"]): row for row in bench.store.table("steps").to_pylist()}
    assert rows[2, "Run ./ci/kept"]["conclusion"] == "skipped"
    assert rows[2, "Run acme/greet@v1"]["step_index"] == rows[2, 'Run test -f "$MENDED"']["parent"] == 3


def test_what_a_step_inside_left_to_do_is_done_by_the_attempt_that_ends_well(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    Session(make(Wish(), bench.top, os.environ), bench.surroundings).finish()
    bench.mended.touch()
    resume("1", bench.surroundings, bench.top).finish()
    saved = [row for row in bench.store.table("caches").to_pylist() if row["result"] == "saved"]
    assert [(row["attempt"], row["key"]) for row in saved] == [(2, "one")]
    posts = [row for row in bench.store.table("steps").to_pylist() if row["name"].startswith("Post ")]
    assert [(row["attempt"], row["name"], row["uses"]) for row in posts] == [
        (1, "Post Run actions/cache@v4", "actions/cache@v4"), (2, "Post Run actions/cache@v4", "actions/cache@v4"),
    ]  # fmt: skip


def test_a_leg_with_actions_is_remembered_until_one_is_edited(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.mended.touch()

    def ran() -> str:
        session = Session(make(Wish(), bench.top, os.environ), bench.surroundings)
        leg = session.finish().leg("t")
        return (leg.remembered and "remembered") or next((note for note in session.state.notes if note.startswith("runs")), "ran")

    assert ran() == "ran"
    assert ran() == "remembered"
    bench.script("good evening")
    assert ran() == "runs, because ../shared/greet/greet.sh changed"
    write(bench.top, "ci/kept/action.yml", (bench.top / "ci/kept/action.yml").read_text().replace("one", "two"))
    assert ran() == "runs, because ci/kept/action.yml changed"


def test_a_failure_that_is_forgiven_around_is_none_to_stop_at(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    text = (bench.top / ".github/workflows/ci.yml").read_text().replace("{id: g,", "{id: g, continue-on-error: true,")
    write(bench.top, ".github/workflows/ci.yml", text)
    session = Session(make(Wish(), bench.top, os.environ), bench.surroundings)
    session.breakpoints.append(Breakpoint.read("on-failure"))
    assert session.finish().state is State.SUCCESS
    assert [note for note in session.state.notes if "breakpoint" in note] == []


@pytest.mark.docker
def test_actions_run_in_a_container_as_on_this_machine(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    text = (bench.top / ".github/workflows/ci.yml").read_text().replace("runs-on: x", "runs-on: ubuntu-latest")
    write(bench.top, ".github/workflows/ci.yml", text)
    variables = {"LOG": "/tmp/log.txt", "MENDED": "/bin/sh"}  # noqa: S108 - in the container
    state = Session(make(Wish(), bench.top, os.environ), Surroundings(bench.store, os.environ, variables=variables)).finish()
    assert state.state is State.SUCCESS
    leg = state.leg("t")
    greet = next(step for step in leg.steps if step.name == "Run acme/greet@v1")
    assert greet.outputs == {"said": "hello Ade"}
    assert [step.name for step in leg.steps if leg.around(step) == (greet,)][1] == 'Run "$GITHUB_ACTION_PATH/greet.sh" "${{ inputs.who }}"'
