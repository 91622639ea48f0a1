from pipelinekit.notebook.table import table

ROWS: list[dict[str, object]] = [{"test": "<b>one</b>", "took": "1.2s", "n": 3}, {"test": "two", "took": "–", "n": None}]


def test_what_comes_from_outside_is_escaped() -> None:
    assert "&lt;b&gt;one&lt;/b&gt;" in table(ROWS)._repr_html_()


def test_columns_of_numbers_stand_right() -> None:
    html = table(ROWS)._repr_html_()
    assert '<th scope="col">Test</th><th scope="col" class="pk-r">Took</th>' in html


def test_text_has_the_same_columns() -> None:
    assert repr(table(ROWS)) == "test        took  n\n<b>one</b>  1.2s  3\ntwo            –"


def test_no_rows_are_a_sentence() -> None:
    empty = table([], "Every test is healthy.")
    assert repr(empty) == "Every test is healthy."
    assert "<p>Every test is healthy.</p>" in empty._repr_html_()
