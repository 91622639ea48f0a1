"""The notebooks that come with pipelinekit, laid out for a person."""

from pathlib import Path

import pytest

from pipelinekit.books import shipped as module
from pipelinekit.books.shipped import lay_out, shipped


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "source"
    (folder / "lessons").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    for name in ("b.ipynb", "a.ipynb", "lessons/one.ipynb", ".ipynb_checkpoints/a.ipynb"):
        (folder / name).write_text(f"{name} 1", encoding="utf-8")
    monkeypatch.setattr(module, "FOLDERS", (tmp_path / "nowhere", folder))
    return folder


def test_the_notebooks_of_the_folder_are_those_that_are_shipped(source: Path) -> None:
    assert [file.name for file in shipped()] == ["a.ipynb", "b.ipynb"]


def test_all_are_laid_out_in_their_folders(source: Path, tmp_path: Path) -> None:
    laid = lay_out(tmp_path / "mine")
    assert [file.relative_to(tmp_path / "mine").as_posix() for file in laid] == ["a.ipynb", "b.ipynb", "lessons/one.ipynb"]
    assert (tmp_path / "mine" / "lessons" / "one.ipynb").read_text() == "lessons/one.ipynb 1"


def test_what_a_person_edited_stays_as_it_is(source: Path, tmp_path: Path) -> None:
    lay_out(tmp_path / "mine")
    (tmp_path / "mine" / "a.ipynb").write_text("hers")
    (source / "a.ipynb").write_text("a 2")
    lay_out(tmp_path / "mine")
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "hers"


def test_what_nobody_touched_becomes_what_is_shipped_now(source: Path, tmp_path: Path) -> None:
    lay_out(tmp_path / "mine")
    (source / "a.ipynb").write_text("a 2")
    lay_out(tmp_path / "mine")
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "a 2"


def test_what_is_gone_comes_again(source: Path, tmp_path: Path) -> None:
    lay_out(tmp_path / "mine")
    (tmp_path / "mine" / "b.ipynb").unlink()
    lay_out(tmp_path / "mine")
    assert (tmp_path / "mine" / "b.ipynb").exists()


@pytest.mark.parametrize("record", ["", "[]", "{"], ids=["empty", "a list", "cut off"])
def test_without_a_record_nothing_is_overwritten(record: str, source: Path, tmp_path: Path) -> None:
    lay_out(tmp_path / "mine")
    (tmp_path / "mine" / ".shipped.json").write_text(record)
    (source / "a.ipynb").write_text("a 2")
    lay_out(tmp_path / "mine")
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "a.ipynb 1"


def test_a_notebook_that_was_there_before_is_not_ours(source: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.ipynb").write_text("hers")
    lay_out(tmp_path / "mine")
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "hers"
