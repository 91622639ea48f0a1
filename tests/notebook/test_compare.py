import io
import json

import pytest

import pipelinekit as pk
from pipelinekit.main import main
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.views.run_links import MIME
from tests.made_store import BROKEN


def test_a_difference_is_what_the_command_line_says(shop: Store) -> None:
    diff = pk.compare(2, 3, shop)
    for form, told in (("text", repr(diff)), ("json", json.dumps(diff.data, indent=2))):
        out = io.StringIO()
        assert main(["diff", "2", "3", "--format", form, "--store", str(shop.path)], out) == 0
        assert out.getvalue() == f"{told}\n"


def test_it_shows_the_sentence_the_runs_the_legs_and_what_differs(shop: Store) -> None:
    html = pk.compare(2, 3, shop)._repr_mimebundle_()["text/html"]
    assert f"<code>{BROKEN}</code> newly fails." in html
    assert '<a href="#Run-2">2</a>' in html
    assert "<summary>Tests newly failing: 1</summary>" in html
    assert f"<code>tests.test_cart::{BROKEN}</code>" in html
    assert "<summary>Log lines: " in html


def test_what_decides_is_open_and_the_rest_folded(shop: Store) -> None:
    html = pk.compare(2, 3, shop)._repr_mimebundle_()["text/html"]
    assert '<details class="pk-twin" open><summary>Tests newly failing' in html
    assert '<details class="pk-twin"><summary>Steps' in html


def test_the_evidence_leaves_the_sentence_out(shop: Store) -> None:
    diff = pk.compare(2, 3, shop)
    shown = diff.evidence._repr_mimebundle_()
    assert "They differ in" not in shown["text/plain"]
    assert shown["text/plain"].startswith("run 2")
    assert "pk-verdict" not in shown["text/html"]


def test_it_tells_which_runs_it_names(shop: Store) -> None:
    diff = pk.compare(8, 9, shop)
    assert [str(run) for run in diff.runs] == ["8", "9"]
    assert list(diff._repr_mimebundle_()[MIME]) == ["Run-8", "Run-9"]


@pytest.mark.parametrize("name", ["legs", "steps", "caches", "facts", "settings", "logs", "newly_failing", "fixed"])
def test_each_list_is_a_frame(shop: Store, name: str) -> None:
    diff = pk.compare(8, 9, shop)
    assert len(diff.frame(name)) == len((diff.data | diff.data["tests"])[name] or [])


def test_a_frame_has_a_column_for_each_thing_that_is_inside_another(shop: Store) -> None:
    assert "took.change_seconds" in pk.compare(8, 9, shop).frame("legs")


def test_a_frame_that_is_not_there_comes_with_those_that_are(shop: Store) -> None:
    with pytest.raises(KeyError, match='no frame is called "weather"; frames here: facts, legs'):
        pk.compare(2, 3, shop).frame("weather")


def test_runs_are_named_by_number_row_or_link(shop: Store) -> None:
    two, three = (next(row for row in shop.runs() if row["number"] == number) for number in (2, 3))
    first = repr(pk.compare(2, "3", shop))
    assert repr(pk.compare(two, three, pk.evidence(shop))) == first
    assert repr(pk.compare(*pk.compare(2, 3, shop).runs, shop.path)) == first


def test_a_run_that_is_not_there_is_told_with_those_that_are(shop: Store) -> None:
    with pytest.raises(WorkflowInvalid, match='no run is called "99"'):
        pk.compare(2, 99, shop)


def test_names_from_outside_are_escaped(shop: Store) -> None:
    html = pk.compare(6, 8, shop)._repr_mimebundle_()["text/html"]
    assert "<script" not in html
