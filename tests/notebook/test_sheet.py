import re

from pipelinekit.notebook.sheet import cell
from pipelinekit.views.icons import icon
from pipelinekit.views.markup import Html, tag
from pipelinekit.views.tokens import colours


def sheet(html: str) -> str:
    found = re.search(r"<style>(.*?)</style>", cell(Html(html)), re.DOTALL)
    assert found is not None
    return found[1]


def test_only_the_rules_for_what_stands_there_come_along() -> None:
    table, verdict = sheet('<table class="pk-table"></table>'), sheet('<p class="pk-verdict">x</p>')
    assert ".pk.pk-sheet .pk-table td{" in table
    assert "pk-verdict" not in table
    assert ".pk.pk-sheet .pk-verdict{" in verdict
    assert len(table) < 6_000


def test_every_variable_that_a_rule_uses_is_there_in_light_and_the_colours_in_dark() -> None:
    style = sheet('<table class="pk-table"><tr><td class="pk-r pk-num"></td></tr></table><span class="pk-state pk-failure"></span>')
    light, dark = re.findall(r"\{((?:--pk-[\w-]+:[^;}]+;?)+)\}", style)
    used = set(re.findall(r"var\((--pk-[\w-]+)", style)) - {"--pk-cut"}
    assert used <= set(re.findall(r"(--pk-[\w-]+):", light))
    assert f"--pk-failure:{colours('dark')['failure']}" in dark
    assert "--pk-px:1px" in light


def test_what_depends_on_a_medium_stays_with_the_pages() -> None:
    style = sheet('<table class="pk-table pk-stack"></table>')
    assert "@" not in style
    assert "thead { display: none" not in style


def test_no_rule_reaches_beyond_the_cell() -> None:
    style = sheet('<p class="pk-verdict pk-list pk-table pk-fold pk-log pk-line">x</p>')
    without_brackets = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "", style)
    selectors = [one.strip() for found in re.findall(r"([^{}]+)\{", without_brackets) for one in found.split(",")]
    assert [one for one in selectors if not one.startswith((".pk", "[data-jp-theme-light=false] .pk"))] == []


def test_icons_of_a_page_become_images() -> None:
    html = cell(tag("p", icon("failure"), "failure"))
    assert "<use" not in html
    assert '<img src="data:image/svg+xml;base64,' in html


def test_nothing_is_asked_of_another_host() -> None:
    assert not re.search(r"https?://|url\(|@import", cell(Html('<div class="pk-table pk-log pk-callout pk-int"></div>')))
