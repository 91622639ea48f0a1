"""A basket of goods."""


class Basket:
    def __init__(self):
        self.pieces = {}

    def add(self, name, pieces=1):
        if pieces < 1:
            raise ValueError("nothing to add")
        self.pieces[name] = self.pieces.get(name, 0) + pieces

    def total_cents(self, prices):
        return sum(prices[name] * pieces for name, pieces in self.pieces.items())
