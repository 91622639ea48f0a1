"""Which file is meant: a path, a name in `.github/workflows`, or nothing where there is only one."""

import os
from pathlib import Path

from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.workflow import Workflow
from pipelinekit.workflows.read import read_file
from pipelinekit.workflows.suggest import suggestion

FOLDER = Path(".github", "workflows")
_ENDINGS = (".yml", ".yaml")


def find(directory: Path, name: str | None) -> Path:
    """The workflow file that is meant, absolute or as `directory` is.

    name: a path seen from `directory`, or a file's name with or without its ending in the repository's
    `.github/workflows`, which is looked for in `directory` and in the folders above it. None takes the only workflow.
    Raises WorkflowInvalid with what there is.
    """
    folder = workflow_folder(directory)
    present = workflow_files(directory)
    if name is None:
        return _only(directory, present)
    candidates = [directory / name]
    if folder is not None:
        candidates += [folder / name, *(folder / f"{name}{ending}" for ending in _ENDINGS)]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    names = [path.name for path in present]
    hint = suggestion(Path(name).name, names, f"workflows in {FOLDER}") or f"there is no workflow in {FOLDER} either"
    if (directory / name).is_dir():
        raise WorkflowInvalid(Problem("file", f'"{name}" is a folder, not a workflow file', hint=hint))
    raise WorkflowInvalid(Problem("file", f'there is no workflow "{name}"', hint=hint))


def workflow_folder(directory: Path) -> Path | None:
    """`.github/workflows` of the repository that `directory` is in, or None. The search ends at the repository's top."""
    for above in (directory, *directory.parents):
        if (above / FOLDER).is_dir():
            return above / FOLDER
        if (above / ".git").exists():
            return None
    return None


def workflow_files(directory: Path) -> list[Path]:
    """All workflows of the repository that `directory` is in, by name."""
    folder = workflow_folder(directory)
    if folder is None:
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS and path.is_file())


def read_shown(directory: Path, path: Path) -> tuple[Workflow | None, list[Problem]]:
    """Read the file; positions name it as seen from `directory`, so that a terminal can follow them."""
    return read_file(path, os.path.relpath(path, directory))


def _only(directory: Path, present: list[Path]) -> Path:
    if len(present) == 1:
        return present[0]
    if not present:
        hint = f"give a file, or make one in {FOLDER}"
        raise WorkflowInvalid(Problem("file", f"there is no workflow in {FOLDER}", hint=hint))
    width = max(len(path.name) for path in present)
    listed = "\n".join(f"  {path.name:<{width}}  {_events(directory, path)}" for path in present)
    raise WorkflowInvalid(Problem("file", f"there are {len(present)} workflows; say which:\n{listed}"))


def _events(directory: Path, path: Path) -> str:
    workflow, problems = read_shown(directory, path)
    if workflow is None:
        return f"can't be read: {problems[0].message}"
    return ", ".join(on.event for on in workflow.on)
