"""How problems look in a terminal, and the colour codes for it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Severity

_CODES = {"bold": "1", "faint": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_WIDEST = 160  # of a longer line only the part around the mark is shown


def wants_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether `out` is a terminal that knows colours, whose owner has not said NO_COLOR (see no-color.org)."""
    return out.isatty() and environment.get("TERM") != "dumb" and not environment.get("NO_COLOR")


def styled(text: str, style: str, colour: bool) -> str:
    """The text in a style (`bold`, `faint`, `red` ...), or as it is where colour is not wanted."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if colour and text else text


def write_problems(
    problems: Iterable[Problem], out: TextIO, *, colour: bool = False, sources: Mapping[str, str] | None = None
) -> None:
    """Each with its place, the author's line and a mark under it, as style.md shows.

    sources: the text of a file, where it is not what stands on the disk under that name.
    """
    lines = _Lines(sources or {})
    for index, problem in enumerate(problems):
        if index:
            out.write("\n")
        out.writelines(f"{line}\n" for line in _told(problem, lines, colour))


class _Lines:
    """Lines of the author's files, each file read once."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.files = {file: text.splitlines() for file, text in sources.items()}

    def at(self, place: Position) -> str | None:
        if place.file not in self.files:
            try:
                self.files[place.file] = Path(place.file).read_text(encoding="utf-8", errors="replace").splitlines()
            except (OSError, ValueError):  # a file that is gone, or a name that no file can have
                self.files[place.file] = []
        lines = self.files[place.file]
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None


def _told(problem: Problem, lines: _Lines, colour: bool) -> Iterator[str]:
    message, *more = problem.message.split("\n")
    word = "" if problem.severity is Severity.ERROR else f"{problem.severity}: "
    where = styled(f"{problem.position}: ", "bold", colour) if problem.position else ""
    said = styled(word, _COLOURS[problem.severity], colour) + styled(_printable(message), "bold", colour)
    yield f"{where}{said} {styled(f'[{problem.code}]', 'faint', colour)}"
    yield from map(_printable, more)
    places = [(problem.position, problem.length, "")] if problem.position else []
    places += [(place, 1, word) for place, word in problem.related]
    gutter = " " * max((len(str(place.line)) for place, _, _ in places), default=0)
    mark_style = _COLOURS[problem.severity]
    bare = True
    for place, length, word in places:
        line = lines.at(place)
        elsewhere = problem.position is None or place.file != problem.position.file
        if line is None or elsewhere:
            if word:
                yield f"{gutter} {styled('=', 'faint', colour)} {place}: {_printable(word)}"
            continue
        if bare:
            yield f"{gutter} {styled('|', 'faint', colour)}"
            bare = False
        shown, mark = _marked(line, place.column, length)
        yield f"{styled(f'{place.line:>{len(gutter)}} |', 'faint', colour)} {shown}"
        yield f"{gutter} {styled('|', 'faint', colour)} {mark[0]}{styled(mark[1], mark_style, colour)} {_printable(word)}".rstrip()
    if problem.hint:
        sign = f"{gutter} {styled('=', 'faint', colour)}" if places else " "
        yield f"{sign} {_printable(problem.hint)}"


def _marked(line: str, column: int, length: int) -> tuple[str, tuple[str, str]]:
    """The line, or the part of it around the mark; then what stands before the mark, and the mark."""
    start = max(0, column - 1 - _WIDEST // 2) if len(line) > _WIDEST else 0
    cut = line[start : start + _WIDEST]
    head, tail = "…" if start else "", "…" if start + len(cut) < len(line) else ""
    before = " " * len(head) + "".join("\t" if c == "\t" else " " for c in cut[: column - 1 - start])
    room = max(1, min(length, len(cut) - (column - 1 - start)))
    return head + _printable(cut) + tail, (before, "^" + "~" * (room - 1))


def _printable(text: str) -> str:
    # What an author wrote may hold control codes, which a terminal would obey.
    return "".join(c if c.isprintable() or c == "\t" else "�" for c in text)
