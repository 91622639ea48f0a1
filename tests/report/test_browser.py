"""The site in a browser that reaches no other host: from a folder and over http, light and dark, narrow and wide."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelinekit.report.notebooks import Book
from pipelinekit.report.serve import serving
from pipelinekit.report.site import Site, build
from pipelinekit.run_views import still as run_still
from pipelinekit.run_views.mount import kept, mounted
from tests.browsers import listen
from tests.run_views import live_runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDE = f"<table><tr>{'<td>a_name_that_does_not_break</td>' * 12}</tr></table>"
MODES = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]


@pytest.fixture(scope="module")
def site(site_for: Callable[[str], Site], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    whole = site_for("twelve runs")
    book = Book(
        "notebook-wide", "A wide notebook", f'# Wide\n\n<div class="pk-out-html">{WIDE}</div>\n\n```python\n{"x" * 300}\n```'
    )
    runs = "\n\n".join(mounted(kept(live, {}), run_still.html(live)) for live in (live_runs.paused(), live_runs.finished()))
    driven = Book("notebook-runs", "Runs", f"# Runs\n\n{runs}")
    menu = {**whole.menu, "Notebooks": [book.name, driven.name]}
    build(Site(whole.title, whole.pages, menu, [book, driven], whole.footer), out, dict(os.environ))
    return out


@pytest.fixture(scope="module")
def hostile_site(site_for: Callable[[str], Site], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hostile") / "site"
    build(site_for("hostile"), out, dict(os.environ))
    return out


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with serving(folder, 0) as (server, address):
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def opened(browser: Browser, scheme: str = "light", width: int = 1280) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what went wrong on it: errors of the console, requests to other hosts."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    listen(page, wrong)
    yield page, wrong
    context.close()


def visit(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_function("document.readyState === 'complete'")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{url} is {wide} px too wide"


def crawl(page: Page, base: str, folder: Path) -> None:
    for file in sorted(folder.glob("*.html")):
        if file.name == "404.html":
            continue
        visit(page, base + file.name)
        text = file.read_text(encoding="utf-8")
        if "assets/run.js" in text:
            page.wait_for_selector(".pk-run-head >> nth=1")
        if "plotly.min.js" in text:
            page.wait_for_selector(".js-plotly-plot svg")


@pytest.mark.parametrize(("scheme", "width"), MODES)
def test_every_page_opens_from_a_folder(scheme: str, width: int, site: Path, browser: Browser) -> None:
    with opened(browser, scheme, width) as (page, wrong):
        crawl(page, f"file://{site}/", site)
        shade = page.evaluate("document.body.getAttribute('data-md-color-scheme')")
        assert shade == {"light": "default", "dark": "slate"}[scheme]
        assert wrong == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_opens_over_http(scheme: str, width: int, site: Path, browser: Browser) -> None:
    with served(site) as address, opened(browser, scheme, width) as (page, wrong):
        crawl(page, address, site)
        assert wrong == []


@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_names_are_text(width: int, hostile_site: Path, browser: Browser) -> None:
    with opened(browser, width=width) as (page, wrong):
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        crawl(page, f"file://{hostile_site}/", hostile_site)
        assert wrong == []


@pytest.mark.parametrize("over", ["file", "http"])
def test_search_finds_a_page(over: str, site: Path, browser: Browser) -> None:
    with served(site) as address, opened(browser) as (page, wrong):
        visit(page, (address if over == "http" else f"file://{site}/") + "index.html")
        page.click(".md-search__input")
        page.keyboard.type("beta-binomial")
        page.wait_for_selector(".md-search-result__link >> text=Methods")
        assert wrong == []


def test_a_chart_takes_the_colours_of_the_theme_in_force(site: Path, browser: Browser) -> None:
    with opened(browser, "light") as (page, wrong):
        visit(page, f"file://{site}/build-times.html")
        line = ".js-plotly-plot .scatterlayer .js-line"
        page.wait_for_selector(line)
        before = page.eval_on_selector_all(line, "lines => lines.map(line => line.style.stroke)")
        page.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
        page.wait_for_function(
            "([q, old]) => { const now = document.querySelector(q); return now && now.style.stroke !== old }", arg=[line, before[0]]
        )
        assert wrong == []


def test_a_dot_of_a_chart_leads_to_its_run(site: Path, browser: Browser) -> None:
    with opened(browser) as (page, wrong):
        visit(page, f"file://{site}/build-times.html")
        page.wait_for_selector(".js-plotly-plot .point")
        box = page.locator(".js-plotly-plot .scatterlayer .point").first.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
        page.wait_for_selector(".hoverlayer .hovertext")
        page.mouse.down()
        page.mouse.up()
        page.wait_for_url("**/run-1.html")
        assert wrong == []


def test_without_a_script_a_chart_is_a_table_and_all_logs_are_there(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{site}/build-times.html")
    assert page.locator(".pk-twin table").first.is_visible()
    assert page.locator(".pk-twin td a").first.get_attribute("href") == "run-1.html"
    page.goto(f"file://{site}/run-3.html")
    assert [part.is_visible() for part in page.locator(".pk-leglog").all()] == [True] * 4
    context.close()


def test_each_run_of_a_notebook_is_drawn_as_it_was_then(site: Path, browser: Browser) -> None:
    with served(site) as address, opened(browser) as (page, wrong):
        visit(page, f"{address}notebook-runs.html")
        page.wait_for_selector(".pk-run-head >> nth=1")
        assert page.locator(".pk-run-head > b").all_text_contents() == ["ci.yml", "ci.yml"]
        assert [says.split(" · ")[1].split()[0] for says in page.locator(".pk-run-says").all_text_contents()] == ["paused", "succeeded"]
        assert page.locator(".pk-still:visible").count() == 0
        page.locator(".pk-run").last.locator("[role=tab] >> text=Matrix").click()
        assert [page.locator(".pk-run").nth(at).locator(".pk-matrix").count() for at in range(2)] == [0, 1]
        page.emulate_media(media="print")
        assert page.locator(".pk-still img[alt^='job graph']:visible").count() == 2
        assert page.locator(".pk-run:visible").count() == 0
        assert wrong == []


def test_without_a_script_a_run_is_a_picture_and_a_table(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{site}/notebook-runs.html")
    assert page.locator(".pk-still img[alt^='job graph']:visible").count() == 2
    assert page.locator(".pk-still table:visible").count() == 2
    context.close()


def test_the_address_chooses_the_leg_and_the_line(site: Path, browser: Browser) -> None:
    with opened(browser) as (page, wrong):
        visit(page, f"file://{site}/run-3.html")
        assert [part.is_visible() for part in page.locator(".pk-leglog").all()] == [True, False, False, False]
        page.click(".pk-steps a >> text=test (3.13)")
        page.wait_for_function("!document.getElementById('leg-2').hidden && document.getElementById('leg-0').hidden")
        page.goto(f"file://{site}/run-3.html#leg-1-1")
        page.wait_for_function("!document.getElementById('leg-1').hidden")
        assert page.locator("#leg-1-1").is_visible(), "its step is unfolded"
        assert wrong == []


def test_finding_in_the_log_unfolds_what_is_found(site: Path, browser: Browser) -> None:
    with opened(browser) as (page, wrong):
        visit(page, f"file://{site}/run-3.html")
        page.fill("input[data-log]", "pip install")
        page.wait_for_function("document.querySelector('[data-hits]').textContent === '1 line, 2 in other legs'")
        assert page.locator(".pk-leglog:not([hidden]) .pk-line:visible").count() == 1
        assert wrong == []


def test_a_filter_shows_its_class_and_stands_in_the_address(site: Path, browser: Browser) -> None:
    with served(site) as address, opened(browser) as (page, wrong):
        visit(page, f"{address}runs.html")
        page.click("button[data-class=failure]")
        page.wait_for_function("document.querySelector('[data-count]').textContent === '2 of 12 shown'")
        assert "show=failure" in page.url
        visit(page, page.url)
        assert page.locator("#runs tbody tr:visible").count() == 2
        page.fill("input[data-filter]", "chekout")
        page.wait_for_function("document.querySelector('[data-count]').textContent.startsWith(\"Nothing matches 'chekout'\")")
        assert wrong == []


def test_pointing_at_a_run_says_which_it_is(site: Path, browser: Browser) -> None:
    with opened(browser) as (page, wrong):
        visit(page, f"file://{site}/index.html")
        box = page.locator(".pk-grid svg").nth(1).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 5, box["y"] + box["height"] - 3)
        page.wait_for_function("document.querySelector('.pk-grid-says').textContent.startsWith('Run 1 ')")
        assert wrong == []
