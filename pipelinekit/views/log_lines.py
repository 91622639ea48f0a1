"""Lines of a log as JSON: text with the classes of its colours, never markup."""

from collections.abc import Collection, Iterable, Iterator

from pipelinekit.views import ansi
from pipelinekit.views.live_run import Json
from pipelinekit.views.log import Line
from pipelinekit.views.markup import shown

LONGEST = 4000  # characters of a line that are shown; the whole log has them all


def lines(found: Iterable[tuple[int, Line]], deciding: Collection[int] = ()) -> Iterator[Json]:
    """Number, step, seconds, text, group, marks (`r` said by the runner, `d` decides, `c` cut) of each (step, line).

    The text is a string, or where it has colours a list of (classes, text). Colours go on from line to line of one step.
    """
    style, before = ansi.PLAIN, -1
    for step, line in found:
        if step != before or line.runner:
            style, before = ansi.PLAIN, step
        text = line.text if len(line.text) <= LONGEST else line.text[:LONGEST]
        pieces, style = ansi.pieces(text, style)
        marks = ("r" if line.runner else "") + ("d" if line.number in deciding else "") + ("c" if text is not line.text else "")
        seconds = None if line.seconds is None else round(line.seconds, 1)
        yield [line.number, step, seconds, _body(pieces), shown(ansi.plain(line.group)), marks]


def _body(pieces: list[tuple[str, str]]) -> Json:
    if all(not classes for classes, _ in pieces):
        return shown("".join(text for _, text in pieces))
    return [[classes, shown(text)] for classes, text in pieces]
