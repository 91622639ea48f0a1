"""What the shop sells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Good:
    code: str
    name: str
    cents: int


GOODS = {
    good.code: good
    for good in (
        Good("apples", "Apples, 1 kg", 280),
        Good("bread", "Rye bread", 340),
        Good("butter", "Butter", 265),
        Good("coffee", "Coffee beans", 890),
        Good("eggs", "Six eggs", 230),
        Good("honey", "Forest honey", 650),
        Good("milk", "Milk, 1 l", 125),
        Good("tea", "Green tea", 420),
    )
}
