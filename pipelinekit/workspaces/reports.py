"""Which files of a workspace are test reports and coverage files that a job has just made."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelinekit.workspaces.globs import Patterns

_NEVER = frozenset({".git", ".hg", ".pipelinekit", ".venv", "venv", "node_modules", "site-packages", ".tox", ".nox"})


def find_reports(folder: Path, globs: Sequence[str], since: float) -> Iterator[str]:
    """Paths from the folder's top, in order, of files that one of the globs takes and that changed after `since`.

    globs: in the dialect of hashFiles. since: seconds since 1970: what was checked out keeps its older time, so that a report
    which lies in the repository as a test's sample is nobody's result.
    """
    patterns = Patterns(globs)
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NEVER)
        for name in sorted(files):
            file = Path(here, name)
            path = file.relative_to(folder).as_posix()
            if patterns.match(path) and file.is_file() and file.stat().st_mtime >= since:
                yield path
