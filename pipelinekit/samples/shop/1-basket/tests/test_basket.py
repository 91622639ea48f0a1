import pytest

from shop.basket import Basket, UnknownGood


def test_an_empty_basket_costs_nothing() -> None:
    assert Basket().total == 0


def test_the_same_good_adds_up() -> None:
    basket = Basket()
    basket.put("milk")
    basket.put("milk", 2)
    assert basket.pieces == {"milk": 3}
    assert basket.total == 375


def test_the_last_piece_leaves_the_basket() -> None:
    basket = Basket({"tea": 1})
    basket.take("tea")
    assert basket.pieces == {}


@pytest.mark.parametrize("code", ["", "caviar", "Milk"])
def test_what_the_shop_does_not_sell_is_refused(code: str) -> None:
    with pytest.raises(UnknownGood):
        Basket().put(code)


def test_what_is_not_in_the_basket_cannot_be_taken() -> None:
    with pytest.raises(UnknownGood):
        Basket().take("milk")


@pytest.mark.parametrize("count", [0, -1])
def test_less_than_one_piece_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Basket().put("milk", count)
