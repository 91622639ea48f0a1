"""Who can open places, by the name that `--executor` gives."""

from collections.abc import Callable, Mapping

from pipelinekit.executors.base import Executor
from pipelinekit.executors.docker import DockerExecutor
from pipelinekit.executors.host import HostExecutor
from pipelinekit.executors.replay import ReplayExecutor

# Each is made from the environment of the process; making one is quick, what it needs is looked for when it is asked.
EXECUTORS: dict[str, Callable[[Mapping[str, str]], Executor]] = {
    "docker": DockerExecutor,
    "host": HostExecutor,
    "replay": ReplayExecutor,
}

# What the column `source` says of its runs, where that is not pipelinekit itself.
SOURCES = {"replay": "replay"}
