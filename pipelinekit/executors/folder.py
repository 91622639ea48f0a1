"""A place that is a folder of this machine: its paths, and files in and out of it."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from pipelinekit.executors.base import Place, PlaceRequest
from pipelinekit.model.problem import SurroundingsMissing


def make_folder(request: PlaceRequest) -> Path:
    """The leg's folder, absolute, with `workspace` and `temp` in it."""
    folder = request.folder.resolve()
    for name in ("workspace", "temp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


class FolderExecutor(ABC):
    """What the executors of such places have in common: a place is there as long as its folder is."""

    @abstractmethod
    def open(self, request: PlaceRequest) -> Place: ...

    def reopen(self, request: PlaceRequest, name: str) -> Place:
        if not Path(name).is_dir():
            raise SurroundingsMissing(f"the folder {name} is gone")
        return self.open(request)

    def discard(self, name: str) -> None:
        shutil.rmtree(name, ignore_errors=True)


class FolderPlace:
    """What such places have in common. environment: what a command finds there before anything is laid over it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    @property
    def name(self) -> str:
        return str(self._folder)

    @property
    def image(self) -> str:
        return ""

    @property
    def image_digest(self) -> str:
        return ""

    @property
    def environment(self) -> Mapping[str, str]:
        return self._environment

    @property
    def workspace(self) -> str:
        return str(self._folder / "workspace")

    @property
    def temp(self) -> str:
        return str(self._folder / "temp")

    @property
    def private(self) -> str:
        return str(self._folder / "private")

    @property
    def workspace_folder(self) -> Path:
        return self._folder / "workspace"

    def read(self, path: str) -> bytes:
        return Path(self.workspace, path).read_bytes()

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        file = self._made(path)
        file.touch(mode)
        file.write_bytes(content)

    def fetch(self, path: str, file: Path) -> None:
        shutil.copyfile(Path(self.workspace, path), file)

    def send(self, file: Path, path: str) -> None:
        shutil.copy(file, self._made(path))

    def _made(self, path: str) -> Path:
        file = Path(self.workspace, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        return file
