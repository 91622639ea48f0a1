from flask.testing import FlaskClient


def test_goods_have_their_price(client: FlaskClient) -> None:
    goods = client.get("/goods").get_json()
    assert {"code": "milk", "name": "Milk, 1 l", "price": "1.25 EUR"} in goods


def test_a_basket_is_kept_for_each_customer(client: FlaskClient) -> None:
    client.post("/basket/ada", json={"code": "bread"})
    client.post("/basket/ben", json={"code": "honey", "count": 2})
    assert client.get("/basket/ada").get_json() == {"pieces": {"bread": 1}, "total": "3.40 EUR"}
    assert client.get("/basket/ben").get_json()["total"] == "13.00 EUR"


def test_checkout_empties_the_basket(client: FlaskClient) -> None:
    client.post("/basket/ada", json={"code": "coffee"})
    assert client.post("/checkout/ada").get_json()["paid"] == "8.90 EUR"
    assert client.get("/basket/ada").get_json()["pieces"] == {}


def test_an_empty_basket_cannot_be_paid(client: FlaskClient) -> None:
    assert client.post("/checkout/ada").status_code == 409


def test_an_unknown_good_is_not_found(client: FlaskClient) -> None:
    answer = client.post("/basket/ada", json={"code": "caviar"})
    assert (answer.status_code, answer.get_json()) == (404, {"error": "no such good: caviar"})


def test_a_count_below_one_is_refused(client: FlaskClient) -> None:
    assert client.post("/basket/ada", json={"code": "milk", "count": 0}).status_code == 400
