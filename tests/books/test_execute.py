import json
import sys
from pathlib import Path

import pytest

from pipelinekit.books.execute import NotebookFailed, execute
from pipelinekit.books.read import read
from pipelinekit.model.problem import SurroundingsMissing
from tests.books.made_book import code, markdown, write

pytestmark = [
    pytest.mark.notebook,
    # papermill and its kin warn about their own ways, not about ours
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning"),
]

PARAMETERS = code("days: int = 28  # window\nloud: bool = True", tags=("parameters",))


def outputs_of(book: Path) -> list[str]:
    return [output.data.get("text/plain", "") for cell in read(book).cells for output in cell.outputs]


def test_parameters_reach_the_cells_with_their_types(tmp_path: Path) -> None:
    book = write(tmp_path / "book.ipynb", PARAMETERS, code("days, loud"))
    execute(book, tmp_path / "out" / "book.ipynb", {"days": "14", "loud": "false"})
    assert outputs_of(tmp_path / "out" / "book.ipynb") == ["(14, False)"]


def test_a_parameter_that_may_be_none_is_given_without_a_word(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    book = write(tmp_path / "book.ipynb", code("branch: str | None = None", tags=("parameters",)), code("branch"))
    execute(book, tmp_path / "out.ipynb", {"branch": "main"})
    assert outputs_of(tmp_path / "out.ipynb") == ["'main'"]
    assert capfd.readouterr() == ("", "")


def test_cells_run_in_the_folder_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    book = write(tmp_path / "book.ipynb", code("import os; print(os.getcwd())"))
    execute(book, tmp_path / "out.ipynb", directory=tmp_path / "here")
    assert outputs_of(tmp_path / "out.ipynb") == [f"{tmp_path / 'here'}\n"]


def test_the_kernel_is_this_python_and_stays_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    book = write(tmp_path / "book.ipynb", code("import sys; print(sys.prefix)"))
    execute(book, tmp_path / "out.ipynb")
    assert outputs_of(tmp_path / "out.ipynb") == [f"{sys.prefix}\n"]
    assert capfd.readouterr() == ("", "")


def test_a_cell_that_fails_is_named_and_what_came_before_is_kept(tmp_path: Path) -> None:
    book = write(tmp_path / "book.ipynb", markdown("# Hi"), code("print('before')"), code("{}['key']"), code("print('after')"))
    with pytest.raises(NotebookFailed) as failed:
        execute(book, tmp_path / "out.ipynb")
    assert str(failed.value) == "book.ipynb failed in its cell 3: KeyError: 'key'"
    assert outputs_of(tmp_path / "out.ipynb")[0] == "before\n"
    assert "after\n" not in outputs_of(tmp_path / "out.ipynb")


def test_the_cell_that_fails_is_that_of_the_notebook_where_parameters_are_given(tmp_path: Path) -> None:
    book = write(tmp_path / "book.ipynb", code("1"), PARAMETERS, code("{}['key']"))
    with pytest.raises(NotebookFailed, match="its cell 3"):
        execute(book, tmp_path / "out.ipynb", {"days": "14"})
    with pytest.raises(NotebookFailed, match="its cell 4"):
        execute(tmp_path / "out.ipynb", tmp_path / "again.ipynb", {"days": "15"})


def test_the_copy_holds_no_widget(tmp_path: Path) -> None:
    shows = "from IPython.display import display\ndisplay({'application/vnd.jupyter.widget-view+json': {}, 'text/plain': 'x'}, raw=True)"
    execute(write(tmp_path / "book.ipynb", code(shows)), tmp_path / "out.ipynb")
    book = json.loads((tmp_path / "out.ipynb").read_text())
    assert "widgets" not in book["metadata"]
    assert outputs_of(tmp_path / "out.ipynb") == ["x"]
    assert "widget-view" not in json.dumps([cell["outputs"] for cell in book["cells"]])


@pytest.mark.parametrize("package", ["papermill", "ipykernel"])
def test_without_the_lab_one_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SurroundingsMissing, match=rf"needs the package {package}\n  pip install 'pipelinekit\[lab\]'"):
        execute(write(tmp_path / "book.ipynb", code("1")), tmp_path / "out.ipynb")
