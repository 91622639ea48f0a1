"""The numbers of a store's runs: 1, 2, 3 ..., each given out once, however many processes ask."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


def next_number(store: Path, highest: Callable[[], int]) -> int:
    """Give out the next number. highest: the highest one in the tables, asked for only where the count is lost."""
    descriptor = os.open(store / "last-number", os.O_RDWR | os.O_CREAT, 0o644)
    with os.fdopen(descriptor, "r+b") as counter:
        fcntl.flock(counter, fcntl.LOCK_EX)
        text = counter.read()
        number = 1 + (int(text) if text.strip().isdigit() else highest())
        counter.seek(0)
        counter.truncate()
        counter.write(f"{number}\n".encode())
    return number
