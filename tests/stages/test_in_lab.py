"""Cells with stages in a real JupyterLab: run, edited in place, stale, run again."""

import pytest

from tests.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

BUILD = "%%stage build\necho building with ${SPEED:-care}\nsleep 0.2"
CELLS = (
    "%load_ext pipelinekit",
    BUILD,
    "%%stage test --needs build --matrix n=1,2\necho tested ${{ matrix.n }}",
    "%pipeline",
    "%pipeline run --executor host",
    "print('then')",
)


def test_an_edited_cell_is_stale_until_its_stage_has_run_again(lab: Lab) -> None:
    tab = lab.open("stages.ipynb", *CELLS)
    tab.run_all()
    tab.wait_idle()
    assert "test: not run yet  <- build" in tab.text(3)
    assert "success" in tab.text(4)
    assert tab.text(5) == "then\n"
    assert tab.output(3).locator("img").get_attribute("alt", timeout=5000) == tab.text(3).rstrip("\n")

    tab.edit(1, BUILD.replace("care", "haste"))
    for cell in (1, 3):
        tab.run(cell)
        tab.wait_idle()
    assert "build changed; stale until the next run: build and test" in tab.text(1)
    assert "test: stale  <- build" in tab.text(3)

    tab.run(4)
    tab.wait_idle()
    tab.run(3)
    tab.wait_idle()
    assert "test: success  <- build" in tab.text(3)
    assert lab.wrong == []
