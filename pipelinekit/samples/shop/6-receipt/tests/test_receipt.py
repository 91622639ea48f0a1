from shop.basket import Basket
from shop.receipt import receipt, scannable


def test_a_receipt_ends_with_the_total() -> None:
    assert receipt(Basket({"milk": 2})) == "2 x Milk, 1 l\ntotal 2.50 EUR"


def test_the_code_is_a_picture() -> None:
    assert scannable("total 2.50 EUR").startswith("<svg")
