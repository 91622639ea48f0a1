import pytest
from flask.testing import FlaskClient


def test_a_good_is_found_by_its_name(client: FlaskClient) -> None:
    assert client.get("/search?q=tea").get_json() == ["tea"]


@pytest.mark.parametrize("word", ["green", "GREEN", "Green"])
def test_search_ignores_case(client: FlaskClient, word: str) -> None:
    assert client.get(f"/search?q={word}").get_json() == ["tea"]


def test_a_word_that_no_good_has_finds_nothing(client: FlaskClient) -> None:
    assert client.get("/search?q=caviar").get_json() == []
