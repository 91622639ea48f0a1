"""Names of runs: UUIDs of version 7, so that sorting the names sorts the runs by time."""

import os
import time
from collections.abc import Callable
from uuid import UUID

_last = 0  # the newest time that a name was made from: two names of one process never share one


def new_run_id(clock_ns: Callable[[], int] = time.time_ns) -> str:
    """A name that sorts after every earlier one: 48 bits of milliseconds, 12 bits of their fraction, 62 random bits.

    clock_ns: nanoseconds since 1970 in UTC. Source: RFC 9562, 5.7, with the fraction of section 6.2, method 3.
    """
    global _last  # noqa: PLW0603 - order within the process is the one thing that must be remembered
    # A fraction of 12 bits is 244 ns: a clock that stands still, or goes back, is pushed on by one of them.
    ticks = max((clock_ns() << 12) // 1_000_000, _last + 1)
    _last = ticks
    value = ((ticks >> 12) & (1 << 48) - 1) << 80 | 7 << 76 | (ticks & 0xFFF) << 64
    value |= 2 << 62 | int.from_bytes(os.urandom(8)) >> 2
    return str(UUID(int=value))
