"""Print every figure with its bar; exit 1 where one is missed. With names, as `starting widget`, only those."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import remembering, running, starting, stopping, widget
from benchmarks.commands import ENGINE, IMAGE

PARTS = {
    "starting": starting.rows, "running": running.rows, "remembering": remembering.rows, "stopping": stopping.rows,
    "widget": widget.rows,
}
NEED_ENGINE = {"running", "remembering", "stopping"}


def main(words: list[str]) -> int:
    wanted = words or list(PARTS)
    if subprocess.run([ENGINE, "image", "inspect", IMAGE], capture_output=True, check=False).returncode:
        print(f"no engine with the image {IMAGE} answers: `pipelinekit engine` makes one; its rows are left out")
        wanted = [name for name in wanted if name not in NEED_ENGINE]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="pipelinekit-bench-") as folder:
        for name in wanted:
            work = Path(folder, name)
            work.mkdir()
            for row in PARTS[name](work):
                print(row, flush=True)
                missed += not row.holds
    return 1 if missed else 0


sys.exit(main(sys.argv[1:]))
