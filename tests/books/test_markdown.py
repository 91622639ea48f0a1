import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipelinekit.books.markdown import title_of, to_markdown
from pipelinekit.charts.picture import Picture
from pipelinekit.run_views.live_run import LiveRun
from pipelinekit.run_views.mount import MIME as RUN
from pipelinekit.run_views.mount import kept
from pipelinekit.run_views.still import html
from pipelinekit.run_views.widget import words
from tests.books.made_book import Cell, code, markdown, shown, stream, typed, write
from tests.run_views import live_runs


def converted(folder: Path, *cells: Cell) -> str:
    return to_markdown(write(folder / "book.ipynb", *cells))


def test_a_notebook_reads_as_a_page(tmp_path: Path) -> None:
    page = converted(
        tmp_path,
        markdown("# Are builds slow?\n\nA *question*, with `code`."),
        code("1 + 1", shown(text_plain="2")),
    )
    assert page == (
        "# Are builds slow?\n\nA *question*, with `code`.\n\n```python\n1 + 1\n```\n\n"
        '<pre class="pk-out"><code>2</code></pre>\n'
    )  # fmt: skip


def test_code_that_is_tagged_is_folded(tmp_path: Path) -> None:
    page = converted(tmp_path, code("secret = 1", tags=("hide-input",)))
    assert page.startswith('<details class="pk-input pk-twin" markdown="1">\n<summary>Code</summary>\n\n```python\nsecret = 1\n```')


def test_parameters_that_were_set_are_folded_under_their_name(tmp_path: Path) -> None:
    page = converted(tmp_path, code("days = 7", tags=("injected-parameters",)))
    assert "<summary>Parameters that were set</summary>" in page


def test_a_fence_is_longer_than_any_in_the_code(tmp_path: Path) -> None:
    page = converted(tmp_path, code('text = """\n````\n"""'))
    assert page.startswith("`````python\n")
    assert page.rstrip().endswith("\n`````")


@pytest.mark.parametrize(
    ("forms", "starts"),
    [
        ({"text_html": "<b>1</b>", "text_plain": "1", "image_png": "AAAA"}, '<div class="pk pk-out-html"><b>1</b>'),
        ({"image_png": "AA\nAA", "text_plain": "1", "text_markdown": "*1*"}, '<p><img src="data:image/png;base64,AAAA"'),
        ({"text_markdown": "*1*", "text_plain": "1"}, "*1*"),
        ({"text_plain": "\x1b[31mred\x1b[0m"}, '<pre class="pk-out"><code>red</code>'),
    ],
    ids=["html", "image", "markdown", "text"],
)
def test_the_richest_form_is_taken(tmp_path: Path, forms: dict[str, Any], starts: str) -> None:
    assert converted(tmp_path, code("", shown(**forms))).startswith(starts)


def test_widgets_are_dropped_for_what_stands_beside_them(tmp_path: Path) -> None:
    page = converted(tmp_path, code("", typed("application/vnd.jupyter.widget-view+json", {"model_id": "1"})))
    assert "model_id" not in page
    assert "as text" in page


def test_a_chart_keeps_its_colours_by_name_and_its_table(tmp_path: Path) -> None:
    data = [{"type": "bar", "x": [1], "y": [2], "marker": {"color": "pk:cat-1"}}]
    picture = Picture("two bars", data, {"yaxis": {}}, ("Run", "Took"), [("1", "2s")], height=240)
    output = {"output_type": "display_data", "metadata": {}, "data": picture._repr_mimebundle_()}
    page = converted(tmp_path, code("", output))
    assert 'class="pk-plot"' in page
    assert '"color":"pk:cat-1"' in page
    assert '"height":240' in page
    assert ">2s</td>" in page
    assert "vnd.plotly" not in page


def test_a_plain_plotly_figure_is_a_chart_too(tmp_path: Path) -> None:
    figure = {"data": [{"type": "bar", "y": [2]}], "layout": {"template": {"data": {}}, "height": 200}}
    page = converted(tmp_path, code("", typed("application/vnd.plotly.v1+json", figure)))
    start = page.index('<script type="application/json">') + len('<script type="application/json">')
    assert json.loads(page[start : page.index("</script>")]) == {
        "data": [{"type": "bar", "y": [2]}], "layout": {"height": 200}, "height": 200,
    }  # fmt: skip


def test_a_figure_cannot_end_its_element(tmp_path: Path) -> None:
    figure = {"data": [{"name": "</script><script>alert(1)</script>"}], "layout": {}}
    page = converted(tmp_path, code("", typed("application/vnd.plotly.v1+json", figure)))
    assert "<script>alert" not in page


def test_text_is_escaped_and_opens_no_fence(tmp_path: Path) -> None:
    page = converted(tmp_path, code("", stream("<script>alert(1)</script>\n```\n\n~~~\n")))
    assert "&lt;script&gt;" in page
    assert "\n&#96;``\n\n&#126;~~" in page


def test_pieces_of_a_stream_are_one_block(tmp_path: Path) -> None:
    page = converted(tmp_path, code("", stream("one\n"), stream("two\n")))
    assert page == '<pre class="pk-out"><code>one\ntwo</code></pre>\n'


