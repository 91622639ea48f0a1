import pytest

from shop.money import euros


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0.00 EUR"), (5, "0.05 EUR"), (1234, "12.34 EUR"), (-250, "-2.50 EUR"), (100_000, "1000.00 EUR")],
)
def test_money_reads_as_people_write_it(cents: int, text: str) -> None:
    assert euros(cents) == text
