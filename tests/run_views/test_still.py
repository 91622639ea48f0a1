"""A run as it stands in a saved notebook."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipelinekit.books.clean import clean
from pipelinekit.model.run_state import LegState
from pipelinekit.run_views.live_run import Failure, LiveRun
from pipelinekit.run_views.still import MOST_LEGS, html, text
from tests.run_views import live_runs
from tests.views.parsed import HOSTILE, parse


@pytest.mark.parametrize("make", live_runs.ALL.values(), ids=live_runs.ALL)
def test_nothing_of_it_is_taken_out_of_a_saved_notebook(make: Callable[[], LiveRun]) -> None:
    assert clean(html(make())) == html(make())


def test_the_picture_says_in_words_what_it_shows() -> None:
    image = parse(html(live_runs.paused())).one("img")
    assert image.attributes["src"].startswith("data:image/svg+xml;base64,")
    assert "test: 1 of 6 failed" in image.attributes["alt"]


def test_jobs_and_steps_are_a_table_with_the_state_first() -> None:
    rows = [[cell.text for cell in row.all()if cell.name in ("th", "td")] for row in parse(html(live_runs.paused())).one("tbody").all("tr")]
    assert rows[0][:3] == ["success", "lint", "19s"]
    assert rows[1][:3] == ["remembered", "typecheck", "0.3s"]
    assert ["failure", "test (3.12, postgres)", "–", ""] in rows
    assert ["failure", "\u2003Run pytest", "1m\u00a021s", "exit code 1"] in rows


def test_why_it_failed_stands_above_the_table() -> None:
    tree = parse(html(live_runs.paused()))
    assert "failure: 1 of 412 tests failed." in tree.text
    assert tree.one("pre").text == "E       AssertionError: assert Decimal('41.97') == Decimal('62.96')"


def test_of_many_legs_only_those_that_need_a_look_show_their_steps() -> None:
    tree = parse(html(live_runs.wide(20, 10)))
    names = [row.all("th")[0].text for row in tree.one("tbody").all("tr")]
    assert len(names) < 5 * MOST_LEGS
    assert "more" in tree.text
    assert "failure" in names


def test_the_text_is_the_same_for_runs_that_went_alike() -> None:
    run = live_runs.paused()
    later = replace(run, now=run.now + 1000)
    assert text(run) == text(later)
    assert text(run).splitlines()[:3] == ["run 27 of ci.yml: paused", "  success: lint", "    success: ruff check"]
    assert "  failure: test (3.12, postgres)" in text(run).splitlines()


def test_a_run_that_has_not_begun_is_there_too() -> None:
    assert text(live_runs.fresh()).splitlines()[:2] == ["run 27 of ci.yml: queued", "  queued: lint"]
    assert "queued: ci.yml" in parse(html(live_runs.fresh())).text


def test_hostile_names_are_text() -> None:
    run = live_runs.paused()
    legs = tuple(replace(leg, leg=HOSTILE, job=HOSTILE, reason=HOSTILE) for leg in run.state.legs[:1])
    found = Failure((HOSTILE,), HOSTILE, HOSTILE, HOSTILE, ((1, HOSTILE),))
    drawn = html(replace(run, title=HOSTILE, state=replace(run.state, legs=legs), failures=(found,), at=None))
    assert [element.name for element in parse(drawn).all("script")] == []
    assert len(parse(drawn).all("img")) == 1
    assert clean(drawn) == drawn


def test_a_leg_that_was_remembered_says_why() -> None:
    assert isinstance(live_runs.finished().state.legs[1], LegState)
    assert "remembered: typecheck, nothing that it reads had changed" in text(live_runs.finished())
