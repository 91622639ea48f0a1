"""Which lines of a step's log differ between two runs, apart from what changes in every run: times, hashes, addresses."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice, takewhile
from typing import Any, Literal

from pipelinekit.views.ansi import plain

Row = Mapping[str, Any]
Key = tuple[object, ...]

COMPARED = 5_000  # lines of a step, the last ones: what decided stands near its end
KEPT = 200  # lines that differ in a step
MOST_PAIRS = 200_000  # of equal lines, up to which every one may be matched with every other

_VOLATILE = re.compile(
    r"""
      \b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:\ ?(?:Z|UTC|[+-]\d\d:?\d\d)\b)?)?  # dates, times of day
    | \b\d\d?:\d\d:\d\d(?:[.,]\d+)?\b
    | \b\d+(?:[.,]\d+)?\ ?(?:ns|[uµm]s|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b                # durations
    | \b\d+(?:[.,]\d+)?\ ?(?:[kKMG]i?)?[Bb](?:ytes)?(?:/s|ps)\b                                     # speeds
    | \b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b                                      # UUIDs
    | \b0x[0-9a-fA-F]+\b                                                                            # addresses in memory
    | \b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b                                             # hashes, ids of containers
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b | \blocalhost:\d+\b                                      # addresses in a network
    | /tmp/[^\s:'"]+                                                                                # names made for one run
    | \b(?:pid|PID)[ =:]*\d+\b
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class StepLines:
    """The lines of a step that differ: `-` those of the first run, `+` those of the second, in their order, without escapes.

    left_out: how many more there are. cut: only the last COMPARED lines were compared.
    """

    leg: str
    step: str
    lines: tuple[tuple[Literal["-", "+"], str], ...]
    left_out: int
    cut: bool


@dataclass(slots=True)
class Lines:
    """A step's last lines, without escapes, and how many it had."""

    last: deque[str] = field(default_factory=lambda: deque(maxlen=COMPARED))
    total: int = 0


def by_step(rows: Iterable[Row], keys: Mapping[tuple[str, int], Key]) -> dict[Key, Lines]:
    """The lines of each step. A log may be larger than the memory: no more is kept than is compared.

    rows: of table `logs`, in their order. keys: of `compare.step_keys`; lines of other steps are passed over.
    """
    found: dict[Key, Lines] = {}
    for row in rows:
        if (key := keys.get((row["leg"], row["step_index"]))) is not None:
            lines = found.setdefault(key, Lines())
            lines.last.append(plain(row["text"] or ""))
            lines.total += 1
    return found


def differences(
    before: Mapping[Key, Lines], after: Mapping[Key, Lines], steps: Iterable[tuple[Key, str, str]]
) -> Iterator[StepLines]:
    """The steps whose lines differ. steps: key, leg and name of each step that ran in both runs."""
    for key, leg, name in steps:
        was, now = before.get(key, Lines()), after.get(key, Lines())
        cut = max(was.total, now.total) > COMPARED
        changes = _changes(list(was.last), list(now.last), cut=cut)
        shown = tuple(islice(changes, KEPT))
        if shown:
            yield StepLines(leg, name, shown, sum(1 for _ in changes), cut)


def mask(text: str) -> str:
    """The line with `%` for everything that changes from run to run whatever happens; counts stay."""
    return _VOLATILE.sub("%", text).rstrip()


def _changes(was: list[str], now: list[str], *, cut: bool) -> Iterator[tuple[Literal["-", "+"], str]]:
    first, second = [mask(line) for line in was], [mask(line) for line in now]
    begin = _alike(first, second)
    first, second = first[begin:], second[begin:]
    end = _alike(first[::-1], second[::-1])
    first, second = first[: len(first) - end], second[: len(second) - end]
    counts = Counter(second)
    pairs = sum(counts[line] for line in first)
    # Junk being what is said again and again, logs of a few words would be all junk; kept, too many pairs take minutes.
    for what, i, i_end, j, j_end in SequenceMatcher(None, first, second, autojunk=pairs > MOST_PAIRS).get_opcodes():
        # Where lines before were cut off, the first ones that are left need not be the same ones.
        if what == "equal" or (cut and 0 in (begin + i_end, begin + j_end)):
            continue
        yield from (("-", line) for line in was[begin + i : begin + i_end])
        yield from (("+", line) for line in now[begin + j : begin + j_end])


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """How many lines at the beginning are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
