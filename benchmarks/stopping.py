"""Runs that stop: resumed, stepped, paused, killed."""

import collections
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import IMAGE, PIPELINEKIT, RUN
from benchmarks.killer import kill_runs, running, workflow
from benchmarks.measure import RUNS, Row, median, spread
from benchmarks.workflows import FAILING, repository, steps

KILLS = 200
STEPS = 30


def rows(work: Path) -> Iterator[Row]:
    yield from _resumed(repository(work / "resume", FAILING, IMAGE))
    yield from _stepped(repository(work / "steps", steps(STEPS), IMAGE))
    yield from _killed(repository(work / "killed", workflow(), IMAGE))


def _resumed(folder: Path) -> Iterator[Row]:
    """From the start of `pipelinekit resume` to the first line that the failed step prints again."""
    first = []
    for number in range(1, RUNS + 2):
        subprocess.run(RUN, cwd=folder, check=False, stdout=subprocess.DEVNULL)
        began = time.perf_counter()
        with subprocess.Popen([*PIPELINEKIT, "resume", str(number)], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert any(line.rstrip().endswith("|   trying") for line in process.stdout)
            first.append(time.perf_counter() - began)
            process.communicate()
    yield Row("resume to the first output of the resumed step", median(first[1:]), "s", 1.5, spread(first[1:]))
    subprocess.run([*PIPELINEKIT, "clean"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _stepped(folder: Path) -> Iterator[Row]:
    """A step that does nothing, taken from Python; and what the run costs while it is paused."""
    import pipelinekit as pk

    run = pk.start(directory=folder)
    run.step_sync()
    taken = []
    for _ in range(STEPS - 1):
        began = time.perf_counter()
        run.step_sync()
        taken.append(time.perf_counter() - began)
    yield Row("a step taken from Python, the step itself included", 1000 * median(taken), "ms", 10)
    run.pause_sync()
    yield Row("containers of a paused run that run, and so cost CPU", len(running("docker", run.run_id)), "", 0)
    subprocess.run([*PIPELINEKIT, "clean"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _killed(folder: Path) -> Iterator[Row]:
    """200 runs killed with `kill -9`, evenly over their wall time: what was lost, doubled, or left running."""
    hits = list(kill_runs(folder, "docker", KILLS))
    for where, times in collections.Counter(hit.where for hit in hits).most_common():
        yield Row(f"killed {where}", times, "x")
    yield Row("rows lost", sum(len(hit.lost) for hit in hits), "", 0)
    yield Row("rows doubled", sum(len(hit.doubled) for hit in hits), "", 0)
    yield Row("containers left running", sum(len(hit.running) for hit in hits), "", 0)
