"""A real kernel that a test gives cells to."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS = 60.0  # that a cell may take on a busy machine


@dataclass(slots=True)
class Said:
    """What came of a cell. error: name and text of what it raised, ''; traceback: as it is shown.

    shown: the bundles it displayed; updates: of them, later.
    """

    error: str = ""
    traceback: list[str] = field(default_factory=list)
    text: str = ""
    shown: list[Mapping[str, Any]] = field(default_factory=list)
    updates: list[Mapping[str, Any]] = field(default_factory=list)
    result: Mapping[str, Any] = field(default_factory=dict)


class Kernel:
    """client, manager: of jupyter_client, blocking. Untyped there."""

    def __init__(self, manager: Any, client: Any) -> None:
        self.manager, self._client = manager, client

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.process.pid)

    def begin(self, code: str) -> str:
        """Give it a cell; its number, for `wait`."""
        return str(self._client.execute(code))

    def run(self, code: str) -> Said:
        return self.wait(self.begin(code))

    def wait(self, cell: str, until: str = "") -> Said:
        """until: a word of its output that is waited for, '' for its end. Raises TimeoutError."""
        said, deadline = Said(), time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            message = self._client.get_iopub_msg(timeout=SECONDS)
            kind, content = message["header"]["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != cell:
                continue
            match kind:
                case "stream":
                    said.text += content["text"]
                case "display_data":
                    said.shown.append(content["data"])
                case "update_display_data":
                    said.updates.append(content["data"])
                case "execute_result":
                    said.result = content["data"]
                case "error":
                    said.error, said.traceback = f"{content['ename']}: {content['evalue']}", content["traceback"]
                case "status" if content["execution_state"] == "idle":
                    return said
            if until and until in said.text:
                return said
        raise TimeoutError(f"the cell is not through: {said}")


@contextlib.contextmanager
def kernel(directory: Path) -> Iterator[Kernel]:
    """A kernel of this Python that stands in `directory`; gone at the end, however it went."""
    from jupyter_client.manager import KernelManager

    manager: Any = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(directory), extra_arguments=["--IPKernelApp.log_level=ERROR"], env=dict(os.environ))
    client: Any = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
