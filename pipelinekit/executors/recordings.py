"""What commands came to when they really ran, each known by what it was and what it found: what the replay executor shows.

A file of recordings has one a line, as JSON, after a first line that says its format.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipelinekit.executors.base import Command, Place
from pipelinekit.model.problem import SurroundingsMissing

FORMAT = 1
SUFFIX = ".jsonl"

# What a command writes for its runner: the variable that names the file, and what it is called in a recording.
FILES = {
    "GITHUB_ENV": "env", "GITHUB_OUTPUT": "output", "GITHUB_PATH": "path", "GITHUB_STATE": "state",
    "GITHUB_STEP_SUMMARY": "step_summary",
}  # fmt: skip
# Of the workspace neither git's own files count, nor workflows (a step is what is in its command, wherever that is written), nor
# what Python compiles in passing, which holds the times of files.
_BESIDE = (".git/", ".github/workflows/", "__pycache__/")
# Of the runner's variables those count that a script names, but for the ones that say where something lies.
_RUNNERS = ("GITHUB_", "RUNNER_", "ACTIONS_")
_PLACES = frozenset({
    *FILES, "CI", "PATH", "HOME", "GITHUB_ACTIONS", "GITHUB_ACTION_PATH", "GITHUB_WORKSPACE", "GITHUB_EVENT_PATH", "RUNNER_TEMP",
})  # fmt: skip
_GIT = re.compile(r"\bgit\b")  # who asks git reads the commit


@dataclass(frozen=True, slots=True)
class Recording:
    """command: for people. lines: (seconds since it began, text). files: of the workspace, as (path, mode, text), that it made or
    changed; removed: that it removed. given: what it wrote for its runner, by the names of FILES.
    """

    key: str
    command: str
    exit_code: int
    seconds: float
    lines: tuple[tuple[float, str], ...] = ()
    files: tuple[tuple[str, int, str], ...] = ()
    removed: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


class Recordings:
    """Recordings by their keys. Of two of one key the first counts."""

    def __init__(self, recordings: Iterable[Recording] = ()) -> None:
        self._by_key: dict[str, Recording] = {}
        for recording in recordings:
            self.add(recording)

    @classmethod
    def read(cls, files: Iterable[Path]) -> "Recordings":
        """All of the files. Raises SurroundingsMissing for one that is not there, is broken, or is of a newer format."""
        return cls(recording for file in files for recording in _read(file))

    def write(self, file: Path) -> None:
        """All of them, in the order in which they came."""
        lines = [{"format": FORMAT}, *map(asdict, self._by_key.values())]
        file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    def add(self, recording: Recording) -> None:
        self._by_key.setdefault(recording.key, recording)

    def find(self, key: str) -> Recording | None:
        return self._by_key.get(key)

    @property
    def digest(self) -> str:
        """A hash of what there is."""
        return hashlib.sha256("\n".join(sorted(self._by_key)).encode()).hexdigest()


class Names:
    """A place's own paths, which are others each time, as names in what is recorded, and back."""

    def __init__(self, place: Place) -> None:
        self._names = {place.workspace: "‹workspace›", place.temp: "‹temp›", place.private: "‹private›"}

    def take(self, text: str) -> str:
        """Paths to names."""
        for path, name in self._names.items():
            text = text.replace(path, name)
        return text

    def give(self, text: str) -> str:
        """Names to paths."""
        for path, name in self._names.items():
            text = text.replace(name, path)
        return text


def identity(command: Command, place: Place, scripts: Mapping[str, str]) -> str:
    """What a command is and what it finds, as a hash: its words, the variables that its author set, its folder, and every file of
    the workspace but workflows.

    scripts: content by path of what was written for commands to read, which counts in the path's stead.
    """
    names = Names(place)
    words = [names.take(scripts.get(word, word)) for word in command.argv]
    said = "\n".join(words)
    if _GIT.search(said):
        said += " GITHUB_SHA GITHUB_REF"
    environment = {
        name: names.take(value)
        for name, value in sorted(command.environment.items())
        if name not in _PLACES and (not name.startswith(_RUNNERS) or name in said)
    }
    about = [words, environment, names.take(command.directory), dict(sorted(contents(place.workspace_folder).items()))]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def contents(folder: Path) -> dict[str, str]:
    """Path to mode and hash of every file that counts; of a symbolic link what it points at."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part in f"{name}/" for part in _BESIDE) or (path.is_dir() and not path.is_symlink()):
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        found[name] = f"{path.lstat().st_mode & 0o777:o} {hashlib.sha256(content).hexdigest()}"
    return found


def lay(recording: Recording, place: Place, command: Command) -> None:
    """What the command left: its files in the workspace, and what it wrote for its runner."""
    names, top = Names(place), place.workspace_folder
    for path in recording.removed:
        with contextlib.suppress(FileNotFoundError):
            (top / path).unlink()
    for path, mode, text in recording.files:
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(names.give(text).encode("utf-8", "surrogateescape"))
        file.chmod(mode)
    for variable, name in FILES.items():
        if name in recording.given and (file_name := command.environment.get(variable)):
            place.write(file_name, names.give(recording.given[name]).encode("utf-8", "surrogateescape"))


def _read(file: Path) -> Iterator[Recording]:
    try:
        first, *lines = file.read_text(encoding="utf-8").splitlines()
        if json.loads(first)["format"] != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        for line in lines:
            told = json.loads(line)
            at = {name: tuple(map(tuple, told[name])) for name in ("lines", "files")}
            yield Recording(**{**told, **at, "removed": tuple(told["removed"])})
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise SurroundingsMissing(f"the recording {file} can't be read ({wrong})") from wrong
