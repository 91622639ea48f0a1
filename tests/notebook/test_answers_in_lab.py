"""Answers in a real JupyterLab: how they look there, and the way from a chart to its run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelinekit.notebook.evidence import RECORDED

if TYPE_CHECKING:
    from tests.lab import Lab, Tab

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

OPEN = f"import pipelinekit as pk\nasked = pk.evidence({str(RECORDED)!r})\nasked"
CELLS = (OPEN, "pk.stats.speed(asked).chart()", "pk.compare(1, 2, asked)", "pk.show(*asked.runs.to_pylist(), store=asked)")


@pytest.fixture
def tab(lab: Lab) -> Tab:
    tab = lab.open("answers.ipynb", *CELLS)
    tab.run_all()
    tab.wait_idle()
    return tab


def test_a_number_and_a_dot_lead_to_the_run(tab: Tab, lab: Lab) -> None:
    heading = tab.page.locator("h3#Run-2")
    tab.output(2).locator('a[href="#Run-2"]').first.click()
    heading.wait_for()
    tab.page.wait_for_function("document.querySelector('h3#Run-2').getBoundingClientRect().top < innerHeight")
    dot = tab.output(1).locator(".js-plotly-plot .textpoint a").last
    assert dot.get_attribute("xlink:href") == "#Run-6"
    dot.click()
    tab.page.wait_for_function("document.querySelector('h3#Run-6').getBoundingClientRect().top < innerHeight")
    assert lab.wrong == []


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
