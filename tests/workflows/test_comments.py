"""Comments, which YAML's events drop."""

import pytest

from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.workflows.comments import comments, declared_inputs, inputs_comment
from tests.workflows.written import workflow_of

TEXT = """\
# top
on: push  # why
jobs: # j
  # above a
  a:
    runs-on: "x # no"   # yes
    steps:
      - run: | # of the block
          echo a#b
          # in the script

        # behind the block
        name: foo#bar
      # between
      - run: a b
          c d # end
      - run: &q 'foo
          # no'
      # last
  b: {a: 1, # inside
    b: 2}
# end
"""


def found(text: str) -> list[str]:
    return [f"{c.line}:{c.column} {c.text}{' alone' if c.alone else ''}" for c in comments(text)]


def test_comments_are_told_from_text_that_looks_like_one() -> None:
    assert found(TEXT) == [
        "1:1 # top alone", "2:11 # why", "3:7 # j", "4:3 # above a alone", "6:25 # yes", "8:16 # of the block",
        "12:9 # behind the block alone", "14:7 # between alone", "16:15 # end", "19:7 # last alone", "20:13 # inside", "22:1 # end alone",
    ]  # fmt: skip


def test_neither_line_ends_nor_a_byte_order_mark_are_part_of_them() -> None:
    assert found("\ufeff# a\r\non: push # b\r\n# c") == ["1:1 # a alone", "2:10 # b", "3:1 # c alone"]


JOBS = "on: push\njobs:\n  a:\n    # {}\n    runs-on: x\n  b:\n    runs-on: x\n    # {}\n"


@pytest.mark.parametrize(
    ("one", "other", "declared"),
    [
        ("pipelinekit: inputs src/** 'a b/*'", "nothing", {"a": ("src/**", "a b/*")}),
        ("pipelinekit: inputs src/**", "pipelinekit:inputs *.py", {"a": ("src/**",), "b": ("*.py",)}),
        ("pipelinekit: inputs", "the pipelinekit: inputs of it", {"a": ()}),
        ("nothing", "pipelinekit: outputs x", {}),
    ],
    ids=["quoted", "two", "none", "another"],
)
def test_a_comment_names_the_files_that_a_job_reads(one: str, other: str, declared: dict[str, tuple[str, ...]]) -> None:
    assert declared_inputs(workflow_of(JOBS.format(one, other))) == declared


def test_what_is_written_is_read() -> None:
    globs = ("src/**", "it's here/*.py")
    written = workflow_of(JOBS.format(inputs_comment(globs).removeprefix("# "), "nothing"))
    assert declared_inputs(written) == {"a": globs}


@pytest.mark.parametrize("globs", ["'open", "../above"], ids=["quote", "above"])
def test_globs_that_can_not_be_read_are_told_with_their_place(globs: str) -> None:
    with pytest.raises(WorkflowInvalid) as raised:
        declared_inputs(workflow_of(JOBS.format("nothing", f"pipelinekit: inputs {globs}")))
    assert str(raised.value.problems[0].position) == "ci.yml:8:5"
