"""The form of a notebook's parameters: its controls, what they change, and the table that stays."""

from pathlib import Path
from typing import Any

import pytest

from pipelinekit.books.parameters import typed
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.notebook.form import Form, form
from tests.kernels import kernel

SOURCE = """
workflow: str = ""  # a name or a file
days: int = 28  # the window
share: float = 0.5  # how much
dry: bool = False  # only look
legs: list[str] = []  # names of legs
"""


def made(**values: Any) -> tuple[Form, dict[str, Any]]:
    names = {"workflow": "", "days": 28, "share": 0.5, "dry": False, "legs": [], **values}
    return Form(typed(SOURCE, "a test"), names), names


@pytest.mark.parametrize(("name", "entered", "becomes"), [
    ("workflow", "None", "None"),
    ("days", 7, 7),
    ("share", 0.25, 0.25),
    ("dry", True, True),
    ("legs", "test (3.11), lint", ["test (3.11)", "lint"]),
])
def test_what_is_entered_is_what_the_type_says(name: str, entered: Any, becomes: object) -> None:
    shown, values = made()
    shown.enter(name, entered)
    assert values[name] == becomes


def test_a_name_that_is_no_parameter_is_refused() -> None:
    with pytest.raises(KeyError):
        made()[0].enter("dayz", 7)


def test_without_a_kernel_a_table_stays() -> None:
    bundle = made(days=7)[0]._repr_mimebundle_()
    assert "<td>days</td>" in str(bundle["text/html"])
    assert str(bundle["text/plain"]).splitlines()[2].split() == ["days", "7", "the", "window"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_control_changes_the_value_that_the_cells_see() -> None:
    shown, values = made()
    rows = [shown._control(parameter) for parameter in typed(SOURCE, "a test")]
    rows[1].children[0].value = 14
    rows[4].children[0].value = "a, b"
    assert (values["days"], values["legs"]) == (14, ["a", "b"])


def test_outside_of_a_notebook_there_is_no_form() -> None:
    with pytest.raises(WorkflowInvalid, match="no cell with typed parameters has been run"):
        form()


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_in_a_notebook_it_is_made_from_the_typed_cell_that_was_run(tmp_path: Path) -> None:
    with kernel(tmp_path) as one:
        one.run("import pipelinekit as pk")
        one.run("days: int = 28  # the window")
        one.run("days = 7")  # as papermill lays values over it
        said = one.run("pk.form()")
    assert said.error == ""
    assert said.result["text/plain"].splitlines()[1].split() == ["days", "7", "the", "window"]
