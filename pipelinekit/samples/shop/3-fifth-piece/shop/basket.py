"""What a customer is about to buy."""

from __future__ import annotations

from dataclasses import dataclass, field

from shop.goods import GOODS

DISCOUNT_FROM = 5  # pieces


class UnknownGood(LookupError):
    """The shop does not sell it."""


@dataclass
class Basket:
    pieces: dict[str, int] = field(default_factory=dict)

    def put(self, code: str, count: int = 1) -> None:
        if code not in GOODS:
            raise UnknownGood(code)
        if count < 1:
            raise ValueError("at least one piece")
        self.pieces[code] = self.pieces.get(code, 0) + count

    def take(self, code: str) -> None:
        if code not in self.pieces:
            raise UnknownGood(code)
        self.pieces[code] -= 1
        if not self.pieces[code]:
            del self.pieces[code]

    @property
    def subtotal(self) -> int:
        """Cents, before any discount."""
        return sum(GOODS[code].cents * count for code, count in self.pieces.items())

    @property
    def discount(self) -> int:
        """Cents off: ten per cent from five pieces on."""
        if sum(self.pieces.values()) >= DISCOUNT_FROM:
            return self.subtotal // 10
        return 0

    @property
    def total(self) -> int:
        """Cents to pay."""
        return self.subtotal - self.discount
