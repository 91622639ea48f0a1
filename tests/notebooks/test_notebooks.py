"""The notebooks that come with pipelinekit: how they are kept in git, and that they run as they come."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.books.execute import execute
from pipelinekit.books.markdown import title_of, to_markdown
from pipelinekit.books.parameters import TAG, declared
from pipelinekit.books.read import read
from pipelinekit.books.shipped import shipped
from tests.made_store import make_store

# What each says of the store that comes with pipelinekit, and of one with twelve runs.
ANALYTICS = {
    "build-times": ("Runs of CI take ", "Runs of ci take 46s (p50)."),
    "ci-health": ("The main branch is green.", "The main branch is green."),
    "compare-runs": ("Run 3 succeeded, where run 2 failed:", "Run 6 succeeded, where run 5 failed:"),
    "flaky-tests": ("<code>test_a_good_is_found_by_its_name</code> failed 3 of 3 runs", "failed 3 of 11 runs on unchanged code"),
    "incident": ("The likeliest cause is <code>ea1cbc3</code>, “Give ten per cent off", "The likeliest cause is chance:"),
}
CHARTS = ("build-times", "ci-health", "flaky-tests")

each = pytest.mark.parametrize("notebook", shipped(), ids=lambda file: file.stem)
each_analytic = pytest.mark.parametrize("notebook", [n for n in shipped() if n.stem in ANALYTICS], ids=lambda file: file.stem)
HIDE = "hide-input"
quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")


def test_the_notebooks_of_the_issue_are_there() -> None:
    assert [file.stem for file in shipped()] == [*ANALYTICS, "run-pipeline", "stepping"]


@each
def test_git_holds_no_output(notebook: Path) -> None:
    text = notebook.read_text()
    assert [cell.outputs for cell in read(notebook).cells if cell.outputs] == []
    assert '"execution_count": null' in text
    assert "widgets" not in text


@each
def test_one_typed_cell_holds_the_parameters_and_says_what_they_are_for(notebook: Path) -> None:
    code = [cell for cell in read(notebook).cells if cell.kind == "code"]
    assert [TAG in cell.tags for cell in code] == [True, *[False] * (len(code) - 1)]
    assert all(parameter.meaning for parameter in declared(notebook))


@each
def test_it_begins_with_what_it_is_about(notebook: Path) -> None:
    first = read(notebook).cells[0]
    assert first.kind == "markdown"
    assert first.source.startswith(f"# {title_of(notebook)}\n")


@each_analytic
def test_cells_that_are_plumbing_are_folded_and_the_parameters_are_not(notebook: Path) -> None:
    cells = [cell for cell in json.loads(notebook.read_text())["cells"] if cell["cell_type"] == "code"]
    hidden = [cell["metadata"].get("jupyter", {}).get("source_hidden", False) for cell in cells]
    assert hidden == [False, *[True] * (len(cells) - 1)]
    assert [HIDE in cell["metadata"]["tags"] for cell in cells] == hidden


@pytest.mark.notebook
@quiet
@each_analytic
def test_it_opens_the_store_of_the_repository_it_stands_in(notebook: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    make_store(tmp_path / ".pipelinekit")
    execute(notebook, tmp_path / "out.ipynb", directory=tmp_path)
    page = to_markdown(tmp_path / "out.ipynb", lambda run_id, _: f"page-of-{run_id}.html")
    assert f"From 12\u00a0runs in the store of this repository, `{tmp_path.name}/.pipelinekit`." in page
    assert ANALYTICS[notebook.stem][1] in page
    assert ("pk-plot" in page) == (notebook.stem in CHARTS)
    assert re.search(r'<a href="page-of-[0-9a-f-]{36}\.html">', page)
    assert "<script>" not in page.replace('<script type="application/json">', "")


@pytest.mark.notebook
@quiet
@each_analytic
def test_where_no_run_is_recorded_it_opens_the_recorded_store_and_says_so(notebook: Path, tmp_path: Path) -> None:
    execute(notebook, tmp_path / "out.ipynb", directory=tmp_path)
    page = to_markdown(tmp_path / "out.ipynb")
    assert "this is a small shop's store that comes with pipelinekit" in page
    assert ANALYTICS[notebook.stem][0] in page
    assert '<h3 id="Run-' in page


@pytest.mark.notebook
@quiet
def test_parameters_choose_the_runs(tmp_path: Path) -> None:
    make_store(tmp_path / "store")
    chosen = next(notebook for notebook in shipped() if notebook.stem == "compare-runs")
    execute(chosen, tmp_path / "out.ipynb", {"store": str(tmp_path / "store"), "before": "8", "after": "9"}, directory=tmp_path)
    assert "run 9 took 35s longer" in to_markdown(tmp_path / "out.ipynb")


@pytest.mark.notebook
@quiet
def test_a_pipeline_is_driven_and_recorded(tmp_path: Path) -> None:
    execute(next(n for n in shipped() if n.stem == "run-pipeline"), tmp_path / "out.ipynb", directory=tmp_path)
    page = to_markdown(tmp_path / "out.ipynb")
    assert "✓ greet (Grace)" in page
    assert "run 1: success" in page
    assert "<td>Summarise</td>" in page
    assert "test_the_name_is_in_it" in page
    assert list(tmp_path.iterdir()) == [tmp_path / "out.ipynb"]


@pytest.mark.notebook
@quiet
def test_a_pipeline_is_looked_into_mended_and_finished(tmp_path: Path) -> None:
    execute(next(n for n in shipped() if n.stem == "stepping"), tmp_path / "out.ipynb", directory=tmp_path)
    page = to_markdown(tmp_path / "out.ipynb")
    assert "PRICE_LIST=prices.txt" in page
    assert "total: 245" in page
    assert "<td>Pack</td>" in page
    assert list(tmp_path.iterdir()) == [tmp_path / "out.ipynb"]


@pytest.mark.notebook
def test_they_pass_under_nbval(tmp_path: Path) -> None:
    words = ["-m", "pytest", "-q", "--nbval-lax", "-p", "no:cacheprovider", *map(str, shipped())]
    # nbval ends kernels at once: what they laid into a temporary folder stays.
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    top = shipped()[0].parents[1]
    done = subprocess.run([sys.executable, *words], cwd=top, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
