"""A workflow in the making: put together from cells, wrong cells refused with their own lines."""

import pytest

from pipelinekit.model.node import plain
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.stages.draft import Draft
from pipelinekit.workflows.read import read


def draft_of_stages() -> Draft:
    draft = Draft()
    draft.stage("build", "make all\n")
    draft.stage(
        "test", "\n  pytest -q\n  echo done\n\n", image="python:3.12", needs=["build"], inputs=["src/**"], env={"LEVEL": 3},
        matrix={"python": ["3.11", "3.13"]}, if_="github.ref_name == 'main'", label="%%stage test",
    )  # fmt: skip
    return draft


def test_stages_make_a_workflow_that_a_person_could_have_written() -> None:
    assert draft_of_stages().text() == (
        """\
name: notebook

on: push

jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make all

  test:
    # pipelinekit: inputs 'src/**'
    runs-on: ubuntu-latest
    needs: [build]
    if: github.ref_name == 'main'
    strategy:
      matrix:
        python: ["3.11", "3.13"]
    container: python:3.12
    env:
      LEVEL: 3
    steps:
      - uses: actions/checkout@v4
      - run: |
          pytest -q
          echo done
"""
    )


def test_the_shell_is_that_of_each_script_of_a_list() -> None:
    draft = Draft()
    draft.stage("a", ["print(1)", {"uses": "b/c@v1"}], shell="python", checkout=False)  # noqa: S604 - a step's, not subprocess's
    assert [step.run and step.run.text for step in draft.read().jobs[0].steps] == ["print(1)", None]
    assert draft.text().count("shell: python") == 1


def test_what_is_defined_again_keeps_its_place() -> None:
    draft = draft_of_stages()
    change = draft.stage("build", "make some", checkout=False)
    assert draft.stages == ("build", "test")
    assert list(change.difference())[-3:] == ["-      - uses: actions/checkout@v4", "-      - run: make all", "+      - run: make some"]


def test_a_workflow_is_put_together_from_cells_in_any_order() -> None:
    draft = Draft()
    draft.job("test", "# quick\nruns-on: x\n")
    draft.step("test/2", "name: Two\nrun: |\n  echo two\n")
    draft.step("test/1", "- run: one\n- run: and a half\n")
    draft.step("test/1.5", "- run: between")
    draft.tail("outputs: {a: b}", "test")
    draft.stage("last", "ls", needs="test")
    draft.tail("# the end")
    draft.workflow("name: CI\non: [push]\n", ".github/workflows/ci.yml")
    assert draft.text() == (
        "name: CI\non: [push]\njobs:\n  test:\n    # quick\n    runs-on: x\n    steps:\n      - run: one\n      - run: and a half\n"
        "      - run: between\n      - name: Two\n        run: |\n          echo two\n    outputs: {a: b}\n\n"
        "  last:\n    runs-on: ubuntu-latest\n    needs: test\n    steps:\n      - uses: actions/checkout@v4\n      - run: ls\n# the end\n"
    )
    assert draft.read() == read(".github/workflows/ci.yml", draft.text())[0]


def test_one_glob_needs_no_list() -> None:
    draft = Draft()
    draft.stage("a", "ls", inputs="src/**")
    assert "  a:\n    # pipelinekit: inputs 'src/**'\n" in draft.text()


def test_an_argument_of_another_type_changes_nothing() -> None:
    draft = draft_of_stages()
    before = draft.text()
    with pytest.raises(TypeError):
        draft.stage("test", "ls", needs=3)  # type: ignore[arg-type]
    assert draft.text() == before


def test_a_job_that_is_given_again_keeps_its_steps() -> None:
    draft = Draft()
    draft.job("test", "runs-on: x")
    draft.step("test/1", "- run: one")
    draft.job("test", "runs-on: y")
    assert plain(draft.read().jobs[0].node) == {"runs-on": "y", "steps": [{"run": "one"}]}


def test_a_whole_workflow_may_stand_in_one_cell_with_stages_after_it() -> None:
    draft = Draft()
    draft.workflow("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: a\n")
    draft.stage("b", "ls", needs=["a"])
    assert [job.id for job in draft.read().jobs] == ["a", "b"]


def test_a_stage_can_be_taken_away() -> None:
    draft = draft_of_stages()
    draft.remove("test")
    assert [job.id for job in draft.read().jobs] == ["build"]
    draft.clear()
    assert draft.stages == ()


