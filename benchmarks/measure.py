"""Commands timed as whole processes, and the rows that they make."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. bar: the most that it may be, None where nothing is promised."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.bar is None or self.value <= self.bar

    def __str__(self) -> str:
        bar = "" if self.bar is None else f"  at most {self.bar:g} {self.unit}  {'ok' if self.holds else 'MISSED'}"
        return f"{self.name:<62} {self.value:>9.3f} {self.unit:<4}{bar}{f'  ({self.note})' if self.note else ''}"


def seconds(command: Sequence[str], folder: Path, runs: int = RUNS) -> list[float]:
    """The wall time of each run, one to warm up before. Raises CalledProcessError where the command fails.

    As on a machine where it is installed, Python may keep its bytecode.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for number in range(runs + 1):
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if number:
            taken.append(time.perf_counter() - began)
    return taken


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    return f"{min(values):.2f}-{max(values):.2f} s"


def peak_kilobytes(command: Sequence[str], folder: Path) -> int:
    """The most memory that the process had at once (ru_maxrss), kB."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, command)
    return usage.ru_maxrss
