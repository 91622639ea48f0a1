"""The run widget: its module alone in Chromium, and what the kernel does for it."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Row
from pipelinekit.model.event import LegStarted, StepStarted
from pipelinekit.run_views.log_lines import LogLines
from pipelinekit.views.log import Line
from pipelinekit.widgets.feed import Feed
from tests.run_views import live_runs
from tests.run_views.widget_page import chromium_at, parts, shown
from tests.widgets.fake_run import FakeRun, logged

LINES = 100_000
BATCH = 2_500  # lines of a command that prints as fast as it can, every 50 ms


def rows(work: Path) -> Iterator[Row]:
    yield from _fed(work)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is not None:
        yield from _drawn(Path(program))


def _drawn(program: Path) -> Iterator[Row]:
    batch = LogLines().add((4, Line(n, f"\x1b[32mtests/test_{n % 97}.py::test_{n}\x1b[0m PASSED", n / 10)) for n in range(BATCH))
    with chromium_at(program) as browser:
        with shown(browser, live_runs.wide(20, 10)) as page:
            yield Row("the first picture of a run of 203 legs", page.first_picture(), "ms", 300)
        for legs in (60, 200):
            run = live_runs.wide(legs // 10, 10)
            with shown(browser, run) as page:
                times = page.redraw([parts(other)["state"] for other in live_runs.going_on(run)])
                yield Row(f"a matrix of {legs} legs drawn again", median(times), "ms", 100, f"longest {times[-1]:.0f} ms")
        with shown(browser, live_runs.running()) as page:
            page.find("[role=tab] >> text=Log").click()
            seconds, longest = page.pour(batch, LINES)
            yield Row(f"{LINES:,} lines shown", seconds, "s", 5, f"longest frame {longest:.0f} ms")


def _fed(work: Path) -> Iterator[Row]:
    """From the first line that happens to the last one that is sent to a view."""
    run = FakeRun.make(Path(tempfile.mkdtemp(dir=work)))
    last, through = [0], threading.Event()

    def say(message: dict[str, Any]) -> None:
        if message["op"] in ("lines", "log") and message["lines"]:
            last[0] = message["lines"][-1][0]
            if last[0] == LINES:
                through.set()

    feed = Feed(run, lambda _name, _value: None, say)
    feed.begin()
    run.doing = "go"
    run.begin()
    run.tell(LegStarted(1001.0, "lint", "ubuntu-latest"), StepStarted(1002.0, "lint", 1, "__run", "Look"))
    feed.take({"op": "watch", "view": "v", "leg": "lint", "step": 1})
    began = time.perf_counter()
    for first in range(1, LINES, 500):
        run.tell(logged("lint", 1, first, *(f"\x1b[32mtests/test.py::test_{n}\x1b[0m PASSED" for n in range(first, first + 500))))
    told = time.perf_counter() - began
    through.wait(60)
    took = time.perf_counter() - began
    yield Row(f"{LINES:,} lines through the kernel to a view", took, "s", 5, f"of that {told:.2f} s to record them")
    began = time.perf_counter()
    feed._log.find("v", "lint", "test_99999")
    yield Row(f"a word found in {LINES:,} lines", time.perf_counter() - began, "s", 2)
