import unittest

from greet import greeting


class Greeting(unittest.TestCase):
    def test_the_name_is_in_it(self) -> None:
        self.assertEqual(greeting("Ada"), "Hello, Ada!")


if __name__ == "__main__":
    unittest.main()
