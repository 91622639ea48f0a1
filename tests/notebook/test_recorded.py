import pytest

import pipelinekit as pk
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.views.run_links import MIME
from tests.made_store import BROKEN, run_id


def test_a_run_is_shown_under_the_heading_that_links_lead_to(shop: Store) -> None:
    shown = pk.show(3, store=shop)._repr_mimebundle_()
    assert '<h3 id="Run-3"><a href="#Run-3">Run 3</a></h3>' in shown["text/html"]
    assert shown[MIME] == {"Run-3": [run_id(3), 1]}


def test_a_run_that_failed_says_why_and_shows_the_log_of_what_failed(shop: Store) -> None:
    html = pk.show(3, store=shop)._repr_mimebundle_()["text/html"]
    assert '<div class="pk-callout pk-failure">' in html
    assert BROKEN in html
    assert "$ pytest --cov\n1 failed" in html
    assert "All of it: pipelinekit logs 3" in html
    assert "#leg-" not in html  # there is no page around it


def test_a_run_alone_shows_every_step_and_one_among_others_is_folded(shop: Store) -> None:
    alone, among = (pk.show(*runs, store=shop)._repr_mimebundle_()["text/html"] for runs in ((2,), (2, 4)))
    assert "Check out" in alone
    assert "<details" not in alone.split('<div class="pk-log">', maxsplit=1)[0]
    assert "Check out" not in among
    assert among.count("<h3 id=") == 2


def test_a_run_that_failed_is_open_among_others(shop: Store) -> None:
    html = pk.show(2, 3, store=shop)._repr_mimebundle_()["text/html"]
    assert html.count('<details class="pk-twin" open>') == 1


def test_its_text_is_one_line_and_its_legs(shop: Store) -> None:
    text = repr(pk.show(3, store=shop)).replace("\xa0", " ")
    assert text.splitlines()[0] == "Run 3  failure  44s  60d4c8b  Round discounts to whole cents"
    assert "  test (3.9)   failure  18s  Test" in text
    assert '  deploy       skipped  –    because "test (3.9)" failed' in text


def test_runs_are_named_in_every_way(shop: Store) -> None:
    row = next(row for row in shop.runs() if row["number"] == 3)
    first = repr(pk.show(3, store=shop))
    for named in ("3", "3.1", run_id(3)[:20], row, pk.compare(2, 3, shop).runs[1]):
        assert repr(pk.show(named, store=shop)) == first


def test_no_run_is_a_sentence(shop: Store) -> None:
    assert "No run to show." in pk.show(store=shop)._repr_mimebundle_()["text/html"]


def test_a_run_that_is_not_there_is_told(shop: Store) -> None:
    with pytest.raises(WorkflowInvalid, match='no run is called "99"'):
        pk.show(99, store=shop)


def test_what_steps_print_is_escaped(shop: Store) -> None:
    html = pk.show(7, 3, store=shop)._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "\x1b" not in html
