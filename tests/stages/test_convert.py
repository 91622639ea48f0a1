"""A workflow as a notebook, and back: the same text, comments at their places."""

import ast
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelinekit.books.parameters import declared
from pipelinekit.model.node import Value
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.model.workflow import Workflow
from pipelinekit.stages.cells import give
from pipelinekit.stages.convert import draft_of, notebook_text
from pipelinekit.stages.draft import Draft
from pipelinekit.stages.magics import load
from pipelinekit.workflows.comments import comments
from pipelinekit.workflows.read import read
from pipelinekit.workflows.write import workflow_text
from tests.conformance.folder import FOLDER
from tests.conformance.test_workflows import PLACEHOLDERS

VALID = sorted((FOLDER / "valid-workflows").rglob("*.y*ml"))
PATH = ".github/workflows/ci.yml"
TEXT = """\
# The pipeline.
name: CI  # short
on: push

jobs: # all
  # Quick.
  lint:
    runs-on: x
    steps:
      # first
      - run: |
          ruff check
          # of the script

      - name: Types  # and more
        # between keys
        run: mypy
# left of it
      - run: last
    outputs: {a: b} # behind the steps

  test:
    # pipelinekit: inputs 'src/**'
    runs-on: x
    needs: lint
    steps:
    - run: pytest
    # last
# end
"""


def workflow_of(text: str, path: str = PATH) -> Workflow:
    workflow, problems = read(path, text)
    assert workflow is not None, problems
    return workflow


def cells(notebook: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


def back(notebook: str, folder: Path) -> str:
    file = folder / "ci.ipynb"
    file.write_text(notebook, encoding="utf-8")
    return draft_of(file).text()


def live(notebook: str) -> str:
    """What the cells come to where IPython runs them, with all that it does to a cell before."""
    from IPython.core.inputtransformer2 import TransformerManager

    manager, draft = TransformerManager(), Draft()  # type: ignore[no-untyped-call]
    load(SimpleNamespace(
        input_transformers_cleanup=manager.cleanup_transforms, input_transformers_post=[], register_magic_function=lambda *_: None,
    ))  # fmt: skip
    for cell in cells(notebook):
        if cell.startswith("%%"):
            call = manager.transform_cell(cell).removeprefix("get_ipython().run_cell_magic")
            name, line, body = ast.literal_eval(call)
            assert body  # IPython refuses a cell without
            give(draft, name, line, body)
    return draft.text()


def test_each_step_is_a_cell_that_a_person_would_like_to_read() -> None:
    said = cells(notebook_text(workflow_of(TEXT)))
    assert said[0].startswith("# CI\n\nThe workflow `.github/workflows/ci.yml`, one cell a step.")
    assert said[2] == "import pipelinekit as pk\n\n%load_ext pipelinekit"
    assert said[3:12] == [
        "%%workflow .github/workflows/ci.yml\n# The pipeline.\nname: CI  # short\non: push\n\njobs: # all",
        "## lint",
        "%%job lint\n# Quick.\nlint:\n  runs-on: x",
        "%%step lint/1\n# first\n- run: |\n    ruff check\n    # of the script\n\n",
        "%%step lint/2\n- name: Types  # and more\n  # between keys\n  run: mypy",
        "%%step lint/3 --verbatim\n# left of it\n      - run: last",
        "%%job lint --after-steps\noutputs: {a: b} # behind the steps\n\n",
        "## test\n\nNeeds `lint`.",
        "%%job test --indent 2,4,4\n# pipelinekit: inputs 'src/**'\nruns-on: x\nneeds: lint",
    ]
    assert said[12:14] == ["%%step test/1\n- run: pytest\n# last", "%%workflow --after-jobs\n# end"]
    assert said[-1] == "await run.finish()"


def test_it_has_one_typed_cell_of_parameters_and_no_outputs(tmp_path: Path) -> None:
    file = tmp_path / "ci.ipynb"
    file.write_text(notebook_text(workflow_of(TEXT), "host"))
    assert [(p.name, p.kind, p.default) for p in declared(file)] == [("directory", "str", ""), ("executor", "str", "host")]
    book: dict[str, Any] = json.loads(file.read_text())
    assert [cell for cell in book["cells"] if cell.get("outputs")] == []
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])


def test_jupyter_takes_it_as_its_own(tmp_path: Path) -> None:
    import nbformat

    text = notebook_text(workflow_of(TEXT))
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(book)
    nbformat.write(book, tmp_path / "saved.ipynb")
    assert (tmp_path / "saved.ipynb").read_text(encoding="utf-8") == text


KEYS = "on: push\njobs:\n  a:\n    runs-on: x\n"
JOBS_FIRST = "jobs:\n  a:\n    steps:\n      - run: a\n      - run: b\n    runs-on: x\non: push\n"
DASHES = KEYS + "    steps:\n      - # why\n        run: a\n      -\n\n        # and\n        run: b\n"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.removesuffix("\n"),
        KEYS + "    steps:\n      - run: |\n          a",
        KEYS + "    steps:\n      - &one\n        run: a\n      - *one\n",
        KEYS + "    steps: &all\n      - run: a\n  b:\n    runs-on: x\n    steps: *all\n",
        "on: push\njobs: {a: {runs-on: x}}\n",
        "{on: push, jobs: {a: {runs-on: x}}}",
        "\ufeff" + KEYS,
        "---\n" + KEYS + "...\n",
        KEYS + "    steps: []\n",
        KEYS.replace("  a:", "  steps:"),
        'on: push\n"jobs":\n  "a":\n    "runs-on": x\n    "steps":\n      - run: a\n',
        "on: push\njobs:\n\n  a:\n\n    runs-on: x\n\n    steps:\n\n      - run: a\n\n\n      - run: b\n\n\n",
        "on: push\njobs:\n    a:\n        runs-on: x\n        steps:\n        -   run: a\n        -   run: b\n",
        KEYS + '    steps:\n      - run: "a\u2028b"\n',
        KEYS.replace("\n", "\r\n", 2),
        KEYS + "    steps:\n      - run: |+\n          a\n\n\n      - run: >+\n          b\n          \n  \n",
        KEYS + "    steps:\n      - run: |\n          python <<E\n          >>> a\n          ... b\n          %%step\n          !c \n",
        JOBS_FIRST,
        DASHES,
    ],
    ids=["usual", "crlf", "no end", "no end in a block", "alias", "alias of steps", "braces", "all in braces", "mark", "document",
         "no steps", "a job called steps", "quotes", "blanks", "wide", "rare break", "two ends", "ends kept", "prompts",
         "jobs and steps first", "dash alone"],
)  # fmt: skip
def test_there_and_back_is_the_very_text(text: str, tmp_path: Path) -> None:
    notebook = notebook_text(workflow_of(text))
    assert (back(notebook, tmp_path), live(notebook)) == (text, text)


