"""`python -m pipelinekit.lessons.record [NAME ...]`: record the lessons anew, for machines where their pipelines can't run.

Each lesson is really played, from the pipeline as it comes to its solution, on this machine.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.executors.recorder import RecordingExecutor
from pipelinekit.executors.recordings import SUFFIX, Recordings
from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import LessonRow
from pipelinekit.lessons.solution import perform, plays
from pipelinekit.records.store import FOLDER as STORE
from pipelinekit.records.store import Store
from pipelinekit.samples.lay import FOLDER, lay_all

RECORDING = "recording"


def record(row: LessonRow) -> Recordings:
    """Play the lesson; what its commands came to. Raises SurroundingsMissing where this machine can't run them."""
    recordings = Recordings()
    EXECUTORS[RECORDING] = lambda environment: RecordingExecutor(EXECUTORS["host"](environment), recordings)
    try:
        with TemporaryDirectory(prefix="pipelinekit-") as temporary:
            folder = Path(temporary) / row.name
            lay_all(row.sample, folder)
            for play in plays(row.sample):
                for _ in perform(play, folder, Store(folder / STORE), RECORDING, dict(os.environ)):
                    pass
    finally:
        del EXECUTORS[RECORDING]
    return recordings


def main(names: list[str]) -> None:
    for row in LESSONS.values():
        if not names or row.name in names:
            file = FOLDER / row.sample / f"recording{SUFFIX}"
            record(row).write(file)
            sys.stdout.write(f"{row.name}: {file}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