def test_an_error_shows_its_traceback_without_colours(tmp_path: Path) -> None:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'a'", "traceback": ["\x1b[31mKeyError\x1b[0m: 'a'"]}
    page = converted(tmp_path, code("", error))
    assert page == '<pre class="pk-out pk-out-error"><code>KeyError: &#x27;a&#x27;</code></pre>\n'


def test_html_of_an_output_is_cleaned(tmp_path: Path) -> None:
    page = converted(tmp_path, code("", shown(text_html='<img src="https://evil.example/x.png"><script>alert(1)</script>')))
    assert page == '<div class="pk pk-out-html"><img></div>\n'


def test_an_svg_is_a_picture_of_its_own(tmp_path: Path) -> None:
    page = converted(tmp_path, code("", typed("image/svg+xml", "<svg onload='alert(1)'/>")))
    assert "<svg" not in page
    assert '<img src="data:image/svg+xml;utf8,%3Csvg' in page


@pytest.mark.parametrize(
    ("cells", "title"),
    [([markdown("intro\n\n## Why slow?")], "Why slow?"), ([code("1")], "Build times")],
    ids=["heading", "name"],
)
def test_a_page_has_a_title(tmp_path: Path, cells: list[Cell], title: str) -> None:
    assert title_of(write(tmp_path / "build-times.ipynb", *cells)) == title


def run_of(live: LiveRun) -> dict[str, Any]:
    """The output of a cell that showed this run."""
    forms = {RUN: kept(live, {}), "text/html": str(html(live)), "text/plain": "the run"}
    return {"output_type": "display_data", "metadata": {}, "data": forms}


def data_of(page: str) -> list[dict[str, Any]]:
    return [json.loads(text) for text in re.findall(r'data-pk-widget="run"><script type="application/json">(.*?)</script>', page)]


def test_a_run_is_drawn_with_what_stands_for_it_inside(tmp_path: Path) -> None:
    page = converted(tmp_path, code("run", run_of(live_runs.paused())))
    (data,) = data_of(page)
    assert data == json.loads(json.dumps({"words": words(), "files": {}, **kept(live_runs.paused(), {})}))
    still = page[page.index('class="pk-still"') :]
    assert "<b>paused: ci.yml</b>" in still
    assert "<img" in still
    assert "the run" not in page


def test_cells_that_show_a_run_at_different_moments_keep_their_own(tmp_path: Path) -> None:
    page = converted(tmp_path, *(code("run", run_of(live)) for live in (live_runs.paused(), live_runs.finished())))
    assert [data["state"]["state"] for data in data_of(page)] == ["paused", "success"]


def test_of_a_run_whose_data_is_not_whole_what_stands_for_it_is_shown(tmp_path: Path) -> None:
    output = run_of(live_runs.paused())
    del output["data"][RUN]["tail"]
    page = converted(tmp_path, code("run", output))
    assert data_of(page) == []
    assert "<b>paused: ci.yml</b>" in page


def test_a_notebook_brings_no_link_or_markup_of_its_own_with_a_run(tmp_path: Path) -> None:
    output = run_of(live_runs.paused())
    output["data"][RUN] |= {"files": {"test": "javascript:alert(1)"}}
    output["data"][RUN]["state"]["failures"] = [["div", {"html": "<img src=x onerror=alert(1)>", "onclick": "alert(1)"}, ["iframe", {}]]]
    (data,) = data_of(converted(tmp_path, code("run", output)))
    assert data["files"] == {}
    assert data["state"]["failures"] == [["div", {"html": "<img>"}, ""]]


RUNS = "application/vnd.pipelinekit.runs+json"


def pages(run_id: str, attempt: int) -> str:
    return "run-7.html" if (run_id, attempt) == ("r7", 1) else ""


def with_links(folder: Path, html: str) -> str:
    told = {"output_type": "display_data", "metadata": {}, "data": {RUNS: {"Run-7": ["r7", 1], "Run-8": ["r8", 1]}, "text/plain": "x"}}
    return to_markdown(write(folder / "book.ipynb", code("", told), code("", shown(text_html=html))), pages)


@pytest.mark.parametrize(
    ("html", "leads"),
    [
        pytest.param('<a href="#Run-7">7</a>', '<a href="run-7.html">7</a>', id="to-the-page-of-the-run"),
        pytest.param('<a href="#Run-8">8</a>', '<a href="#Run-8">8</a>', id="within-where-the-report-has-no-page"),
        pytest.param('<a href="#Run-9">9</a>', '<a href="#Run-9">9</a>', id="within-where-nobody-says-which-run"),
        pytest.param('<h3 id="Run-7">Run 7</h3>', '<h3 id="Run-7">Run 7</h3>', id="a-heading-stays"),
    ],
)
def test_a_link_to_a_run_leads_to_its_page(tmp_path: Path, html: str, leads: str) -> None:
    assert leads in with_links(tmp_path, html)


def test_a_chart_s_dots_lead_to_pages_too(tmp_path: Path) -> None:
    picture = Picture("runs", [{"type": "scatter", "x": [1], "y": [2]}], {}, ("Run", "Took"), [["7", "2s"]], links=["#Run-7"])
    told = {"output_type": "display_data", "metadata": {}, "data": {RUNS: {"Run-7": ["r7", 1]}}}
    drawn = {"output_type": "display_data", "metadata": {}, "data": picture._repr_mimebundle_()}
    page = to_markdown(write(tmp_path / "book.ipynb", code("", told), code("", drawn)), pages)
    assert '"links":["run-7.html"]' in page
    assert '<a href="run-7.html">7</a>' in page
