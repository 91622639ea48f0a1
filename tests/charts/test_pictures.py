"""Every chart: its data, its table twin, and that both themes can draw it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from pipelinekit.charts import template
from pipelinekit.charts.build_times import build_times
from pipelinekit.charts.cache_hits import cache_hits
from pipelinekit.charts.cache_saved import cache_saved
from pipelinekit.charts.coverage_trend import coverage_trend
from pipelinekit.charts.flaky_rates import flaky_rates
from pipelinekit.charts.picture import Picture
from pipelinekit.views.run_links import in_notebook
from pipelinekit.views.tokens import colours

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def times(apart: timedelta = timedelta(days=1), **changes: object) -> pa.Table:
    rows = [
        {
            "number": n, "created_at": START + n * apart, "outcome": "success", "duration_seconds": 300.0 + n,
            "queued_seconds": 0.1, "stretch_seconds": 300.0, "usual_p95_seconds": 400.0 if n >= 5 else None, "run_id": f"r{n}", "attempt": 1,
            **changes,
        }
        for n in range(1, 9)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


COVERAGE = pa.Table.from_pylist(
    [
        {
            "number": n,
            "attempt": 1,
            "run_id": f"r{n}",
            "created_at": START + timedelta(days=n),
            "share": 0.8 + n / 100,
            "branch_share": None if n < 3 else 0.7,
        }
        for n in range(1, 6)
    ]
)
HITS = pa.Table.from_pylist(
    [
        {"number": n, "attempt": 1, "run_id": f"r{n}", "created_at": START + timedelta(minutes=n), "lookups": 3, "hits": n % 4, "partial": 0,
         "misses": 3 - n % 4, "hit_share": (n % 4) / 3}
        for n in range(1, 6)
    ]
)  # fmt: skip
SAVED = pa.Table.from_pylist(
    [
        {"family": "pip-*", "saved_seconds": -240.0, "saved_low": -420.0, "saved_high": -120.0},
        {"family": "npm-*", "saved_seconds": None, "saved_low": None, "saved_high": None},
    ]
)
FLAKY = pa.Table.from_pylist(
    [
        {"test": "test_<b>", "class": "flaky", "rate": 0.02, "rate_low": 0.01, "rate_high": 0.04, "failures": 5,
         "attempts": 250},
        {"test": "test_fine", "class": "healthy", "rate": 0.0, "rate_low": 0.0, "rate_high": 0.01, "failures": 0,
         "attempts": 250},
    ]
)  # fmt: skip


def drawn(name: str) -> Picture:
    pictures = {
        "build times": build_times(times()),
        "build times with queue": build_times(times(queued_seconds=30.0)),
        "coverage": coverage_trend(COVERAGE),
        "cache hits": cache_hits(HITS),
        "cache saved": cache_saved(SAVED),
        "flaky rates": flaky_rates(FLAKY),
    }
    picture = pictures[name]
    assert picture is not None
    return picture


ALL = ("build times", "build times with queue", "coverage", "cache hits", "cache saved", "flaky rates")


@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_json_whose_colours_are_names(name: str) -> None:
    text = json.dumps(drawn(name).spec, allow_nan=False)
    assert "pk:" in text
    assert "#" not in text
    assert "rgb" not in text


@pytest.mark.parametrize("name", ALL)
def test_a_picture_has_its_numbers_as_a_table(name: str) -> None:
    picture = drawn(name)
    assert picture.rows
    assert {len(row) for row in picture.rows} == {len(picture.head)}


@pytest.mark.parametrize("theme", template.THEMES)
@pytest.mark.parametrize("name", ALL)
def test_plotly_takes_a_picture_in_both_themes(name: str, theme: Any) -> None:
    figure = drawn(name).figure(theme)
    text = figure.to_json()
    assert "pk:" not in text
    assert figure.layout.template.layout.font.color == colours(theme)["ink-2"]


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(build_times(times(outcome="failure")), id="only failures"),
        pytest.param(coverage_trend(COVERAGE.slice(0, 0)), id="no coverage"),
        pytest.param(cache_hits(HITS.slice(0, 0)), id="no lookups"),
        pytest.param(cache_saved(SAVED.slice(1)), id="no saving known"),
        pytest.param(flaky_rates(FLAKY.slice(1)), id="no flaky test"),
    ],
)
def test_nothing_to_show_is_no_picture(picture: Picture | None) -> None:
    assert picture is None


def test_runs_of_two_days_stand_by_their_number_and_others_by_their_time() -> None:
    close, far = build_times(times(timedelta(minutes=2))), build_times(times(timedelta(days=1)))
    assert close is not None
    assert far is not None
    assert list(close.data[0]["x"]) == list(range(1, 9))
    assert far.data[0]["x"][0] == "2026-11-02 09:00:00"


def test_the_queue_has_a_panel_only_where_something_waited() -> None:
    assert "yaxis2" not in drawn("build times").layout
    assert "yaxis2" in drawn("build times with queue").layout


def test_a_short_run_is_drawn_in_seconds_and_a_long_one_in_minutes() -> None:
    short = build_times(times(duration_seconds=12.0))
    assert short is not None
    assert short.layout["yaxis"]["ticksuffix"] == " s"
    assert drawn("build times").layout["yaxis"]["ticksuffix"] == " min"
    assert drawn("build times").data[0]["y"][0] == pytest.approx(301 / 60)


LEADS = {"build times": build_times(times(), link=in_notebook), "coverage": coverage_trend(COVERAGE, in_notebook),
         "cache hits": cache_hits(HITS, in_notebook)}  # fmt: skip


@pytest.mark.parametrize("name", LEADS)
def test_each_run_of_a_chart_leads_somewhere_where_one_says_where(name: str) -> None:
    picture = LEADS[name]
    assert picture is not None
    assert list(picture.links)[:2] == ["#Run-1", "#Run-2"]
    assert picture.spec["links"] == list(picture.links)
    assert '<a href="#Run-1">1 · 2026-11-0' in picture._repr_mimebundle_()["text/html"]
    assert "links" not in drawn(name).spec


def test_dots_of_a_figure_are_links_because_plotly_knows_no_click() -> None:
    picture = LEADS["build times"]
    assert picture is not None
    dots = picture.figure().data[0]
    assert dots.mode == "markers+text"
    assert dots.text[2] == f'<a href="#Run-3" target="_self" style="color:{colours("light")["quiet"]}">●</a>'
    assert drawn("build times").figure().data[0].mode == "markers"


def test_a_link_from_outside_cannot_break_out_of_its_text() -> None:
    picture = build_times(times(), link=lambda _: '"><img src=x>')
    assert picture is not None
    assert picture.figure().data[0].text[0].startswith('<a href="&quot;&gt;&lt;img src=x&gt;" ')


def test_a_stored_figure_stands_on_white_as_it_may_be_shown_on_any_ground() -> None:
    stored = drawn("build times")._repr_mimebundle_()["application/vnd.plotly.v1+json"]
    assert stored["layout"]["paper_bgcolor"] == colours("light")["canvas"]


def test_a_saving_below_zero_is_drawn_left_of_zero() -> None:
    picture = drawn("cache saved")
    assert picture.data[0]["x"] == [-4.0]
    assert picture.layout["xaxis"]["zeroline"]
    assert len(picture.rows) == 1


def test_names_from_outside_are_escaped() -> None:
    assert drawn("flaky rates").layout["yaxis"]["ticktext"] == ["test_&lt;b&gt;"]


def test_the_script_gives_both_templates_and_every_colour() -> None:
    script = template.script()
    found = json.loads(script.split(" = ", 1)[1].rstrip(";\n"))
    for theme in template.THEMES:
        assert found[theme]["pk"] == colours(theme)
        assert found[theme]["layout"]["colorway"][0] == colours(theme)["cat-1"]
