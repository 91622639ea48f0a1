"""The documentation as a site: it builds without a warning, and asks no other host for anything."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.make_notebooks import make
from pipelinekit.books.markdown import title_of, to_markdown
from pipelinekit.books.shipped import everything, folder
from pipelinekit.report.site import QUIET
from tests.docs.pages import TOP

ELSEWHERE = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//[^\"' >]+")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages. The configuration is strict: a link that leads nowhere ends the build."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    ended = subprocess.run(command, cwd=TOP, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


def test_no_page_names_a_file_of_another_host(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if site / "health" not in path.parents]
    assert len(pages) > 15
    assert {page.name: found for page in pages if (found := ELSEWHERE.findall(page.read_text(encoding="utf-8")))} == {}


def test_the_styles_are_those_of_the_report(site: Path) -> None:
    assert "--pk-canvas" in (site / "assets" / "pk-tokens.css").read_text(encoding="utf-8")
    assert not [path for path in (TOP / "docs").rglob("*.css") if path.name.startswith("pk-")], "there is one copy, in views"


def test_the_scripts_of_the_documentation_are_no_part_of_it(site: Path) -> None:
    assert list(site.rglob("*.py")) == []


def test_every_notebook_is_a_page_and_in_the_menu(site: Path) -> None:
    start = (site / "index.html").read_text(encoding="utf-8")
    for source in everything():
        name = source.relative_to(folder()).with_suffix(".html")
        page = name.as_posix() if name.parts[0] == "lessons" else f"notebooks/{name.as_posix()}"
        assert title_of(source) in (site / page).read_text(encoding="utf-8")
        assert f'href="{page}"' in start


@pytest.mark.notebook
def test_a_notebook_is_executed_as_it_comes_and_shows_its_run(tmp_path: Path) -> None:
    make((folder() / "stepping.ipynb",), tmp_path, io.StringIO())
    text = to_markdown(tmp_path / "stepping.ipynb")
    assert "paused after Add up failed in total" in text
    assert str(TOP) not in text, "it ran away from the repository"


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_pages_open_from_a_folder_without_a_complaint(site: Path, chromium: Path, width: int, scheme: str) -> None:
    from playwright.sync_api import sync_playwright

    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light")
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
        for name in ("index", "guide/what-is-recorded", "reference/tables", "design", "lessons/01-friday-evening"):
            page.goto((site / f"{name}.html").as_uri())
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                said.append(f"{name} is wider than {width} px")
        page.goto((site / "index.html").as_uri())
        if width > 1000:
            page.click(".md-search__input")
            page.keyboard.type("flaky")
            page.wait_for_selector(".md-search-result__item")
        browser.close()
    assert said == []
