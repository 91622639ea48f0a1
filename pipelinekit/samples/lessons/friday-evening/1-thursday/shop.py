"""What a customer pays."""


def total_cents(pieces, price_cents):
    return pieces * price_cents
