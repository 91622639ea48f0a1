import unittest

from basket import Basket


class OneBasket(unittest.TestCase):
    def test_it_is_empty_at_first(self):
        self.assertEqual(Basket().pieces, {})

    def test_pieces_add_up(self):
        basket = Basket()
        basket.add("tea")
        basket.add("tea", 2)
        self.assertEqual(basket.pieces, {"tea": 3})

    def test_the_total_is_in_cents(self):
        basket = Basket()
        basket.add("tea", 2)
        self.assertEqual(basket.total_cents({"tea": 250}), 500)

    def test_nothing_can_not_be_added(self):
        with self.assertRaises(ValueError):
            Basket().add("tea", 0)
