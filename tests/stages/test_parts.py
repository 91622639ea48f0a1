"""How a part of a workflow stands in a cell, and how it gets back."""

import pytest

from pipelinekit.stages.parts import (
    Indent,
    Options,
    head_part,
    job_part,
    made_part,
    shown_head,
    shown_job,
    shown_step,
    shown_tail,
    step_part,
    steps_line,
    tail_part,
)

USUAL = Indent()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("on: push\n\njobs:\n", Options("on: push\n\n")),
        ("on: push\njobs: # all\n", Options("on: push\njobs: # all\n")),
        ("on: push\njobs:\n\n", Options("on: push\njobs:\n\n")),
        ("{on: push, jobs: {}}\n", Options("{on: push, jobs: {}}\n", verbatim=True)),
    ],
    ids=["plain", "comment", "blank", "braces"],
)
def test_what_stands_before_the_jobs_leaves_their_key_out(text: str, shown: Options) -> None:
    assert shown_head(text) == shown
    assert head_part("", shown.body, verbatim=shown.verbatim).text == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  test:\n    runs-on: x\n    steps:\n", Options("runs-on: x\n")),
        ("  test:\n    runs-on: x\n    steps: # all\n", Options("runs-on: x\nsteps: # all\n")),
        ("  # about\n  test:\n    runs-on: x\n    steps:\n", Options("# about\ntest:\n  runs-on: x\n")),
        ("  test: # about\n    runs-on: x\n    steps:\n", Options("test: # about\n  runs-on: x\n")),
        ("# far left\n  test:\n    runs-on: x\n    steps:\n", Options("# far left\n  test:\n    runs-on: x\n    steps:\n", verbatim=True)),
        ("  test:\n# far left\n    runs-on: x\n    steps:\n", Options("  test:\n# far left\n    runs-on: x\n    steps:\n", verbatim=True)),
        ("  test:\n    test: x\n    steps:\n", Options("test: x\n")),
        ('  "test":\n    runs-on: x\n    steps:\n', Options('"test":\n  runs-on: x\n')),
    ],
    ids=["keys", "steps with comment", "above", "beside", "left above", "left inside", "key of its name", "quotes"],
)
def test_a_job_is_its_keys_where_nothing_else_is_said(text: str, shown: Options) -> None:
    assert shown_job("test", text, USUAL, has_steps=True) == shown
    part, indent = job_part("", "test", shown.body, USUAL, verbatim=shown.verbatim)
    assert (part.text + steps_line(part, indent), indent) == (text, USUAL)


def test_a_job_without_steps_gets_no_key_for_them() -> None:
    text = "  call:\n    uses: ./a.yml\n"
    assert shown_job("call", text, USUAL, has_steps=False) == Options("uses: ./a.yml\n")


def test_a_job_that_a_person_wrote_whole_has_its_own_indentation() -> None:
    part, indent = job_part("", "test", "test:\n    runs-on: x", USUAL)
    assert (part.text, indent) == ("  test:\n      runs-on: x\n", Indent(2, 6, 8))
    assert steps_line(part, indent) == "      steps:\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("      - run: a\n", Options("- run: a\n")),
        ("      # about\n      - run: |\n          a\n\n          b\n\n", Options("# about\n- run: |\n    a\n\n    b\n\n")),
        ("# far left\n      - run: a\n", Options("# far left\n      - run: a\n", verbatim=True)),
        ("      - run: a\n      \n", Options("      - run: a\n      \n", verbatim=True)),
    ],
    ids=["one line", "comment and blanks", "left", "blanks of its own"],
)
def test_a_step_loses_its_indentation(text: str, shown: Options) -> None:
    assert shown_step(text, 6) == shown
    assert step_part("", shown.body, 6, verbatim=shown.verbatim).text == text


def test_a_step_may_be_its_keys_alone() -> None:
    assert step_part("", "# about\nname: A\nrun: |\n  ls", 6).text == "      # about\n      - name: A\n        run: |\n          ls\n"


def test_what_follows_loses_its_indentation() -> None:
    assert shown_tail("    outputs: {a: b}\n", 4) == Options("outputs: {a: b}\n")
    assert shown_tail("# left\n", 4) == Options("# left\n", verbatim=True)
    assert tail_part("", "outputs: {a: b}", 4).text == "    outputs: {a: b}\n"


@pytest.mark.parametrize(
    ("line", "column", "place"),
    [(1, 3, (1, 1)), (2, 5, (2, 1)), (3, 7, (3, 3))],
    ids=["the added line", "first of the body", "further in"],
)
def test_a_place_in_the_workflow_is_found_in_the_cell(line: int, column: int, place: tuple[int, int]) -> None:
    part, _ = job_part("%%job test", "test", "runs-on: x\nneeds: y\n", USUAL)
    assert part.place(line, column) == place


JOB = "  test:\n    runs-on: x\n    steps:\n"


@pytest.mark.parametrize(
    ("script", "run", "line", "column", "place"),
    [
        ("ls ${{ x }}", "ls ${{ x }}", 4, 21, (2, 8)),
        ("ls ': ${{ x }}'", "\"ls ': ${{ x }}'\"", 4, 25, (2, 11)),
        ("\n  ls\n  pwd ${{ x }}\n", "|\n          ls\n          pwd ${{ x }}", 6, 19, (4, 11)),
        ("ls\npwd\n", "|\n          ls\n          pwd", 2, 5, (1, 1)),
        ("ls\npwd\n", "|\n          ls\n          pwd\n        shell: x", 7, 16, (1, 1)),
    ],
    ids=["one line", "in quotes", "lines", "above", "below"],
)
def test_a_place_in_a_script_is_that_in_its_cell(script: str, run: str, line: int, column: int, place: tuple[int, int]) -> None:
    part = made_part("%%stage test", "%%stage test --image a", script, f"{JOB}      - run: {run}\n")
    assert part.place(line, column) == place
    assert part.source.startswith("%%stage test --image a\n")
