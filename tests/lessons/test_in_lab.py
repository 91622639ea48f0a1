"""The first lesson in a real JupyterLab: a person runs it, is told what is the matter, looks inside, mends cells, retries, and passes."""

from __future__ import annotations

import json

import pytest

from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.listing import notebook_of
from pipelinekit.lessons.solution import plays
from tests.lab import Lab

ROW = LESSONS["friday-evening"]
SHOP = '%%writefile "{lesson.folder}/shop.py"\n'
WORKFLOW = '%%writefile "{lesson.folder}/.github/workflows/ci.yml"\n'


@pytest.mark.browser
@pytest.mark.notebook
def test_a_person_is_told_what_is_the_matter_mends_cells_retries_and_passes(lab: Lab) -> None:
    book = json.loads(notebook_of(ROW).read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in book["cells"]]
    parameters = next(at for at, source in enumerate(sources) if "executor: str" in source)
    book["cells"][parameters]["source"] = sources[parameters].replace('"auto"', '"replay"')
    (lab.folder / ROW.notebook).write_text(json.dumps(book), encoding="utf-8")
    mended, asked = sources.index(next(s for s in sources if s.startswith(WORKFLOW))), sources.index('lesson.check("stopped")')
    shipped = sources.index('lesson.check("shipped")')

    tab = lab.open(ROW.notebook)
    tab.run_all()
    tab.wait_idle()
    assert "not yet: a run in which a test fails and nothing is deployed" in tab.text(asked)
    assert tab.output(asked).get_by_text("Not yet: a run in which a test fails").is_visible()

    shell = sources.index('await run.shell("python3 -m unittest")')
    assert "cannot access local variable 'discount'" in tab.text(shell)

    tab.edit(mended, WORKFLOW + written(2, ".github/workflows/ci.yml"))
    for at in range(mended, asked + 1):
        tab.run(at)
        tab.wait_idle()
    assert "passed: a run in which a test fails and nothing is deployed" in tab.text(asked)

    shop = sources.index(next(source for source in sources if source.startswith(SHOP)))
    tab.edit(shop, SHOP + written(3, "shop.py"))
    for at in range(shop, shipped + 1):
        tab.run(at)
        tab.wait_idle()
    assert "In attempt 2 of run " in tab.text(shipped)
    assert "2 of 2 checks of this lesson passed" in tab.text(shipped)
    assert lab.wrong == []


def written(play: int, name: str) -> str:
    files = plays(ROW.sample)[play].files
    assert files is not None
    return (files / name).read_text(encoding="utf-8")