def told(wrong: WorkflowInvalid) -> list[str]:
    return wrong._render_traceback_()


@pytest.mark.parametrize(
    ("give", "said"),
    [
        (lambda d: d.workflow("name: X\non: psuh\n"), ['%%workflow:3:5: "on" can\'t be "psuh" [value]', "3 | on: psuh"]),
        (lambda d: d.step("doc/1", "- run: 'ls\n"), ["%%step doc/1:2:11: the file ends inside a quoted value [yaml]", "2 | - run: 'ls"]),
        (lambda d: d.step("doc/1", "run: ls\nfoo: bar\n"), ['%%step doc/1:3:1: unknown key "foo" in a step [key]', "3 | foo: bar"]),
        (lambda d: d.job("doc", "runs-in: x\n"), ['%%job doc:2:1: unknown key "runs-in" in a job [key]', "2 | runs-in: x"]),
        (
            lambda d: d.stage("doc", "echo ${{ foo.x }}", label="%%stage doc"),
            ['%%stage doc:2:10: no context has the name "foo" [expression]', "2 | echo ${{ foo.x }}"],
        ),
        (lambda d: d.tail("env: [", "doc"), ["%%job doc --after-steps:2:", "2 | env: ["]),
        (lambda d: d.stage("doc", " \n"), ['the stage "doc" has nothing to run [stage]']),
        (lambda d: d.stage("doc", []), ['the stage "doc" has nothing to run [stage]']),
        (lambda d: d.stage("doc", "ls", inputs=["../x"]), ["the inputs of a job can't be read: invalid pattern '../x'"]),
        (lambda d: d.step("dok/1", "- run: ls"), ['there is no stage "dok" [stage]', 'did you mean "doc"?']),
        (lambda d: d.step("doc/one", "- run: ls"), ['"doc/one" does not say which step [stage]']),
        (lambda d: d.remove("nothing"), ['there is no stage "nothing" [stage]']),
    ],
    ids=["workflow", "yaml", "step", "job", "stage", "tail", "nothing", "no steps", "inputs", "unknown", "number", "remove"],
)  # fmt: skip
def test_a_cell_that_is_wrong_is_told_with_its_own_lines_and_changes_nothing(give: object, said: list[str]) -> None:
    draft = Draft()
    draft.job("doc", "runs-on: x\n")
    before = draft.text()
    with pytest.raises(WorkflowInvalid) as raised:
        give(draft)  # type: ignore[operator]
    text = "\n".join(told(raised.value))
    assert [line for line in said if line not in text] == []
    assert draft.text() == before


def test_what_a_later_cell_may_mend_is_told_when_it_is_asked_for() -> None:
    draft = Draft()
    draft.job("ship", "runs-on: x\nneeds: [test]\n")
    with pytest.raises(WorkflowInvalid) as raised:
        draft.text()
    assert told(raised.value)[:4] == [
        '%%job ship:3:9: no job has the id "test" [needs]', "  |", "3 | needs: [test]", "  |         ^~~~",
    ]  # fmt: skip
    draft.stage("test", "ls")
    assert [job.id for job in draft.read().jobs] == ["ship", "test"]


def test_both_places_of_a_circle_are_told_in_their_cells() -> None:
    draft = Draft()
    draft.job("a", "runs-on: x\nneeds: b")
    draft.job("b", "runs-on: x\nneeds: [a]")
    with pytest.raises(WorkflowInvalid) as raised:
        draft.text()
    assert [(str(place), word) for place, word in raised.value.problems[0].related] == [
        ("%%job a:3:8", '"a" needs "b"'), ("%%job b:3:9", '"b" needs "a"'),
    ]  # fmt: skip


def test_line_ends_are_those_that_were_asked_for() -> None:
    draft = Draft()
    draft.workflow("on: push\n", ends=("\r\n", False))
    draft.job("a", "runs-on: x")
    assert draft.text() == "on: push\r\njobs:\r\n  a:\r\n    runs-on: x"
    assert draft.read().source == draft.text()


def test_a_need_that_no_stage_has_is_said_where_it_is_written() -> None:
    draft = Draft()
    assert draft.stage("test", "ls", needs="biuld").sentence == "test: ubuntu-latest, needs biuld (no such stage yet)"
    draft.stage("biuld", "make")
    assert draft.stage("test", "ls -l", needs="biuld").sentence.startswith("test changed")
