"""`pipelinekit notebook`: there, back, and that what it makes runs."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.books.execute import NotebookFailed, execute
from pipelinekit.main import main
from pipelinekit.records.store import Store
from pipelinekit.samples.lay import lay_all
from tests.books.made_book import code, write

quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository with a workflow, which is stood in."""
    lay_all("hello", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(["notebook", *words], out), out.getvalue()


def test_a_workflow_becomes_a_notebook_and_a_workflow_again(shop: Path) -> None:
    written = (shop / ".github" / "workflows" / "ci.yml").read_text()
    assert said("from") == (0, "ci.ipynb: 2 jobs, 6 steps\n")
    assert said("to", "ci.ipynb") == (0, written)
    assert said("to", "ci.ipynb", "--out", "deep/again.yml") == (0, "deep/again.yml: 2 jobs\n")
    assert (shop / "deep" / "again.yml").read_text() == written
    assert main(["check", "deep/again.yml"], io.StringIO()) == 0


def test_a_notebook_that_is_there_is_overwritten_only_by_force(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said("from", "ci", "--out", "books/made.ipynb")[0] == 0
    assert said("from", "ci", "--out", "books/made.ipynb") == (2, "")
    assert '"books/made.ipynb" is there already' in capsys.readouterr().err
    assert said("from", "ci", "--out", "books/made.ipynb", "--force", "--executor", "host")[0] == 0
    assert 'executor: str = \\"host\\"' in (shop / "books" / "made.ipynb").read_text()


def test_what_is_wrong_in_a_cell_is_shown_with_its_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said("from")
    file = shop / "ci.ipynb"
    file.write_text(file.read_text().replace("needs: test\\n", "needs: tset\\n"))
    assert said("to", "ci.ipynb") == (2, "")
    assert capsys.readouterr().err.splitlines()[:4] == [
        '%%job greet:2:8: no job has the id "tset" [needs]', "  |", "2 | needs: tset", "  |        ^~~~",
    ]  # fmt: skip


def test_a_file_that_is_no_workflow_makes_no_notebook(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "wrong.yml").write_text("on: push\njobs: {a: {runs-in: x}}\n")
    assert said("from", "wrong.yml") == (2, "")
    assert 'unknown key "runs-in"' in capsys.readouterr().err
    assert not (shop / "wrong.ipynb").exists()


def rows(store: Store, number: int) -> list[tuple[object, ...]]:
    """What is recorded of a run's steps, but ids and times."""
    columns = ["leg", "step_index", "name", "outcome", "exit_code"]
    run = next(row for row in store.runs() if row["number"] == number)
    return sorted(tuple(row[name] for name in columns) for row in store.table("steps", run_id=run["run_id"]).to_pylist())


@pytest.mark.notebook
@quiet
def test_run_from_top_to_bottom_it_records_what_the_file_does(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    said("from", "--executor", "host")
    out = tmp_path_factory.mktemp("executed") / "out.ipynb"
    execute(shop / "ci.ipynb", out)
    assert main(["run", "--executor", "host", "--fresh"], io.StringIO()) == 0
    store = Store(shop / ".pipelinekit")
    assert rows(store, 1) == rows(store, 2)
    assert len(rows(store, 1)) > 10
    by_number = {row["number"]: row for row in store.runs()}
    assert all(by_number[1][name] == by_number[2][name] for name in ("workflow", "path", "event", "branch", "outcome", "source"))


@pytest.mark.notebook
@quiet
def test_a_pipeline_that_fails_fails_the_notebook(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (shop / "greet.py").write_text("raise SystemExit(3)\n")
    said("from", "--executor", "host")
    with pytest.raises(NotebookFailed, match="run 1 ended in failure"):
        execute(shop / "ci.ipynb", tmp_path_factory.mktemp("executed") / "out.ipynb")


CELLS = """\
import pipelinekit as pk
%load_ext pipelinekit
---
%%stage greet --inputs '*.py' --matrix name=Ada,Grace
python3 greet.py ${{ matrix.name }}
---
%%stage count --needs greet --shell python
import pathlib
print(len(list(pathlib.Path(".").glob("*.py"))), "files")
---
%pipeline run --executor host
---
assert pk.pipeline().stale() == ()
pk.pipeline()
---
change = pk.stage("count", "ls *.py | wc -l", needs=["greet"])
assert change.stale == ("count",)
change
---
run = await pk.pipeline().run(executor="host")
assert [leg.leg for leg in run.state.legs if leg.remembered] == ["greet (Ada)", "greet (Grace)"]
pk.export("made.yml")
"""


@pytest.mark.notebook
def test_cells_with_stages_pass_under_nbval(shop: Path) -> None:
    blank: dict[str, object] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**blank, "id": f"cell-{n}", "source": source.strip("\n")} for n, source in enumerate(CELLS.split("---\n"))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (shop / "stages.ipynb").write_text(json.dumps(book))
    words = ["-m", "pytest", "-q", "--nbval-lax", "-p", "no:cacheprovider", "stages.ipynb"]
    done = subprocess.run([sys.executable, *words], cwd=shop, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert main(["check", "made.yml"], io.StringIO()) == 0


@pytest.mark.notebook
@quiet
def test_a_notebook_runs_with_parameters_read_as_their_types_say(shop: Path) -> None:
    assert said("run", "flaky-tests", "-p", "days=7", "--out", "deep/flaky.ipynb") == (0, "deep/flaky.ipynb: executed\n")
    cells = json.loads((shop / "deep" / "flaky.ipynb").read_text())["cells"]
    given = next(cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", []))
    assert "days = 7" in "".join(given["source"])


@pytest.mark.parametrize(("parameter", "message"), [
    ("dayz=7", 'flaky-tests.ipynb: it has no parameter "dayz"'),
    ("days=soon", 'flaky-tests.ipynb: "soon" is no int for "days"'),
    ("days", '-p must be KEY=VALUE, here it is "days"'),
])
def test_a_parameter_that_it_can_not_take_is_told_before_anything_runs(
    shop: Path, parameter: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said("run", "flaky-tests", "-p", parameter) == (2, "")
    assert message in capsys.readouterr().err
    assert not (shop / "flaky-tests.out.ipynb").exists()


@pytest.mark.notebook
@quiet
def test_a_cell_that_fails_is_named_and_the_copy_is_kept(shop: Path) -> None:
    write(shop / "book.ipynb", code("print(41)"), code("raise ValueError('no 42')"))
    assert said("run", "book.ipynb") == (
        1, "book.ipynb failed in its cell 2: ValueError: no 42\n  book.out.ipynb holds what it did up to there\n"
    )
    assert "41" in (shop / "book.out.ipynb").read_text()


def test_a_notebook_that_is_not_there_is_told_with_ours(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said("run", "build-tims") == (2, "")
    assert 'there is no notebook "build-tims" [notebook]\n  did you mean "build-times"? ours are: ' in capsys.readouterr().err


def test_the_copy_does_not_take_the_place_of_the_notebook(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = write(shop / "book.ipynb", code("1"))
    before = book.read_text()
    assert said("run", "book.ipynb", "--out", "./book.ipynb") == (2, "")
    assert '"./book.ipynb" is the notebook itself' in capsys.readouterr().err
    assert book.read_text() == before


@pytest.mark.parametrize(("out", "why"), [("books", "it is a folder"), ("ci.ipynb/x.ipynb", "File exists")])
@pytest.mark.parametrize("words", [("from",), ("to", "ci.ipynb"), ("run", "ci.ipynb")], ids=["from", "to", "run"])
def test_where_nothing_can_be_written_is_told(
    shop: Path, words: tuple[str, ...], out: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said("from")
    (shop / "books").mkdir()
    assert said(*words, "--out", out, *(["--force"] if words == ("from",) else [])) == (3, "")
    assert f'cannot write "{out}" ({why})' in capsys.readouterr().err
