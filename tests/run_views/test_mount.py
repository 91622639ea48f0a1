"""A run on a page without a kernel: from a folder, and over http under a policy that allows nothing from elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelinekit.report.serve import serving
from pipelinekit.run_views.live_run import LiveRun
from pipelinekit.run_views.log_lines import LogLines
from pipelinekit.run_views.mount import classic, data, module, mounted, styles
from pipelinekit.run_views.still import html
from pipelinekit.views.log import Line
from pipelinekit.views.markup import Html
from tests.run_views import live_runs
from tests.run_views.widget_page import chromium_at
from tests.views.parsed import HOSTILE, assert_harmless

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LEG = "test (3.12, postgres)"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


def page(run: LiveRun) -> str:
    logs = {LEG: LogLines().add((4, Line(20 + n, text, n / 10)) for n, text in enumerate(("one", HOSTILE, "three")))}
    return mounted(data(run, logs, {LEG: "logs/test.txt"}), html(run))


def test_names_do_no_harm_in_the_data() -> None:
    logs = {LEG: LogLines().add([(4, Line(1, HOSTILE))])}
    assert_harmless(mounted(data(live_runs.paused(), logs, {LEG: HOSTILE}), Html("")))


def test_the_classic_script_is_the_module_without_its_exports() -> None:
    assert "export" not in classic()
    assert module().removesuffix("export default { render };\n") in classic()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with chromium_at(chromium) as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A page as Material would have it."""
    (tmp_path / "run.js").write_text(classic(), encoding="utf-8")
    (tmp_path / "run.css").write_text(styles(), encoding="utf-8")
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>Run</title><link rel="icon" href="data:,">'
    body = f'<main>{page(live_runs.paused())}</main><script src="run.js"></script>'
    text = f'<!doctype html><html lang="en"><head>{head}<link rel="stylesheet" href="run.css"></head><body data-md-color-scheme="slate">{body}</body></html>'
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    (tmp_path / "folder.html").write_text(text.replace(POLICY, "default-src 'unsafe-inline' file: data:"), encoding="utf-8")
    return tmp_path


def look(browser: Browser, address: str) -> None:
    context = browser.new_context()
    found = context.new_page()
    wrong: list[str] = []
    found.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.goto(address)
    found.wait_for_selector(".pk-run .pk-node")
    assert found.locator(".pk-run-bar").count() == 0, "nobody is there to press a button for"
    assert found.locator(".pk-stop-at").count() == 0
    assert [text.strip() for text in found.locator(".pk-run-log .pk-line > span").all_text_contents()][::2] == ["one", "three"]
    assert found.get_attribute("a >> text=whole log, 1,204", "href") == "logs/test.txt"
    found.click("[role=tab] >> text=Waterfall")
    assert found.locator(".pk-wf-row").count() > 5
    found.click(".pk-node >> nth=0")
    assert found.locator(".pk-run-leg").text_content() == "lint"
    assert found.evaluate("getComputedStyle(document.querySelector('.pk-run')).backgroundColor") == "rgb(18, 21, 26)"
    assert wrong == []
    context.close()


@pytest.mark.browser
def test_it_is_drawn_on_a_page_from_a_folder(browser: Browser, site: Path) -> None:
    look(browser, f"file://{site}/folder.html")


@pytest.mark.browser
def test_it_is_drawn_over_http_under_a_strict_policy(browser: Browser, site: Path) -> None:
    with serving(site, 0) as (server, address):
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            look(browser, f"{address}index.html")
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.browser
def test_without_scripts_picture_and_table_are_there(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    found = context.new_page()
    found.goto(f"file://{site}/folder.html")
    assert found.locator("img[alt^='job graph']").is_visible()
    assert found.locator("table").first.is_visible()
    context.close()
