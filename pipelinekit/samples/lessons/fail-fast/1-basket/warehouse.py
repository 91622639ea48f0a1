"""The warehouse of another team, which answers slowly."""

import time


def stock(name):
    time.sleep(0.6)
    return {"tea": 12, "cup": 3}.get(name, 0)
