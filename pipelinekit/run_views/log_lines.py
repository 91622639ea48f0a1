"""Lines of a log as JSON: text with the classes of its colours, never markup."""

from collections.abc import Collection, Iterable

from pipelinekit.run_views.live_run import Json
from pipelinekit.views import ansi
from pipelinekit.views.log import Line
from pipelinekit.views.markup import shown

LONGEST = 4000  # characters of a line that are shown; the whole log has them all


class LogLines:
    """Colours go on from line to line, as on a terminal, until the runner speaks or the step is another."""

    def __init__(self) -> None:
        self._style, self._step = ansi.PLAIN, -1

    def add(self, found: Iterable[tuple[int, Line]], deciding: Collection[int] = ()) -> list[Json]:
        """Of each (step, line): number, step, seconds, text, group, and marks.

        The text is a string, or where it has colours a list of (classes, text). Marks: `r` said by the runner, `d` decides,
        `c` cut.
        """
        return [self._line(step, line, line.number in deciding) for step, line in found]

    def _line(self, step: int, line: Line, decides: bool) -> Json:
        if step != self._step or line.runner:
            self._style, self._step = ansi.PLAIN, step
        is_cut = len(line.text) > LONGEST
        pieces, self._style = ansi.pieces(line.text[:LONGEST], self._style)
        marks = ("r" if line.runner else "") + ("d" if decides else "") + ("c" if is_cut else "")
        seconds = None if line.seconds is None else round(line.seconds, 1)
        return [line.number, step, seconds, _body(pieces), shown(ansi.plain(line.group)), marks]


def _body(pieces: list[tuple[str, str]]) -> Json:
    if all(not classes for classes, _ in pieces):
        return shown("".join(text for _, text in pieces))
    return [[classes, shown(text)] for classes, text in pieces]
