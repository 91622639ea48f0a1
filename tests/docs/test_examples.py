"""What the documentation shows works: Python is run, workflows and settings are read, commands are parsed."""

import doctest
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

import pipelinekit
from pipelinekit.main import COMMANDS, parser_of
from pipelinekit.workbench.settings import read_settings
from pipelinekit.workflows.read import read
from tests.docs.pages import PAGES, TOP, Block, all_blocks, blocks
from tests.made_store import make_store

WORKFLOW = """\
name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ['3.11', '3.13']
    steps:
      - run: python --version
"""
PYTHON_PAGES = sorted({block.page for block in all_blocks("python")})
COMMANDS_SHOWN = all_blocks("sh")
FILES_NAMED = re.compile(r"`((?:pipelinekit|tests|docs|reports|notebooks|benchmarks)/[\w./-]+)`")


def name(what: object) -> str:
    return str(what.relative_to(TOP)) if isinstance(what, Path) else str(what)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a workflow, and a store with twelve runs."""
    folder = tmp_path_factory.mktemp("shop")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    workflows = folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "ci.yml").write_text(WORKFLOW, encoding="utf-8")
    make_store(folder / ".pipelinekit")
    return folder


@pytest.mark.parametrize("page", PYTHON_PAGES, ids=name)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    monkeypatch.delenv("PIPELINEKIT_STORE", raising=False)
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.language != "python" or block.not_run:
            continue
        if ">>>" in block.text:
            _check_session(block, names)
        else:
            code = compile("\n" * (block.line - 1) + block.text, str(block), "exec")
            exec(code, names)  # noqa: S102 - that they run is what is tested


def _check_session(block: Block, names: dict[str, object]) -> None:
    said: list[str] = []
    example = doctest.DocTestParser().get_doctest(block.text, names, str(block), str(block.page), block.line - 1)
    example.globs = names  # what one block defines, the next one uses
    doctest.DocTestRunner(verbose=False).run(example, out=said.append, clear_globs=False)
    assert not said, "".join(said)


@pytest.mark.parametrize("block", COMMANDS_SHOWN, ids=name)
def test_a_command_that_is_shown_is_one(block: Block) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in block.text.splitlines():
        words = shlex.split(line, comments=True)
        program = words[0].rpartition("/")[2] if words else ""
        if program == "make":
            assert set(words[1:]) <= targets, f"the Makefile has no target {line}"
        elif program == "pipelinekit":
            _parse(words[1:], line)


def _parse(words: list[str], line: str) -> None:
    try:
        parser_of(words[0] if words[0] in COMMANDS else None).parse_args(words)
    except SystemExit as stop:  # 0 where it was asked for help
        if stop.code:
            pytest.fail(f"it does not parse: {line}")


@pytest.mark.parametrize("block", [block for block in all_blocks("yaml") if "jobs:" in block.text], ids=name)
def test_a_workflow_that_is_shown_has_nothing_wrong(block: Block) -> None:
    assert read(str(block), block.text)[1] == []


@pytest.mark.parametrize("block", [block for block in all_blocks("toml") if "[tool.pipelinekit" in block.text], ids=name)
def test_settings_that_are_shown_can_be_read(block: Block, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(block.text, encoding="utf-8")
    read_settings(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_file_that_is_named_is_there(page: Path) -> None:
    named = {found[1] for found in FILES_NAMED.finditer(page.read_text(encoding="utf-8"))}
    made = {"reports/pages", "reports/notebooks"}
    assert [path for path in sorted(named) if path.rstrip("/") not in made and "NAME" not in path and not (TOP / path).exists()] == []


def test_the_design_names_every_room_and_the_floors_of_the_import_contract() -> None:
    text = (TOP / "docs" / "design.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (TOP / "pipelinekit").iterdir() if (path / "__init__.py").exists() or path.name == "samples"}
    assert {found[1] for found in re.finditer(r"^\| `pipelinekit/(\w+)/` \|", text, re.MULTILINE)} == rooms
    contract = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]
    floors = [re.sub(r" \| \(\w+\)|\(\w+\) \| ", "", floor) for floor in contract["layers"]]
    assert "\n".join(floors) in text


def test_the_python_page_names_the_whole_public_face() -> None:
    text = (TOP / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    assert {found[1] for found in re.finditer(r"^\| `pk\.(\w+)", text, re.MULTILINE)} == set(pipelinekit.__all__)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
