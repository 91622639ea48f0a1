"""`pipelinekit lab`, and values in a real JupyterLab that reaches no other host."""

from __future__ import annotations

import pytest

from tests.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.notebook]


def test_the_repository_is_what_is_opened(lab: Lab) -> None:
    page = lab.home()
    page.wait_for_selector(".jp-DirListing-item >> text=.github")
    assert lab.wrong == []


def test_a_plan_shows_itself(lab: Lab) -> None:
    tab = lab.open("plan.ipynb", "import pipelinekit as pk\npk.plan('ci.yml')")
    tab.run_all()
    tab.wait_idle()
    assert "test (1, sqlite)" in tab.text(0)
    assert lab.wrong == []
