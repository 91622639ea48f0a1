"""What the customer takes home."""

from __future__ import annotations

import segno

from shop.basket import Basket
from shop.goods import GOODS
from shop.money import euros


def receipt(basket: Basket) -> str:
    """One line a good, then the discount, if there is one, and the total."""
    lines = [f"{count} x {GOODS[code].name}" for code, count in basket.pieces.items()]
    if basket.discount:
        lines.append(f"discount {euros(-basket.discount)}")
    return "\n".join([*lines, f"total {euros(basket.total)}"])


def scannable(text: str) -> str:
    """The text as a code to scan, SVG without a head, to be put into a page."""
    return segno.make(text, error="m").svg_inline(scale=3)
