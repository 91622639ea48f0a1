"""Answers in a real JupyterLab: how they look there, and the way from a chart to its run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelinekit.notebook.evidence import RECORDED

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.lab import Lab, Tab

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

OPEN = f"import pipelinekit as pk\nasked = pk.evidence({str(RECORDED)!r})\nasked"
CELLS = (OPEN, "pk.stats.speed(asked).chart()", "pk.compare(1, 2, asked)", "pk.show(*asked.runs.to_pylist(), store=asked)")


@pytest.fixture
def tab(lab: Lab, request: pytest.FixtureRequest) -> Tab:
    tab = lab.open(f"{request.node.name}.ipynb", *CELLS)
    tab.run_all()
    tab.wait_idle()
    return tab


def test_a_dot_and_a_number_lead_to_the_run(tab: Tab, lab: Lab) -> None:
    dot = tab.output(1).locator(".textpoint a").last
    assert dot.get_attribute("xlink:href") == "#Run-6"
    click(tab, dot)
    sees(tab, "Run-6")
    tab.output(2).locator('a[href="#Run-2"]').first.click()
    sees(tab, "Run-2")
    assert lab.wrong == []


def click(tab: Tab, dot: Locator) -> None:
    """As a person does: what lies above a dot takes the click, and Plotly hands it on."""
    box = dot.bounding_box()
    assert box is not None
    tab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def sees(tab: Tab, heading: str) -> None:
    """Wait until the heading is within the window."""
    place = f"document.getElementById('{heading}')?.getBoundingClientRect()"
    tab.page.wait_for_function(f"() => {{ const at = {place}; return at && at.top >= 0 && at.top < innerHeight; }}")


def test_a_table_looks_as_in_the_report_in_light_and_in_dark(tab: Tab, lab: Lab) -> None:
    cell = tab.output(2).locator(".pk-table td").nth(4)
    assert cell.evaluate("td => getComputedStyle(td).textAlign") == "left"
    inks = []
    for theme in ("light", "dark"):
        tab.theme(theme)
        cell = tab.output(2).locator(".pk-table td").nth(4)
        tab.page.wait_for_function("theme => getComputedStyle(document.body).colorScheme === theme", arg=theme)
        inks.append(cell.evaluate("td => getComputedStyle(td).color"))
    assert inks == ["rgb(23, 26, 31)", "rgb(232, 235, 239)"]
    tab.theme("light")
    assert lab.wrong == []


def test_a_chart_is_dark_in_the_dark(tab: Tab) -> None:
    filters = []
    for theme in ("light", "dark"):
        tab.theme(theme)
        tab.page.wait_for_function("theme => getComputedStyle(document.body).colorScheme === theme", arg=theme)
        filters.append(tab.output(1).evaluate("plot => getComputedStyle(plot).filter"))
    tab.theme("light")
    assert filters == ["none", "invert(0.933) hue-rotate(180deg)"]
