"""Tables and text that bring their styles along."""

from pipelinekit.books.clean import clean
from pipelinekit.views import bare
from pipelinekit.views.markup import Html, join
from tests.views.parsed import HOSTILE, assert_harmless, parse


def test_the_first_cell_of_a_row_names_it_and_numbers_stand_right() -> None:
    tree = parse(bare.table(("leg", "took"), [("test", "9.8s")], numbers={1}))
    assert [(cell.name, cell.attributes["scope"], cell.text) for cell in tree.all("th")] == [
        ("th", "col", "leg"), ("th", "col", "took"), ("th", "row", "test"),
    ]  # fmt: skip
    assert tree.one("td").attributes["style"].endswith("text-align:right")
    assert tree.all("th")[0].attributes["style"].endswith("text-align:left")


def test_facts_are_pairs_without_a_head() -> None:
    tree = parse(bare.facts([("image", "python:3.11")]))
    assert tree.all("thead") == []
    assert [cell.text for cell in (*tree.all("th"), *tree.all("td"))] == ["image", "python:3.11"]


def test_a_state_is_an_icon_and_its_word() -> None:
    tree = parse(bare.state("missing", "failure"))
    assert tree.one("img").attributes["src"] == parse(bare.state("failure")).one("img").attributes["src"]
    assert tree.text.strip() == "missing"


def test_all_of_it_comes_through_the_cleaning_of_a_page() -> None:
    whole = join((bare.text("A ", Html("<b>word</b>")), bare.table(("a",), [("b",)]), bare.code("$ echo"), bare.state("success")))
    assert clean(whole) == whole


def test_names_do_no_harm() -> None:
    assert_harmless(join((bare.text(HOSTILE), bare.code(HOSTILE), bare.table((HOSTILE,), [(HOSTILE,)]), bare.facts([(HOSTILE, HOSTILE)]))))
