import unittest

from warehouse import stock


class Warehouse(unittest.TestCase):
    def test_tea_is_in_stock(self):
        self.assertEqual(stock("tea"), 12)

    def test_cups_are_in_stock(self):
        self.assertEqual(stock("cup"), 3)

    def test_of_what_nobody_sells_there_is_none(self):
        self.assertEqual(stock("sofa"), 0)

    def test_tea_lasts_for_a_dozen(self):
        self.assertGreaterEqual(stock("tea"), 12)
