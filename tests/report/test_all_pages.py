"""The contract of every page, over stores with nothing, little, much, and hostile things in them."""

from collections.abc import Callable

import pytest

from pipelinekit.report.all_pages import ALL_PAGES
from pipelinekit.report.page import Page, put_in, to_markdown
from pipelinekit.report.site import Site
from pipelinekit.views.icons import ICONS
from tests.report.stores import ALL_STORES
from tests.views.parsed import Element, assert_harmless, parse

SiteFor = Callable[[str], Site]
PAGES = ["index", "flaky", "coverage", "build-times", "cache", "runs", "methods"]
ASKING = [name for name in PAGES if name != "methods"]  # they need data


def page_of(site: Site, name: str) -> Page:
    return next(page for page in site.pages if page.name == name)


def whole(page: Page) -> Element:
    return parse(put_in(page.body, page.late))


def check(page: Page) -> None:
    html = put_in(page.body, page.late)
    assert_harmless(html)
    tree = parse(html)
    assert len(tree.all("h1")) == 1
    assert tree.one("p", "pk-verdict").one("b").text.strip(), "the answer is a sentence"
    ids = [element.attributes["id"] for element in tree.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids)), "an id stands twice"
    for link in tree.all("a"):
        target = link.attributes["href"]
        assert "://" not in target
        if target.startswith("#"):
            assert target[1:] in ids, f"{target} leads nowhere"
    assert {use.attributes["href"] for use in tree.all("use")} <= {f"#pk-{name}" for name in ICONS}
    for text in ("None", "nan", "NaN", "{}", "&lt;span", "Html("):
        assert text not in html, f"{text} stands on the page"


@pytest.mark.parametrize("store", ALL_STORES)
def test_every_page_has_an_answer_about_every_store(store: str, site_for: SiteFor) -> None:
    site = site_for(store)
    names = [page.name for page in site.pages]
    assert names[: len(PAGES)] == PAGES
    assert len(names) == len(set(names))
    for page in site.pages:
        check(page)


def test_every_row_of_the_table_is_a_page(site_for: SiteFor) -> None:
    assert len(PAGES) == len(ALL_PAGES)
    assert [page.name for page in site_for("empty").pages] == PAGES


@pytest.mark.parametrize("name", ASKING)
def test_an_empty_store_is_told_what_brings_it_life(name: str, site_for: SiteFor) -> None:
    assert whole(page_of(site_for("empty"), name)).one("div", "pk-empty").one("code").text


@pytest.mark.parametrize("name", ASKING)
def test_made_up_history_is_labelled_on_every_page(name: str, site_for: SiteFor) -> None:
    labels = [label.text for label in whole(page_of(site_for("simulated"), name)).all("span", "pk-label")]
    assert "2 of 6 runs simulated" in labels


def test_a_made_up_run_is_labelled_and_a_real_one_is_not(site_for: SiteFor) -> None:
    site = site_for("simulated")
    assert [label.text for label in whole(page_of(site, "run-1")).all("span", "pk-label")] == ["simulated", "from replay"]
    assert not whole(page_of(site, "run-6")).all("span", "pk-label")


def test_links_between_pages_lead_to_pages_and_places_that_are_there(site_for: SiteFor) -> None:
    site = site_for("twelve runs")
    trees = {page.target: whole(page) for page in site.pages}
    files = {name for page in site.pages for name, _ in page.files}
    anchors = {target: {e.attributes["id"] for e in tree.all() if "id" in e.attributes} for target, tree in trees.items()}
    for target, tree in trees.items():
        for link in tree.all("a"):
            path, _, place = link.attributes["href"].partition("#")
            assert not path or path in trees or path in files, f"{target} links to {path}"
            assert not place or place in anchors[path or target], f"{target} links to {path}#{place}"


def test_the_menu_holds_every_page_but_those_of_runs(site_for: SiteFor) -> None:
    site = site_for("three runs")
    in_menu = [name for names in site.menu.values() for name in names]
    assert [page.name for page in site.pages if page.name not in in_menu] == ["run-3", "run-2", "run-1"]
    assert in_menu[0] == "index"


@pytest.mark.parametrize("store", ["twelve runs", "hostile"])
def test_markdown_finds_nothing_of_its_own_in_a_page(store: str, site_for: SiteFor) -> None:
    for page in site_for(store).pages:
        source = to_markdown(page)
        lines = source.splitlines()
        assert lines[0] == "---"
        assert not any(line.lstrip().startswith(("```", "~~~")) for line in lines)
        assert "\t" not in source
