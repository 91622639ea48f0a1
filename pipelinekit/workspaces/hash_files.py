"""The hash of chosen files of a workspace, byte for byte as `hashFiles` of GitHub.

Files are hashed one by one in the order in which a walk finds them, and the result is the hash of those digests; names
take no part. Source: actions/runner (src/Misc/expressionFunc/hashFiles) and @actions/glob.
"""

# ruff: noqa: PTH116, PTH118, PTH208 - paths are text here, since a walk matches thousands of them against patterns

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelinekit.workspaces.globs import PatternInvalid, Patterns

LIMIT_SECONDS = 120.0
_FOLLOW = "--follow-symbolic-links"


class HashFailed(ValueError):
    """The files could not be hashed: a pattern that is none, a broken link, or no time left."""


def hash_files(
    root: Path,
    *patterns: str,
    home: Path | None = None,
    limit_seconds: float = LIMIT_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """The SHA-256, in hex, over the digests of the files that the patterns match; '' where there is none.

    root: the workspace, absolute. patterns: one or more lines each; the first may be `--follow-symbolic-links`.
    home: what `~` stands for; without it such patterns match nothing. Raises HashFailed, and OSError where a file or
    folder can't be read.
    """
    follows = bool(patterns) and patterns[0].lower() == _FOLLOW
    if patterns and patterns[0].startswith("--") and not follows:
        raise HashFailed(f"invalid glob option '{patterns[0]}', available option: '{_FOLLOW}'")
    try:
        chosen = Patterns("\n".join(patterns[follows:]).split("\n"), root, home)
    except PatternInvalid as error:
        raise HashFailed(str(error)) from error
    deadline = clock() + limit_seconds
    result = hashlib.sha256()
    found = False
    for path, is_chosen in _walk(chosen, follows=follows):
        if clock() > deadline:
            raise HashFailed(f"couldn't finish within {limit_seconds:g} seconds")
        digest = _digest(path) if is_chosen else None
        if digest is not None:
            result.update(digest)
            found = True
    return result.hexdigest() if found else ""


def _walk(chosen: Patterns, *, follows: bool) -> Iterator[tuple[str, bool]]:
    """Every path that is looked at, and whether it is a file (or a link that isn't followed) that was chosen.

    Depth first, the entries of a folder by the bytes of their names: `a/z` comes before `a-b/q`.
    """
    rest = [(start, 1) for start in reversed(chosen.starts()) if _is_there(start)]
    chain: list[str] = []  # the real folders above, to see where a link leads back into one of them
    while rest:
        path, level = rest.pop()
        as_file, as_folder = chosen.decide(path)
        if not (as_file or as_folder or chosen.may_match_below(path)):
            continue
        try:
            is_folder = stat.S_ISDIR(os.stat(path, follow_symlinks=follows).st_mode)
        except FileNotFoundError:  # a broken link, which a walk that follows links leaves out
            continue
        if is_folder and follows:
            real = os.path.realpath(path)
            del chain[level - 1 :]
            if real in chain:
                continue
            chain.append(real)
        if is_folder:
            names = sorted(os.listdir(path), key=os.fsencode, reverse=True)
            rest.extend((os.path.join(path, name), level + 1) for name in names)
        yield path, as_file and not is_folder


def _is_there(path: str) -> bool:
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False  # anything else, as a file where a folder is meant, ends the call, as on GitHub
    return True


def _digest(path: str) -> bytes | None:
    """The digest of a file's content, through a link; None for a link to a folder."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError as error:
        raise HashFailed(f"'{path}' is a symbolic link to something that is not there") from error
    if stat.S_ISDIR(mode):
        return None
    if not stat.S_ISREG(mode):
        raise HashFailed(f"'{path}' is neither a file nor a folder")
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
