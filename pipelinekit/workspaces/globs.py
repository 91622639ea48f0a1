"""Which files a list of patterns means, in the dialect of GitHub's own `hashFiles` and its actions.

`*` and `?` stay within a name and take a dot in front too, `[ab]` and `\\` work, `**` as a whole name stands for any
folders; there are no braces. A pattern that matches a folder means all below it, one that ends in `/` folders only.
`!` in front takes files out again, and the last pattern that matches decides. `#` begins a comment.
Source: @actions/glob and minimatch 3 with the options that it sets.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


class PatternInvalid(ValueError):
    """A pattern that is none: empty after `!`, or with `.` or `..` inside."""


class Patterns:
    """The patterns, in the order in which they were written.

    root: what they are relative to, absolute. home: what `~` stands for; without it such patterns match nothing.
    Raises PatternInvalid.
    """

    def __init__(self, lines: Iterable[str], root: Path = Path("/"), home: Path | None = None) -> None:
        texts = [line.strip() for line in lines]
        self._root = str(root)
        self._patterns = [pattern for text in texts if text and not text.startswith("#") for pattern in _read(text, root, home)]

    def match(self, path: str) -> bool:
        """Whether the file at this path, relative to the root, is chosen."""
        return self.decide(f"{self._root.rstrip('/')}/{path}")[0]

    def decide(self, path: str) -> tuple[bool, bool]:
        """Whether what stands at an absolute path is chosen if it is a file, and if it is a folder."""
        as_file = as_folder = False
        for pattern in self._patterns:
            if pattern.whole.fullmatch(path):
                as_folder = not pattern.is_negative
                as_file = as_file if pattern.folders_only else as_folder
        return as_file, as_folder

    def may_match_below(self, path: str) -> bool:
        """Whether anything below an absolute path can be chosen."""
        parts = [part for part in path.split("/") if part]
        return any(not pattern.is_negative and pattern.may_match_below(parts) for pattern in self._patterns)

    def starts(self) -> list[str]:
        """Where a walk has to begin, in the order of the patterns: absolute, at or below the root, none inside another."""
        places = list(dict.fromkeys(pattern.start for pattern in self._patterns if not pattern.is_negative))
        outermost = [p for p in places if not any(str(parent) in places for parent in PurePosixPath(p).parents)]
        return [start for place in outermost if (start := self._within(place))]

    def _within(self, place: str) -> str:
        """The place, or the root if that is below it, or nothing if they have nothing in common."""
        if PurePosixPath(place).is_relative_to(self._root):
            return place
        return self._root if PurePosixPath(self._root).is_relative_to(place) else ""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One pattern, from the root of the file system.

    whole: matches a path. segments: match its names, None being `**`. start: the part in front that is no pattern.
    is_negative: takes out what it matches. folders_only: does not match files.
    """

    whole: re.Pattern[str]
    segments: tuple[re.Pattern[str] | None, ...]
    start: str
    is_negative: bool
    folders_only: bool

    def may_match_below(self, parts: Sequence[str]) -> bool:
        for segment, part in zip(self.segments, parts, strict=False):
            if segment is None:
                return True
            if not segment.fullmatch(part):
                return False
        return len(parts) <= len(self.segments)


def _read(line: str, root: Path, home: Path | None) -> Iterator[_Pattern]:
    """What a line says of the paths that it matches, and, unless it ends in `**`, of all below them."""
    text = line.lstrip("! \t")
    is_negative = line[: len(line) - len(text)].count("!") % 2 == 1
    if not text:
        raise PatternInvalid("pattern cannot be empty")
    names = [name for name in text.split("/") if name]
    literals = [_literal(name) for name in names]
    if ".." in literals or "." in literals[0 if text.startswith("/") else 1 :]:
        raise PatternInvalid(f"invalid pattern '{text}'. Relative pathing '.' and '..' is not allowed.")
    if text.startswith("/"):
        before: tuple[str, ...] = ()
    elif names[0] == "~":
        if home is None:
            return
        before, names = home.parts[1:], names[1:]
    else:
        before, names = root.parts[1:], names[1:] if names[0] == "." else names
    segments = [*(re.sub(r"([\\*?\[])", r"\\\1", name) for name in before), *names]
    ends_open, folders_only = bool(segments) and segments[-1] == "**", text.endswith("/")
    yield _compiled(segments, "(?:/.*)?", is_negative=is_negative, folders_only=folders_only)
    if not ends_open or folders_only:
        yield _compiled([*segments, "**"], "/.+", is_negative=is_negative, folders_only=False)


def _compiled(names: Sequence[str], last: str, *, is_negative: bool, folders_only: bool) -> _Pattern:
    """last: what a `**` at the end matches; a folder itself belongs to `**` that was written, not to one added."""
    segments = [None if name == "**" else _segment(name) for name in names]
    texts = ["(?:/[^/]+)*" if segment is None else f"/{segment}" for segment in segments]
    if segments and segments[-1] is None:
        texts[-1] = last
    start: list[str] = []
    for name in names:
        literal = _literal(name)
        if not literal:
            break
        start.append(literal)
    return _Pattern(
        re.compile("".join(texts), re.DOTALL),
        tuple(segment if segment is None else re.compile(segment, re.DOTALL) for segment in segments),
        "/" + "/".join(start),
        is_negative,
        folders_only,
    )


_SET = re.compile(r"\[((?:\\.|[^\]\\])*)\]", re.DOTALL)


def _literal(name: str) -> str:
    """The one name that the segment matches, or '' where it is a pattern."""
    text, at = "", 0
    while at < len(name):
        character = name[at]
        if character in "*?":
            return ""
        if character == "\\" and at + 1 < len(name):
            at += 1
            character = name[at]
        elif character == "[" and (found := _SET.match(name, at)):
            one = re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)
            if len(one) > 1:
                return ""
            character, at = (one, found.end() - 1) if one else (character, at)
        text += character
        at += 1
    return text


def _segment(name: str) -> str:
    """The regular expression of a name; it never matches an empty one."""
    if not name.strip("*"):
        return "[^/]+"
    texts: list[str] = []
    at = 0
    while at < len(name):
        character = name[at]
        at += 1
        if character == "*":
            texts.append("[^/]*")
        elif character == "?":
            texts.append("[^/]")
        elif character == "[" and (found := _bracket(name, at)):
            text, at = found
            texts.append(text)
        else:
            if character == "\\" and at < len(name):
                character = name[at]
                at += 1
            texts.append(re.escape(character))
    return "".join(texts)


def _bracket(name: str, start: int) -> tuple[str, int] | None:
    """The set whose inside begins at `start`, and the offset behind it; None where it isn't closed or makes no sense."""
    characters: list[str] = []
    at = start
    while at < len(name) and (name[at] != "]" or at == start):
        if name[at] == "\\" and at + 1 < len(name):
            at += 1
        characters.append(name[at])
        at += 1
    if at == len(name):
        return None
    is_negative = name[start] in "!^"
    ranges = _ranges(characters[is_negative:])
    if ranges is None:
        return None
    return (f"[^/{ranges}]" if is_negative else f"(?!/)[{ranges}]"), at + 1


def _ranges(characters: Sequence[str]) -> str | None:
    """The inside of a set, escaped, or None where a range goes backwards."""
    text, at = "", 0
    while at < len(characters):
        if characters[at + 1 : at + 2] == ["-"] and at + 2 < len(characters):
            first, last = characters[at], characters[at + 2]
            if first > last:
                return None
            text += f"{re.escape(first)}-{re.escape(last)}"
            at += 3
        else:
            text += re.escape(characters[at])
            at += 1
    return text
