"""Files of a place in one tar archive, by the place's own tar, so that it works on every executor.

In the archive a path begins with what it stands in: `workspace`, `home`, `temp` or `root` (anywhere else). So it comes
back to the right folder where that has another name, as on the host, where every leg has a workspace of its own.
"""

import posixpath
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from pipelinekit.actions.base import ActionCall, ActionFailed
from pipelinekit.executors.base import Command
from pipelinekit.workspaces.globs import PatternInvalid, Patterns

_NOTHING = 66  # what the script below answers where none of the paths is there
# tar goes into the folders through symbolic links, so that one archive can hold what stands in several of them.
_LINK = 'cd "$1" && ln -sfn "$2" workspace && ln -sfn "$3" home && ln -sfn "$4" temp && ln -sfn / root'
_PACK = f"""{_LINK} || exit 1
while IFS= read -r path; do
    if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\\n' "$path"; fi
done < wanted > there
[ -s there ] || exit {_NOTHING}
exec tar -cf archive.tar -T there"""
_UNPACK = f"""{_LINK} || exit 1
exec tar -xf archive.tar"""


def expand(call: ActionCall, path: str) -> str:
    """A path as it was written, absolute: `~` is the place's HOME, what is relative stands in the workspace."""
    if path == "~" or path.startswith("~/"):
        path = call.home + path[1:]
    return posixpath.normpath(posixpath.join(call.place.workspace, path))


def find(call: ActionCall, lines: Sequence[str], is_whole: bool = False) -> tuple[list[str], list[str]]:
    """The files that the patterns mean, in order, and the places where the search began; all absolute.

    is_whole: a folder that matches counts itself, and nothing below it. Symbolic links are followed, broken ones passed
    over. Raises ActionFailed where a pattern is none.
    """
    try:
        patterns = Patterns([_absolute(call, line) for line in lines if line], home=Path(call.home))
    except PatternInvalid as invalid:
        raise ActionFailed(str(invalid)) from invalid
    starts = patterns.starts()
    found: list[str] = []
    for is_folder, path in _listed(call, starts, folders=is_whole):
        if patterns.decide(path)[is_folder] and not (is_whole and any(path.startswith(f"{above}/") for above in found)):
            found.append(path)
    return found, starts


@contextmanager
def packed(call: ActionCall, paths: Sequence[str], follows: bool = False) -> Iterator[Path | None]:
    """The paths, absolute, with all that is below them, in an archive on this machine; None where none of them is
    there.

    follows: what symbolic links point at is packed in their stead. Raises ActionFailed.
    """
    with _workbench(call) as folder:
        call.place.write(f"{folder}/wanted", "".join(f"{anchored(call, path)}\n" for path in paths).encode())
        script = _PACK.replace("tar -cf", "tar -chf") if follows else _PACK
        exit_code = _perform(call, script, folder)
        if exit_code == _NOTHING:
            yield None
            return
        if exit_code:
            raise ActionFailed(f"tar failed with exit code {exit_code}")
        file = call.blobs.new_file()
        try:
            call.place.fetch(f"{folder}/archive.tar", file)
            yield file
        finally:
            file.unlink(missing_ok=True)


def unpack(call: ActionCall, archive: Path) -> None:
    """Lay an archive's files where they belong, over what is there. Raises ActionFailed."""
    with _workbench(call) as folder:
        call.place.send(archive, f"{folder}/archive.tar")
        if exit_code := _perform(call, _UNPACK, folder):
            raise ActionFailed(f"tar failed with exit code {exit_code}")


def _perform(call: ActionCall, script: str, folder: str) -> int:
    argv = ("sh", "-c", script, "sh", folder, call.place.workspace, call.home, call.place.temp)
    return call.run(Command(argv, moves=True)).exit_code


@contextmanager
def _workbench(call: ActionCall) -> Iterator[str]:
    """A folder in the place, for as long as it is needed."""
    folder = f"{call.place.temp}/_archive_{call.step}"
    try:
        yield folder
    finally:
        call.ask("rm", "-rf", folder, moves=True)


def anchored(call: ActionCall, path: str) -> str:
    """The name that an absolute path has in an archive."""
    anchors = (("temp", call.place.temp), ("workspace", call.place.workspace), ("home", call.home), ("root", "/"))
    for name, folder in anchors:
        if PurePosixPath(path).is_relative_to(folder):
            return posixpath.join(name, posixpath.relpath(path, folder))
    raise ValueError(f'"{path}" is not absolute')


def _absolute(call: ActionCall, line: str) -> str:
    """The pattern from the root of the file system; `!`, `#` and `~` in front stay what they are."""
    pattern = line.lstrip("! \t")
    marks = line[: len(line) - len(pattern)]
    if pattern.startswith(("/", "~", "#")) or not pattern:
        return line
    return f"{marks}{call.place.workspace}/{pattern.removeprefix('./') if pattern != '.' else ''}"


def _listed(call: ActionCall, starts: Sequence[str], folders: bool) -> Iterator[tuple[bool, str]]:
    """(is it a folder, absolute path) of all that is at or below the starts, each folder before what is in it."""
    script = 'find -L "$@" -type f -print0 2>/dev/null > "$0"; find -L "$@" -type d -print0 2>/dev/null > "$0.folders"; :'
    with _workbench(call) as folder:
        call.place.write(f"{folder}/list", b"")
        call.run(Command(("sh", "-c", script, f"{folder}/list", *starts), moves=True))
        names = [(False, name) for name in call.place.read(f"{folder}/list").decode("utf-8", "surrogateescape").split("\0")]
        if folders:
            listed = call.place.read(f"{folder}/list.folders").decode("utf-8", "surrogateescape")
            names += [(True, name) for name in listed.split("\0")]
    yield from sorted(((is_folder, name) for is_folder, name in names if name), key=lambda pair: pair[1].split("/"))
