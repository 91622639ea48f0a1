"""The site as files: configuration, assets, what is replaced and what is not."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.report import site as sites
from pipelinekit.report.evidence import Evidence
from pipelinekit.report.notebooks import Book
from pipelinekit.report.page import Page
from pipelinekit.report.site import MARKER, Site, build, check_out, configuration
from pipelinekit.run_views import still as run_still
from pipelinekit.run_views.mount import kept, mounted
from pipelinekit.views.markup import Html
from tests.run_views import live_runs
from tests.views.parsed import HOSTILE

SiteFor = Callable[[str], Site]
PLAIN = Site("shop", [Page("index", "Health", Html("<h1>Health</h1>"))], {"": ["index"]})


@pytest.fixture(scope="module")
def built(site_for: SiteFor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "site"
    whole = site_for("three runs")
    book = Book("notebook-a", "A notebook", '# A notebook\n\n```python\n1 + 1\n```\n\n<div class="pk-plot"></div>')
    menu = {**whole.menu, "Notebooks": ["notebook-a"]}
    build(Site(whole.title, whole.pages, menu, [book], whole.footer), out, dict(os.environ))
    return out


def pages(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.html")}


def test_every_page_is_a_file_beside_the_others(built: Path) -> None:
    assert {"index.html", "flaky.html", "runs.html", "run-3.html", "notebook-a.html", "404.html"} <= pages(built).keys()


def test_nothing_is_loaded_from_another_host(built: Path) -> None:
    for name, html in pages(built).items():
        loaded = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=\"?([^\"\s>]+)", html)
        assert loaded
        assert [url for url in loaded if "://" in url or url.startswith("//")] == [], name
    for sheet in built.rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?https?:", sheet.read_text(encoding="utf-8")), sheet


def test_every_file_that_a_page_names_is_there(built: Path) -> None:
    for name, html in pages(built).items():
        if name == "404.html":
            continue  # it is served from any folder, so its links begin at the top
        for url in re.findall(r"(?:src|href)=\"([^\"#]+)", html):
            path = unquote(urlparse(url).path)
            assert not path or (built / path).exists(), f"{name} names {url}"


def test_what_draws_runs_is_loaded_by_pages_with_a_run_only(tmp_path: Path) -> None:
    live = live_runs.paused()
    books = [Book("notebook-a", "A", f"# A\n\n{mounted(kept(live, {}), run_still.html(live))}"), Book("notebook-b", "B", "# B")]
    build(Site("shop", PLAIN.pages, {"": ["index"], "Notebooks": ["notebook-a", "notebook-b"]}, books), tmp_path / "site", dict(os.environ))
    made = pages(tmp_path / "site")
    for file in ("run.js", "pk-widget.css"):
        assert {name for name, text in made.items() if f"assets/{file}" in text} == {"notebook-a.html"}
        assert (tmp_path / "site" / "assets" / file).is_file()


def test_plotly_is_loaded_by_pages_with_charts_only(built: Path) -> None:
    with_charts = {name for name, html in pages(built).items() if "plotly.min.js" in html}
    assert with_charts == {"build-times.html", "coverage.html", "cache.html", "notebook-a.html"}
    assert (built / "assets" / "plotly.min.js").stat().st_size > 1_000_000


def test_every_page_has_a_policy_without_exceptions_for_content(built: Path) -> None:
    for name, html in pages(built).items():
        assert html.count("Content-Security-Policy") == 1, name
        assert "unsafe-eval" not in html


def test_the_log_is_on_the_page_but_not_in_the_search(built: Path) -> None:
    assert "pytest --cov" in pages(built)["run-3.html"]
    assert "pytest --cov" in (built / "logs" / "run-3-0.txt").read_text(encoding="utf-8")
    search = (built / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "Three of four legs failed" in search
    assert "+17.5s" not in search


def test_a_notebook_is_a_page_with_its_code(built: Path) -> None:
    assert 'class="highlight"' in pages(built)["notebook-a.html"]
    assert "A notebook" in pages(built)["index.html"]


def test_a_site_of_ours_is_made_anew(tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(PLAIN, out, dict(os.environ))
    (out / "old.html").write_text("old")
    build(PLAIN, out, dict(os.environ))
    assert not (out / "old.html").exists()
    assert (out / MARKER).exists()
    assert [file.name for file in tmp_path.iterdir()] == ["site"], "nothing is left beside it"


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(WorkflowInvalid, match="it holds what pipelinekit did not make"):
        build(PLAIN, tmp_path, dict(os.environ))
    assert (tmp_path / "thesis.tex").read_text() == "mine"


@pytest.mark.parametrize("name", ["empty", "not-there", "ours"])
def test_a_folder_that_holds_nothing_of_others_may_be_used(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / MARKER).touch()
    check_out(tmp_path / name)


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "site"
    build(PLAIN, out, dict(os.environ))

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(sites, "_run_mkdocs", broken)
    with pytest.raises(OSError, match="disk full"):
        build(PLAIN, out, dict(os.environ))
    assert (out / "index.html").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


def test_names_from_outside_stay_names(tmp_path: Path) -> None:
    page = Page("index", HOSTILE, Html("<h1>x</h1>"))
    book = Book("notebook-x", HOSTILE, "# x")
    build(Site(HOSTILE, [page], {"": ["index"], "Notebooks": ["notebook-x"]}, [book]), tmp_path / "site", dict(os.environ))
    for name, html in pages(tmp_path / "site").items():
        assert "<script>alert" not in html, name
        assert "<img" not in html.replace('<img src="assets/mark.svg"', "").replace('<img src="/assets/mark.svg"', ""), name


def test_the_configuration_asks_for_nothing_from_elsewhere() -> None:
    told = configuration(PLAIN)
    assert told["theme"]["font"] is False
    assert told["plugins"] == ["search", "offline"]
    assert told["use_directory_urls"] is False
    assert any("iframe-worker" in polyfill for polyfill in told["extra"]["polyfills"])


def test_the_same_store_makes_the_same_pages(evidence_of: Callable[[str], Evidence], site_for: SiteFor) -> None:
    from pipelinekit.report.all_pages import site_of

    assert site_of(Evidence(evidence_of("three runs").store, "")).pages == site_for("three runs").pages
