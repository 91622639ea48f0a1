import unittest

from shop import total_cents


class Shop(unittest.TestCase):
    def test_one_piece(self):
        self.assertEqual(total_cents(1, 250), 250)

    def test_three_pieces(self):
        self.assertEqual(total_cents(3, 250), 750)


if __name__ == "__main__":
    unittest.main()
