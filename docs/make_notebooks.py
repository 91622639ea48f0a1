"""`python -m docs.make_notebooks`: execute the notebooks as they come, lessons too, for their pages in the documentation.

The copies go to `build/notebooks`, made anew. Each runs in a folder of its own, away from the repository, so that it shows the
recorded store that comes with pipelinekit and lays its samples there; the pipelines run on this machine, without an engine.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from docs.site_files import MADE
from pipelinekit.books.execute import execute
from pipelinekit.books.parameters import declared
from pipelinekit.books.shipped import everything, folder


def make(sources: tuple[Path, ...], made: Path, out: TextIO) -> None:
    """Write an executed copy of each of `sources`, files in the folder of the shipped ones, into `made`. Raises NotebookFailed."""
    shutil.rmtree(made, ignore_errors=True)
    for source in sources:
        name = source.relative_to(folder())
        out.write(f"running {name.as_posix()}\n")
        out.flush()
        here = {"executor": "host"} if any(parameter.name == "executor" for parameter in declared(source)) else {}
        with tempfile.TemporaryDirectory(prefix="pipelinekit-") as directory:
            execute(source, made / name, here, directory=Path(directory))


if __name__ == "__main__":
    make(everything(), MADE, sys.stdout)
