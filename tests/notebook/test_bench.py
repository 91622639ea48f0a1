"""What `pipelinekit lab` opens."""

import json
from pathlib import Path

import pytest

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.notebook import lab
from pipelinekit.notebook.bench import WORKSPACES, begun, bench, first
from pipelinekit.records.store import Store
from tests.made_store import make_store
from tests.repositories import repository, write

OURS = Path(".pipelinekit", "notebooks")


def test_our_notebooks_are_laid_out_where_git_ignores_them(tmp_path: Path) -> None:
    made = bench(tmp_path, tmp_path, Store(tmp_path / ".pipelinekit"))
    assert made.fresh
    assert made.first is not None
    assert made.first.is_relative_to(OURS)
    assert (tmp_path / OURS / "run-pipeline.ipynb").exists()
    assert (tmp_path / ".pipelinekit" / ".gitignore").read_text() == "*\n"


def test_where_tabs_were_open_these_are_opened(tmp_path: Path) -> None:
    store = Store(tmp_path / ".pipelinekit")
    before = bench(tmp_path, tmp_path, store)
    assert lab.path(before) == f"/lab/tree/{before.first}?file-browser-path=/"
    assert lab.address(before, 8888, "T").endswith("?file-browser-path=/&token=T")
    write(store.path / WORKSPACES, "default.jupyterlab-workspace", "{}")
    assert lab.path(bench(tmp_path, tmp_path, store)) == "/lab"


@pytest.mark.parametrize("below", ["", ".github", "a/b c"])
def test_the_file_browser_stands_where_the_person_does(below: str, tmp_path: Path) -> None:
    (tmp_path / below).mkdir(parents=True, exist_ok=True)
    assert bench(tmp_path / below, tmp_path, Store(tmp_path / ".pipelinekit")).below == below


def test_a_store_outside_the_repository_has_the_notebooks_in_it_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    made = bench(tmp_path / "shop", tmp_path / "shop", Store(tmp_path / "elsewhere"))
    assert made.store.path == tmp_path / "elsewhere"
    assert made.first is not None
    assert made.first.parts[0] == ".pipelinekit"


def test_our_own_repository_has_them_already(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "run-pipeline.ipynb").touch()
    monkeypatch.setattr("pipelinekit.books.shipped.FOLDERS", (tmp_path / "notebooks",))
    assert bench(tmp_path, tmp_path, Store(tmp_path / ".pipelinekit")).first == Path("notebooks", "run-pipeline.ipynb")
    assert not (tmp_path / OURS).exists()


# -- which comes first


@pytest.mark.parametrize(("engine", "start"), [(True, 'pk.start("ci.yml")'), (False, 'pk.start("ci.yml", executor="host")')])
def test_a_repository_s_own_pipeline_comes_first_ready_to_be_stepped_through(engine: bool, start: str, tmp_path: Path) -> None:
    top = repository(tmp_path / "shop", "on: push\njobs: {t: {runs-on: ubuntu-latest, steps: [{run: true}]}}\n")
    write(top, ".github/workflows/audit.yml", "on: push\n")
    made = bench(top, top, Store(top / ".pipelinekit"), engine=engine)
    assert made.first == OURS / "your-pipeline.ipynb"
    opening, cell = json.loads((top / made.first).read_text(encoding="utf-8"))["cells"]
    assert start in "".join(cell["source"])
    assert "Other workflows here: `audit.yml`." in "".join(opening["source"])


def test_one_that_the_person_has_edited_stays(tmp_path: Path) -> None:
    top = repository(tmp_path / "shop", "on: push\n")
    write(top / OURS, "your-pipeline.ipynb", "hers")
    bench(top, top, Store(top / ".pipelinekit"))
    assert (top / OURS / "your-pipeline.ipynb").read_text() == "hers"


def test_a_lesson_that_was_begun_here_comes_before_all(tmp_path: Path) -> None:
    top = repository(tmp_path / "course", "on: push\n")
    write(top, "01-friday-evening.ipynb", "hers")
    write(top / ".pipelinekit" / WORKSPACES, "default.jupyterlab-workspace", "{}")
    made = bench(top, top, Store(top / ".pipelinekit"))
    assert made.first == Path("01-friday-evening.ipynb")
    assert lab.path(made).startswith("/lab/tree/01-friday-evening.ipynb")
    assert begun([], top) is None


def test_without_a_pipeline_a_lesson_comes_first_or_where_runs_are_stored_one_that_drives_a_pipeline(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("build-times.ipynb", "lessons/friday.ipynb", "run-pipeline.ipynb")]
    store = Store(tmp_path / "store")
    assert first(names, store) == names[1]
    assert first(names[::2], store) == names[2]
    assert first([], store) is None
    make_store(store.path)
    assert first(names, store) == names[2]


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".pipelinekit").mkdir()
    (tmp_path / ".pipelinekit" / "notebooks").write_text("in the way")
    with pytest.raises(SurroundingsMissing, match="cannot lay notebooks out in"):
        bench(tmp_path, tmp_path, Store(tmp_path / ".pipelinekit"))
