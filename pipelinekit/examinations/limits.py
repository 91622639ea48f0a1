"""Limits of this process that a run with many legs meets: memory, open files, processes."""

import resource
from collections.abc import Iterator
from pathlib import Path

from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Finding, Health
from pipelinekit.views.words import size

MEMINFO = Path("/proc/meminfo")
LITTLE_BYTES = 2_000_000_000  # two legs with a compiler or a browser in them
FEW_FILES = 512  # each leg in a container holds about eight


def limits(_machine: Machine) -> Iterator[Finding]:
    yield from memory(MEMINFO)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < FEW_FILES:
        yield Finding("open files", Health.WARNING, f"at most {soft} at a time", "ulimit -n 4096")


def memory(meminfo: Path) -> Iterator[Finding]:
    """meminfo: as the kernel writes it; nothing is found on systems without."""
    if not meminfo.exists():
        return
    words = dict(line.split(":", 1) for line in meminfo.read_text(encoding="ascii").splitlines() if ":" in line)
    free, whole = (int(words[key].split()[0]) * 1024 for key in ("MemAvailable", "MemTotal"))
    detail = f"{size(free)} of {size(whole)} available"
    if free < LITTLE_BYTES:
        yield Finding("memory", Health.WARNING, detail, "run fewer legs at a time: pipelinekit run --parallel 1")
    else:
        yield Finding("memory", Health.FINE, detail)
