"""A live run in the cells of a kernel: one widget, what is said to it and what it says, and what a saved notebook keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelinekit.books.clean import clean
from pipelinekit.run_views.mount import MIME
from pipelinekit.widgets.bundle import VIEW, bundle
from tests.repositories import repository
from tests.widgets.fake_run import FakeRun

WORKFLOW = """
    on: push
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - {name: One, run: echo one}
          - {name: Two, run: sleep 1; echo two}
"""
PATIENCE_SECONDS = 60


def test_outside_of_a_kernel_it_is_a_picture_and_text(tmp_path: Path) -> None:
    found = bundle(FakeRun.make(tmp_path))
    assert set(found) == {"text/plain", "text/html"}
    assert found["text/plain"].splitlines()[0] == "run 7 of ci.yml: queued"
    assert clean(found["text/html"]) == found["text/html"]


class Kernel:
    """A kernel, and all that it said."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.said: list[dict[str, Any]] = []

    def run(self, code: str) -> str:
        """Start a cell; the id that its messages name as their parent."""
        started: str = self.client.execute(code)
        return started

    def until(self, holds: Callable[[], Any]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < end, [(m["msg_type"], str(m["content"])[:200]) for m in self.said[-10:]]
            self.said.append(self.client.get_iopub_msg(timeout=PATIENCE_SECONDS))

    def done(self, cell: str) -> None:
        self.until(lambda: any(m["content"].get("execution_state") == "idle" and m["parent_header"].get("msg_id") == cell for m in self.said))
        wrong = [m["content"]["evalue"] for m in self.said if m["msg_type"] == "error"]
        assert wrong == []

    def content(self, kind: str) -> list[dict[str, Any]]:
        return [m["content"] for m in self.said if m["msg_type"] == kind]

    def states(self) -> list[dict[str, Any]]:
        """Each value that the widget's state was given."""
        updates = (content["data"].get("state", {}) for content in self.content("comm_msg"))
        return [update["state"] for update in updates if "state" in update]

    def say(self, **message: Any) -> None:
        """A custom message to the widget, as its view would send it."""
        comm = next(c["comm_id"] for c in self.content("comm_open") if "_esm" in c["data"]["state"])
        content = {"comm_id": comm, "data": {"method": "custom", "content": message}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", content))

    def answers(self, op: str) -> list[dict[str, Any]]:
        found = (content["data"].get("content", {}) for content in self.content("comm_msg"))
        return [answer for answer in found if answer.get("op") == op]


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    yield Kernel(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.notebook
def test_a_run_in_a_kernel_is_one_widget_that_goes_on_while_a_cell_waits(kernel: Kernel, tmp_path: Path) -> None:
    repository(tmp_path, WORKFLOW)
    kernel.done(kernel.run(f"import pipelinekit as pk\nrun = pk.start('ci.yml', directory={str(tmp_path)!r}, executor='host')\nrun"))
    (result,) = kernel.content("execute_result")
    assert set(result["data"]) == {"text/plain", "text/html", VIEW, MIME}
    assert set(result["data"][MIME]) == {"shape", "state", "legs", "tail"}
    opened = [c for c in kernel.content("comm_open") if "_esm" in c["data"]["state"]]
    assert result["data"][VIEW]["model_id"] == opened[0]["comm_id"]
    assert opened[0]["data"]["state"]["state"]["says"] == "run 1 · not started: 1\u00a0job, 1\u00a0leg"

    kernel.say(op="watch", view="v1", leg="test", step=1)
    kernel.say(op="sync", view="v1")
    kernel.until(lambda: kernel.answers("here"))
    kernel.say(op="do", verb="step", view="v1")
    kernel.until(lambda: any("paused before One" in state["says"] for state in kernel.states()))

    blocking = kernel.run("done = run.finish_sync()\nprint('said by the cell')")
    kernel.until(lambda: any(state["state"] == "running" for state in kernel.states()))
    assert not any(m["content"].get("execution_state") == "idle" and m["parent_header"].get("msg_id") == blocking for m in kernel.said)
    kernel.done(blocking)
    kernel.until(lambda: any(state["state"] == "success" for state in kernel.states()))
    assert any(line[3] == "one" for answer in (*kernel.answers("lines"), *kernel.answers("log")) for line in answer["lines"])
    assert [c["text"] for c in kernel.content("stream")] == ["said by the cell\n"], "nothing of the widget lands in a cell"

    kernel.done(kernel.run("run"))
    again = kernel.content("execute_result")[-1]["data"]
    assert again[VIEW] == result["data"][VIEW]
    assert MIME not in again, "where a view is open, a cell need not keep what it draws"
    assert again["text/plain"].splitlines()[0] == "run 1 of ci.yml: success"
    assert len([c for c in kernel.content("comm_open") if "_esm" in c["data"]["state"]]) == 1
