"""What a container has used, read from its control group by its own shell: the engine's own answer may take 200 ms."""

from pipelinekit.executors.base import Usage

_V2 = ("/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/memory.peak")
_V1 = ("/sys/fs/cgroup/cpuacct/cpuacct.usage", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes")

# https://docs.kernel.org/admin-guide/cgroup-v2.html and /cgroup-v1/: microseconds there, nanoseconds here
SCRIPT = f"if [ -r {_V2[0]} ]; then echo v2; cat {_V2[1]} {_V2[0]}; else echo v1; cat {_V1[1]} {_V1[0]}; fi 2>/dev/null"


def read(lines: list[str]) -> Usage:
    """The usage that the script's lines tell; what they don't tell is None."""
    version, *rest = lines or [""]
    numbers = [int(line) for line in rest if line.isdigit()]
    if version == "v1":
        return Usage(numbers[1] / 1e9, numbers[0]) if len(numbers) == 2 else Usage()
    spent = next((int(line.split()[1]) / 1e6 for line in rest if line.startswith("usage_usec ")), None)
    return Usage(spent, numbers[0] if numbers else None)
