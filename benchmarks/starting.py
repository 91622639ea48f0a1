"""What it costs to be there at all: the language, the import, the help."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import PIPELINEKIT
from benchmarks.measure import Row, median, seconds


def rows(work: Path) -> Iterator[Row]:
    yield Row("1,000 expressions parsed and evaluated", _expressions(), "s", 0.5)
    bare = median(seconds([sys.executable, "-c", "pass"], work))
    imported = median(seconds([sys.executable, "-c", "import pipelinekit"], work))
    yield Row("import pipelinekit, over a bare Python", imported - bare, "s", 0.15)
    yield Row("pipelinekit --help", median(seconds([*PIPELINEKIT, "--help"], work)), "s", 0.25)


def _expressions() -> float:
    """Seconds for 1,000 different ones."""
    from pipelinekit.expressions.evaluate import evaluate

    contexts = {"github": {"ref": "refs/heads/main", "event": {"n": [1, 2, 3]}}, "matrix": {"os": "linux"}}
    texts = [
        f"(github.ref == 'refs/heads/main' && contains(github.event.n, {n})) || format('{{0}}-{n}', matrix.os) != toJSON(github)"
        for n in range(1000)
    ]
    began = time.perf_counter()
    for text in texts:
        evaluate(text, contexts)
    return time.perf_counter() - began
