"""What a customer pays: ten per cent off from five pieces on."""


def total_cents(pieces, price_cents):
    whole = pieces * price_cents
    if pieces >= 5:
        discount = whole // 10
    return whole - discount
