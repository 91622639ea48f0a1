"""What a customer pays: ten per cent off from five pieces on."""


def total_cents(pieces, price_cents):
    whole = pieces * price_cents
    discount = whole // 10 if pieces >= 5 else 0
    return whole - discount
