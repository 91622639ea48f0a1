import pytest

from pipelinekit.answers.grid import Cell, Estimate, Grid, Lines, Marks, Name, Share, State
from pipelinekit.notebook.grids import drawn, piece, said
from pipelinekit.views.run_links import RunRef
from pipelinekit.views.words import Delta


@pytest.mark.parametrize(
    ("cell", "has"),
    [
        pytest.param("<b>text</b>", "&lt;b&gt;text", id="text"),
        pytest.param(Name("test_<b>", "tests/<i>.py"), "test_&lt;b&gt;</span><small>tests/&lt;i&gt;.py</small>", id="name"),
        pytest.param(RunRef(7, "r7", 2), '<a href="#Run-7.2">7.2</a>', id="run"),
        pytest.param(State("flaky"), "flaky</span>", id="state"),
        pytest.param(Marks("pFk"), 'alt="last 3 runs: 1 passed, 1 failed, 1 flaky"', id="marks"),
        pytest.param(Marks("pkm", "lookups"), 'alt="last 3 lookups: 1 passed, 2 missed"', id="lookups"),
        pytest.param(Estimate(0.01, 0.02, 0.04, 0.1, "2 % [1–4]"), 'role="img" aria-label="2 % [1–4]"', id="estimate"),
        pytest.param(Share(0.5, "50 %"), '<span class="pk-num">50 %</span>', id="share"),
        pytest.param(Lines(("one", "<two>")), "<span>one</span><br><span>&lt;two&gt;</span>", id="lines"),
        pytest.param(Delta("↑ +1s worse", "worse"), 'class="pk-delta pk-failure">↑ +1s worse', id="delta"),
    ],
)
def test_a_cell_is_drawn_with_its_text_in_it(cell: Cell, has: str) -> None:
    assert has in f"{drawn(Grid(('what',), [(cell,)]))}"


def test_an_estimate_has_its_numbers_as_text_too() -> None:
    assert str(piece(Estimate(0.01, 0.02, 0.04, 0.1, "2 % [1–4]"))).startswith("2 % [1–4]<span")


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    html = drawn(Grid(("job", ">queue", "change"), [("test", "–", Delta("")), ("lint", "–", "")]))
    assert "Job" in html
    assert "Queue" not in html
    assert "Change" not in html


def test_heads_have_a_capital_where_they_are_words() -> None:
    html = drawn(Grid(("job", ">p50", ">n"), [("test", "1s", "3")]))
    assert '<th scope="col">Job</th><th scope="col" class="pk-r">p50</th><th scope="col" class="pk-r">n</th>' in html


def test_the_finding_is_bold_and_names_are_code() -> None:
    assert said("`test_<b>` failed 3 of 41 runs. It is flaky.") == (
        '<p class="pk-verdict"><b><code>test_&lt;b&gt;</code> failed 3 of 41 runs.</b> It is flaky.</p>'
    )


def test_a_sentence_alone_is_all_finding() -> None:
    assert said("Nothing got worse.") == '<p class="pk-verdict"><b>Nothing got worse.</b></p>'
