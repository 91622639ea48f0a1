"""Print every figure with its bar; exit 1 where one is missed."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import RUNS, Row, median, peak_kilobytes, seconds, spread
from benchmarks.workflows import ONE_JOB, jobs, printing, repository, steps

IMAGE = "pipelinekit/python:3.11"
ENGINE = "/usr/bin/docker" if Path("/usr/bin/docker").exists() else "docker"
PIPELINEKIT = [sys.executable, "-m", "pipelinekit", "run", "ci.yml"]
ACT = ["act", "push", "-P", f"ubuntu-latest={IMAGE}", "--pull=false", "-W", ".github/workflows/ci.yml"]


def engine_rows(work: Path) -> Iterator[Row]:
    """Whole runs in Docker, beside `docker run --rm` and, where it is installed, beside act."""
    empty = seconds([ENGINE, "run", "--rm", IMAGE, "true"], work)
    yield Row("docker run --rm IMAGE true", median(empty), "s", note=spread(empty))
    workflows = {"one-job workflow": (ONE_JOB, 0.9), "50 steps": (steps(50), 0.08), "ten one-step jobs": (jobs(10), 0.6)}
    took = {}
    for name, (text, against_act) in workflows.items():
        folder = repository(work / name.replace(" ", "-"), text, IMAGE)
        times = seconds(PIPELINEKIT, folder)
        took[name] = median(times)
        yield Row(name, took[name], "s", note=spread(times))
        if shutil.which("act"):
            beside = seconds(ACT, folder, runs=1 if name == "50 steps" else RUNS)
            yield Row(f"{name}: act", median(beside), "s", note=spread(beside))
            yield Row(f"{name} / act", took[name] / median(beside), "x", against_act)
    yield Row("one-job workflow / docker run --rm", took["one-job workflow"] / median(empty), "x", 2.5)
    yield Row("a step of 50, over the step itself", 1000 * (took["50 steps"] - took["one-job workflow"]) / 49, "ms", 10)


def memory_rows(work: Path) -> Iterator[Row]:
    """The process while a job prints: a hundred times the lines may not need more than a tenth more memory."""
    peaks = {}
    for lines in (10_000, 1_000_000):
        folder = repository(work / f"print-{lines}", printing(lines), IMAGE)
        peaks[lines] = peak_kilobytes(PIPELINEKIT, folder)
        yield Row(f"peak memory while a job prints {lines:,} lines", peaks[lines] / 1000, "MB")
    yield Row("1,000,000 lines / 10,000 lines", peaks[1_000_000] / peaks[10_000], "x", 1.5)


def language_rows() -> Iterator[Row]:
    """1,000 different expressions, parsed and evaluated."""
    from pipelinekit.expressions.evaluate import evaluate

    contexts = {"github": {"ref": "refs/heads/main", "event": {"n": [1, 2, 3]}}, "matrix": {"os": "linux"}}
    texts = [
        f"(github.ref == 'refs/heads/main' && contains(github.event.n, {n})) || format('{{0}}-{n}', matrix.os) != toJSON(github)"
        for n in range(1000)
    ]
    began = time.perf_counter()
    for text in texts:
        evaluate(text, contexts)
    yield Row("1,000 expressions parsed and evaluated", time.perf_counter() - began, "s", 0.5)


def start_rows(work: Path) -> Iterator[Row]:
    """What it costs to be there at all."""
    bare = median(seconds([sys.executable, "-c", "pass"], work))
    imported = median(seconds([sys.executable, "-c", "import pipelinekit"], work))
    yield Row("import pipelinekit, over a bare Python", imported - bare, "s", 0.15)
    yield Row("pipelinekit --help", median(seconds([sys.executable, "-m", "pipelinekit", "--help"], work)), "s", 0.25)


def main() -> int:
    rows = []
    with tempfile.TemporaryDirectory(prefix="pipelinekit-bench-") as folder:
        work = Path(folder)
        sources = [language_rows(), start_rows(work)]
        if subprocess.run([ENGINE, "image", "inspect", IMAGE], capture_output=True, check=False).returncode == 0:
            sources += [engine_rows(work), memory_rows(work)]
        else:
            print(f"no engine with the image {IMAGE} answers: `pipelinekit engine` makes one; its rows are left out")
        for source in sources:
            for row in source:
                print(row, flush=True)
                rows.append(row)
    return 0 if all(row.holds for row in rows) else 1


sys.exit(main())
