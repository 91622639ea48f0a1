"""The folder that stands for a `uses`: by a row of `[tool.pipelinekit.actions]`, or because it names one of the repository."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipelinekit.model.action import Action
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Problems
from pipelinekit.workflows.read_action import ACTION_FILES, read_action
from pipelinekit.workspaces.manifest import Files, file_hash
from pipelinekit.workspaces.repository import STORE

SKIP = "skip"
MOST_LEVELS = 10  # of composite actions that use one another
DOCKERFILES = ("Dockerfile", "dockerfile")

_IN_WORKSPACE = "./"
_BESIDE = "$/"  # in the repository of the file that says so, with no checkout
_NEVER_LAID = frozenset({".git", STORE})


@dataclass(frozen=True, slots=True)
class ActionFolder:
    """path: on this machine. root: where `$/` begins in it. row: the key in `[tool.pipelinekit.actions]`, '' without one.

    in_workspace: it is read from the job's workspace when its step comes, as checkout and other steps left it there; `path` is then
    what the repository has at that place now.
    """

    uses: str
    path: Path
    root: Path
    row: str = ""
    in_workspace: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds. file: of the action, '' where there is none. action: None where it can't be read.

    is_dockerfile: in its stead there is a Dockerfile, which makes a Docker action.
    """

    file: str = ""
    action: Action | None = None
    problems: tuple[Problem, ...] = ()
    is_dockerfile: bool = False


class Actions:
    """What stands for actions in a run. top: of the repository, from which the folders in rows are seen.

    rows: of `[tool.pipelinekit.actions]`. seen_from: where the person stands, to whom files are named. place: of a row.
    """

    def __init__(
        self, top: Path, rows: Mapping[str, str] | None = None, seen_from: Path | None = None,
        place: Callable[[str], Position | None] = lambda _: None,
    ) -> None:
        self.place = place
        self._top, self._rows, self._seen_from = top, rows or {}, seen_from or top
        self._found: dict[Path, Found] = {}
        self._read: dict[tuple[str, bytes], tuple[Action | None, Problems]] = {}
        self._files: dict[Path, Files] = {}

    def told(self, uses: str) -> str:
        """`skip` or a folder, said of the action with its ref or without; '' where nothing is said."""
        return self._rows.get(self._row(uses), "")

    def folder(self, uses: str, root: Path | None = None) -> ActionFolder | None:
        """What stands for it; None where that is no folder. root: of the repository of the file that says so, ours if not said."""
        row = self._row(uses)
        if row:
            path = _normal(self._top / self._rows[row])
            return ActionFolder(uses, path, _root(path, uses), row) if self._rows[row] != SKIP else None
        if uses.startswith(_IN_WORKSPACE):
            return ActionFolder(uses, _normal(self._top / uses), self._top, in_workspace=True)
        if uses.startswith(_BESIDE) and uses != _BESIDE:
            here = root or self._top
            return ActionFolder(uses, _normal(here / uses.removeprefix(_BESIDE)), here)
        return None

    def find(self, folder: ActionFolder) -> Found:
        """What the folder holds, as it was when first asked."""
        if folder.path not in self._found:
            self._found[folder.path] = self._look(folder.path)
        return self._found[folder.path]

    def read(self, file: str, content: bytes) -> tuple[Action | None, Problems]:
        """`read_action`, once for the same content: the legs of a matrix use the same."""
        key = (file, content)
        if key not in self._read:
            self._read[key] = read_action(file, content)
        return self._read[key]

    def seen(self, folder: ActionFolder) -> str:
        """Its path from the top; `.` for the top itself."""
        return os.path.relpath(folder.path, self._top)

    def files(self, folder: ActionFolder, *, anew: bool = False) -> Files:
        """What is laid into a place of it, by path as seen from the top, each with a hash. anew: look again."""
        if anew or folder.path not in self._files:
            beginning = self.seen(folder)
            self._files[folder.path] = {
                posixpath.normpath(f"{beginning}/{name}"): _hash(file) for name, file in laid(folder.path)
            }
        return self._files[folder.path]

    def _row(self, uses: str) -> str:
        """The key that is meant, '' where none is."""
        return next((key for key in (uses, uses.split("@", maxsplit=1)[0]) if key in self._rows), "")

    def _look(self, path: Path) -> Found:
        for name in ACTION_FILES:
            if (path / name).is_file():
                shown = os.path.relpath(path / name, self._seen_from)
                try:
                    action, problems = self.read(shown, (path / name).read_bytes())
                except OSError as error:
                    return Found(shown, problems=(Problem("file", f'"{shown}" can\'t be read: {error.strerror or error}'),))
                return Found(shown, action, tuple(problems))
        return Found(is_dockerfile=any((path / name).is_file() for name in DOCKERFILES))


def laid(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of it, by its path below it, in order. Links are followed, each folder once."""
    seen: set[Path] = set()
    for here, folders, names in os.walk(folder, followlinks=True):
        real = Path(here).resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if name not in _NEVER_LAID)
        for name in sorted(names):
            file = Path(here, name)
            if file.is_file() and name not in _NEVER_LAID:
                yield file.relative_to(folder).as_posix(), file


def _hash(file: Path) -> str:
    try:
        return file_hash(file.resolve())
    except OSError:  # who copies it says why
        return ""


def _root(path: Path, uses: str) -> Path:
    """Of `acme/tools/greet@v1`, which `vendor/greet` stands for, `vendor`; the folder itself where it is called otherwise."""
    below = PurePosixPath(*uses.split("@", maxsplit=1)[0].split("/")[2:])
    return path.parents[len(below.parts) - 1] if below.parts and path.parts[-len(below.parts) :] == below.parts else path


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))