@pytest.mark.parametrize("text", [JOBS_FIRST, DASHES], ids=["jobs and steps first", "dash alone"])
def test_each_step_is_a_cell_wherever_its_dash_and_its_keys_stand(text: str) -> None:
    said = cells(notebook_text(workflow_of(text)))
    assert [cell.split("\n")[0] for cell in said if cell.startswith("%%step")] == ["%%step a/1", "%%step a/2"]


def test_an_edit_changes_its_step_alone(tmp_path: Path) -> None:
    book = json.loads(notebook_text(workflow_of(TEXT)))
    cell = next(cell for cell in book["cells"] if "".join(cell["source"]).startswith("%%step lint/2"))
    cell["source"] = "".join(cell["source"]).replace("run: mypy", "run: mypy --strict")
    assert back(json.dumps(book), tmp_path) == TEXT.replace("run: mypy", "run: mypy --strict")


def test_cells_of_stages_are_read_without_running_them(tmp_path: Path) -> None:
    book = json.loads(notebook_text(workflow_of(TEXT)))
    stage: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    book["cells"] += [
        {**stage, "source": "%%stage ship --needs test\nmake ship"}, {**stage, "source": "%%stage gone\nls"},
        {**stage, "source": "x = 1\n%pipeline remove gone"}, {**stage, "source": "%%time\n1"}, {**stage, "source": "%%stage --help\nls"},
    ]  # fmt: skip
    assert "  ship:\n    runs-on: ubuntu-latest\n    needs: [test]\n" in back(json.dumps(book), tmp_path)
    assert "gone" not in back(json.dumps(book), tmp_path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("print(1)", "no cell defines a stage"),
        ('pk.stage("a", "ls")', "its cell 1 defines a stage in Python"),
        ("%%step a/1\n- run: ls", 'there is no stage "a"'),
    ],
    ids=["nothing", "python", "no job"],
)
def test_a_notebook_that_does_not_tell_is_refused(source: str, said: str, tmp_path: Path) -> None:
    cell: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    with pytest.raises(WorkflowInvalid, match=said):
        back(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), tmp_path)


@pytest.mark.skipif(not VALID, reason=f"no workflows in {FOLDER}")
@pytest.mark.parametrize("kind", sorted({path.parent.name for path in VALID}))
def test_real_workflows_come_back_as_they_were(kind: str, tmp_path: Path) -> None:
    for path in (path for path in VALID if path.parent.name == kind):
        text = path.read_bytes().decode()
        for placeholder, value in PLACEHOLDERS.items():
            text = text.replace(placeholder, value)
        notebook = notebook_text(workflow_of(text, path.name))
        assert back(notebook, tmp_path) == text, path
        assert live(notebook) == text, path
        assert sum(cell.startswith("%%") for cell in cells(notebook)) > 1, path


# -- any workflow ----------------------------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("ab #:-'\"\n{}|>*&"), max_size=12)
STEPS = st.lists(
    st.fixed_dictionaries({"run": WORDS}, optional={"name": WORDS, "env": st.dictionaries(st.sampled_from("AB"), WORDS)}), max_size=3
)
JOBS = st.dictionaries(
    st.sampled_from(("a", "b", "steps", "jobs")),
    st.fixed_dictionaries({"runs-on": st.just("x")}, optional={"steps": STEPS, "outputs": st.dictionaries(st.just("o"), WORDS)}),
    min_size=1,
)
REMARKS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10), st.sampled_from(("# one", "#two", "", "# a: b"))), max_size=8)


@settings(max_examples=120, deadline=None)
@given(
    jobs=JOBS, remarks=REMARKS, ends=st.lists(st.integers(0, 60), max_size=3), end=st.sampled_from(("\n", "\r\n")), ended=st.booleans()
)
def test_any_workflow_with_comments_anywhere_comes_back(
    jobs: dict[str, Value], remarks: list[tuple[int, int, str]], ends: list[int], end: str, ended: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    lines = workflow_text({"on": "push", "jobs": jobs}).splitlines()
    for at in ends:
        lines[at % len(lines)] += "  # at the end"
    for at, blanks, remark in remarks:
        lines.insert(at % (len(lines) + 1), " " * blanks + remark)
    text = end.join(lines) + (end if ended else "")
    workflow, _ = read(PATH, text)
    assume(workflow is not None)
    assert workflow is not None
    folder = tmp_path_factory.mktemp("notebook", numbered=True)
    notebook = notebook_text(workflow)
    again = back(notebook, folder)
    assert (again, live(notebook)) == (text, text)
    assert read(PATH, again)[0] == workflow
    assert comments(again) == comments(text)
