"""Money in whole cents."""

from __future__ import annotations


def euros(cents: int) -> str:
    """The amount as people read it: 1234 is "12.34 EUR", a debt has a minus."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d} EUR"
