"""Cells that define stages, and what each says."""

import pytest

from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.stages.cells import give
from pipelinekit.stages.draft import Draft

SCRIPT = "pytest -q\n"


def job_of(line: str, body: str = SCRIPT) -> str:
    """The job that a cell makes, without what stands before it."""
    draft = Draft()
    draft.stage("build", "make")
    give(draft, "stage", line, body)
    return draft.text().rpartition("run: make\n\n")[2]


STEPS = "    steps:\n      - uses: actions/checkout@v4\n      - run: pytest -q\n"


@pytest.mark.parametrize(
    ("line", "job"),
    [
        ("test", "  test:\n    runs-on: ubuntu-latest\n" + STEPS),
        (
            "test --image python:3.12 --needs build --inputs 'src/**' tests",
            "  test:\n    # pipelinekit: inputs 'src/**' tests\n    runs-on: ubuntu-latest\n    needs: [build]\n"
            "    container: python:3.12\n" + STEPS,
        ),
        ("test --needs build,build", "  test:\n    runs-on: ubuntu-latest\n    needs: [build]\n" + STEPS),
        (
            "test --matrix python=3.11,3.13 --matrix os=a",
            "  test:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        python: [\"3.11\", \"3.13\"]\n        os: [a]\n" + STEPS,
        ),
        (
            "test --matrix python=3.11, --matrix python=3.13",
            "  test:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        python: [\"3.11\", \"3.13\"]\n" + STEPS,
        ),
        (
            "test --env LEVEL=3.10 --env 'SAY=a = b' --runs-on mine",
            '  test:\n    runs-on: mine\n    env:\n      LEVEL: "3.10"\n      SAY: a = b\n' + STEPS,
        ),
        (
            "test --if \"${{ github.ref_name == 'main' }}\"",
            "  test:\n    runs-on: ubuntu-latest\n    if: ${{ github.ref_name == 'main' }}\n" + STEPS,
        ),
        (
            "test --shell python --no-checkout",
            "  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest -q\n        shell: python\n",
        ),
    ],
    ids=["name", "image", "needs", "matrix", "matrix twice", "env", "if", "shell"],
)  # fmt: skip
def test_a_cell_makes_a_job(line: str, job: str) -> None:
    assert job_of(line) == job


def test_yaml_cells_say_where_they_belong() -> None:
    draft = Draft()
    give(draft, "workflow", ".github/workflows/ci.yml --line-ends crlf --indent 4,6,6", "name: CI\non: push\n")
    give(draft, "job", "test", "runs-on: x\n")
    give(draft, "job", "other --indent 4,8,10", "runs-on: y\n")
    give(draft, "step", "other/1", "- run: b\n")
    give(draft, "step", "test/1 --verbatim", "      - run: a\n")
    give(draft, "job", "test --after-steps", "outputs: {a: b}\n")
    give(draft, "workflow", "--after-jobs", "# end\n")
    assert draft.path == ".github/workflows/ci.yml"
    assert draft.text().split("\r\n") == [
        "name: CI", "on: push", "jobs:", "    test:", "      runs-on: x", "      steps:", "      - run: a", "      outputs: {a: b}",
        "    other:", "        runs-on: y", "        steps:", "          - run: b", "# end", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("stage", "", "%%stage: the following arguments are required: NAME"),
        ("stage", "a --nosuch", '%%stage: "--nosuch" has no meaning here'),
        ("stage", "a --env b", '%%stage --env must be KEY=VALUE, here it is "b"'),
        ("stage", "a 'b", "%%stage: the line can't be read: No closing quotation"),
        ("workflow", "--indent 2", '%%workflow: argument --indent: it must be three numbers, as 2,4,6, here it is "2"'),
        ("stage", "a --matrix p=", '"p" of the matrix has no values'),
        ("step", "a/1 b", '%%step: "b" has no meaning here'),
    ],
    ids=["nothing", "unknown", "pair", "quote", "indent", "no values", "too much"],
)  # fmt: skip
def test_a_line_that_is_wrong_is_told_with_how_to_write_it(name: str, line: str, said: str) -> None:
    with pytest.raises(WorkflowInvalid) as raised:
        give(Draft(), name, line, SCRIPT)
    assert raised.value.problems[0].message == said


def test_a_word_that_is_nearly_right_is_told() -> None:
    with pytest.raises(WorkflowInvalid) as raised:
        give(Draft(), "stage", "test --immage python:3.12", SCRIPT)
    assert raised.value.problems[0].hint == 'did you mean "--image"?'
