"""`pipelinekit lab`, and values in a real JupyterLab that reaches no other host."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.notebook import lab as module
from pipelinekit.records.store import Store
from tests.lab import Lab, Tab
from tests.made_store import make_store

SHOWN = ("import pipelinekit as pk\nplan = pk.plan('ci.yml')\nplan", "plan.matrix('test')", "pk.doctor()")


# -- what is opened


def test_our_notebooks_are_laid_out_where_git_ignores_them(tmp_path: Path) -> None:
    made = module.bench(tmp_path, tmp_path, Store(tmp_path / ".pipelinekit"))
    assert made.fresh
    assert made.first is not None
    assert (tmp_path / made.first).is_relative_to(tmp_path / ".pipelinekit" / "notebooks")
    assert (tmp_path / ".pipelinekit" / "notebooks" / "run-pipeline.ipynb").exists()
    assert (tmp_path / ".pipelinekit" / ".gitignore").read_text() == "*\n"


def test_the_second_time_what_was_open_is_opened(tmp_path: Path) -> None:
    store = Store(tmp_path / ".pipelinekit")
    first, second = (module.bench(tmp_path, tmp_path, store) for _ in range(2))
    assert module.path(first) == f"/lab/tree/{first.first}?file-browser-path=/"
    assert module.address(first, 8888, "T").endswith("?file-browser-path=/&token=T")
    assert module.path(second) == "/lab"


@pytest.mark.parametrize("below", ["", ".github", "a/b c"])
def test_the_file_browser_stands_where_the_person_does(below: str, tmp_path: Path) -> None:
    (tmp_path / below).mkdir(parents=True, exist_ok=True)
    assert module.bench(tmp_path / below, tmp_path, Store(tmp_path / ".pipelinekit")).below == below


def test_a_store_outside_the_repository_has_the_notebooks_in_it_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    made = module.bench(tmp_path / "shop", tmp_path / "shop", Store(tmp_path / "elsewhere"))
    assert made.store.path == tmp_path / "elsewhere"
    assert made.first is not None
    assert made.first.parts[0] == ".pipelinekit"


def test_our_own_repository_has_them_already() -> None:
    top = Path(__file__).parents[2]
    made = module.bench(top, top, Store(top / ".pipelinekit"))
    assert made.first is not None
    assert made.first.parts[0] == "notebooks"
    assert not made.fresh


NAMES = ("build-times.ipynb", "lessons/friday.ipynb", "lessons/solutions/friday.ipynb", "run-pipeline.ipynb")


def opened_first(top: Path, start: Path, *names: str) -> Path | None:
    return module.first([top / name for name in names], top, start, Store(top / "store"))


def test_a_lesson_is_what_to_open_first(tmp_path: Path) -> None:
    assert opened_first(tmp_path, tmp_path, *NAMES) == Path("lessons/friday.ipynb")
    assert opened_first(tmp_path, tmp_path, *NAMES[::3]) == Path("run-pipeline.ipynb")
    assert opened_first(tmp_path, tmp_path) is None


def test_a_lesson_that_was_begun_here_comes_before_our_copy_of_it(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "friday.ipynb").touch()
    assert opened_first(tmp_path, tmp_path / "course", *NAMES) == Path("course/friday.ipynb")


def test_where_runs_are_stored_one_that_drives_a_pipeline_comes_first(tmp_path: Path) -> None:
    make_store(tmp_path / "store")
    assert opened_first(tmp_path, tmp_path, *NAMES) == Path("run-pipeline.ipynb")


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".pipelinekit").mkdir()
    (tmp_path / ".pipelinekit" / "notebooks").write_text("in the way")
    with pytest.raises(SurroundingsMissing, match="cannot lay notebooks out in"):
        module.bench(tmp_path, tmp_path, Store(tmp_path / ".pipelinekit"))


# -- how it is set up


@pytest.mark.parametrize("package", ["jupyterlab", "ipykernel", "anywidget"])
def test_a_package_that_is_missing_is_named_in_one_line(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelinekit.notebook.lab.importlib.util.find_spec", lambda name: None if name == package else object())
    with pytest.raises(SurroundingsMissing) as missing:
        module.check_packages()
    assert str(missing.value) == f"`pipelinekit lab` needs the package {package}: pip install 'pipelinekit[lab]'"


def test_a_port_that_is_asked_for_is_taken_or_told() -> None:
    with socket.create_server((module.HOST, 0)) as server:
        taken = server.getsockname()[1]
        with pytest.raises(SurroundingsMissing, match=rf"port {taken} of 127\.0\.0\.1 can't be had \(address already in use\)"):
            module.port(taken)
    assert module.port(taken) == taken
    with pytest.raises(SurroundingsMissing, match="there is no such port"):
        module.port(70_000)


def test_without_a_wish_any_free_port_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((module.HOST, 0)) as server:
        monkeypatch.setattr(module, "USUAL_PORT", server.getsockname()[1])
        assert module.port(None) != module.USUAL_PORT


def test_a_person_s_own_settings_come_after_ours_and_stay(tmp_path: Path) -> None:
    made = module.Bench(tmp_path, tmp_path, Store(tmp_path / "store"), None, fresh=False)
    given = module.surroundings(made, {"JUPYTER_CONFIG_PATH": "/hers", "JUPYTER_PATH": "/her/data"})
    assert given["JUPYTER_CONFIG_PATH"] == f"{module.CONFIG}:/hers"
    assert given["JUPYTER_PATH"] == f"{tmp_path}/store/lab/share:/her/data"
    assert not given.keys() & {"JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR"}


@pytest.mark.parametrize(
    ("folder", "git", "variable", "told"),
    [
        pytest.param(".pipelinekit", True, "", False, id="usual"),
        pytest.param("elsewhere", True, "", True, id="another"),
        pytest.param(".pipelinekit", True, ".pipelinekit", True, id="relative variable"),
        pytest.param(".pipelinekit", False, "", True, id="outside git"),
    ],
)
def test_kernels_are_told_the_store_where_they_would_find_another(
    folder: str, git: bool, variable: str, told: bool, tmp_path: Path
) -> None:
    if git:
        (tmp_path / ".git").mkdir()
    made = module.Bench(tmp_path, tmp_path, Store(tmp_path / folder), None, fresh=False)
    given = module.surroundings(made, {"PIPELINEKIT_STORE": variable})
    assert given.get("PIPELINEKIT_STORE") == (str(tmp_path / folder) if told else None)


# -- in a browser


@pytest.mark.browser
@pytest.mark.notebook
def test_the_repository_is_what_is_opened(lab: Lab) -> None:
    page = lab.home()
    names = page.locator(".jp-DirListing-itemName")
    page.wait_for_selector(".jp-DirListing-item >> text=.github")
    assert {".github", ".pipelinekit"} <= set(names.all_inner_texts())
    assert page.locator(".jp-Dialog, .jp-toast, [class*=Toastify__toast]").count() == 0
    assert lab.wrong == []


@pytest.mark.browser
@pytest.mark.notebook
def test_a_kernel_stands_in_the_repository_with_its_store_and_our_python(lab: Lab) -> None:
    cells = (
        "import os, sys, pipelinekit as pk\nprint(os.getcwd(), pk.Store().path, sys.executable, sep='\\n')",
        "print(len(pk.plan('ci.yml').legs))",
    )
    (lab.folder / "deep").mkdir(exist_ok=True)
    tab = lab.open("deep/where.ipynb", *cells)
    tab.run_all()
    tab.wait_idle()
    folder = lab.folder.resolve()
    assert tab.text(0).split("\n")[:3] == [str(folder / "deep"), str(folder / ".pipelinekit"), sys.executable]
    assert tab.text(1).strip() == "6"


@pytest.mark.browser
@pytest.mark.notebook
def test_values_show_the_same_whether_their_notebook_is_trusted_or_not(lab: Lab) -> None:
    tab = lab.open("shown.ipynb", *SHOWN)
    tab.run_all()
    tab.wait_idle()
    tab.save()
    assert tab.trusted()
    assert set(tab.data(0)) == {"text/html", "text/plain"}
    seen = [(tab.output(at).inner_text(), size_of(tab, at)) for at in range(len(SHOWN))]

    book = json.loads((lab.folder / "shown.ipynb").read_text())
    book["cells"][0]["source"] += "\n# edited elsewhere"
    for cell in book["cells"]:
        for output in cell["outputs"]:
            output["data"]["text/html"] = "".join(output["data"]["text/html"]).replace("</div>", "<!-- and signed by nobody --></div>")
    (lab.folder / "untrusted.ipynb").write_text(json.dumps(book))
    other = lab.open("untrusted.ipynb")
    assert not other.trusted()
    assert [(other.output(at).inner_text(), size_of(other, at)) for at in range(len(SHOWN))] == seen
    assert other.output(0).locator("img").evaluate("image => image.complete && image.naturalWidth") > 300
    assert lab.wrong == []


def size_of(tab: Tab, at: int) -> tuple[float, float]:
    """Width and height of the first table, which its styles decide."""
    box = tab.output(at).locator("table").first.bounding_box()
    assert box is not None
    return box["width"], box["height"]
