"""`pipelinekit lab`, and values in a real JupyterLab that reaches no other host."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.notebook import lab as module
from pipelinekit.notebook.bench import Bench
from pipelinekit.records.store import Store
from tests.lab import Lab, Tab

SHOWN = ("import pipelinekit as pk\nplan = pk.plan('ci.yml')\nplan", "plan.matrix('test')", "pk.doctor()")


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
    made = Bench(tmp_path, tmp_path, Store(tmp_path / "store"), None, fresh=False)
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
    made = Bench(tmp_path, tmp_path, Store(tmp_path / folder), None, fresh=False)
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
