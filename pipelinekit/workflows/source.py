"""The author's text, and where in it a character of a value stands."""

from pipelinekit.model.node import Scalar
from pipelinekit.model.position import Position


class Source:
    """The text of a file. A value's text differs from it by quotes, escapes, indentation and folding."""

    def __init__(self, text: str) -> None:
        self.lines = text.removeprefix("\ufeff").splitlines()

    def place(self, scalar: Scalar, offset: int) -> Position:
        """Where the character at `offset` of the scalar's value stands; the scalar's own place where it can't be told."""
        wanted = scalar.text[: offset + 1]
        line, column = self._inside(scalar)
        at = 0
        while line < len(self.lines):
            written = self.lines[line]
            while column < len(written):
                while at < len(wanted) and wanted[at].isspace():
                    at += 1
                if at == len(wanted):
                    return Position(scalar.position.file, line + 1, column + 1)
                if not written[column].isspace():
                    if written[column] != wanted[at]:
                        return scalar.position
                    at += 1
                    if at == len(wanted):
                        return Position(scalar.position.file, line + 1, column + 1)
                    # In single quotes YAML writes one ' as two.
                    column += written[column : column + 2] == "''" and self._is_single_quoted(scalar)
                column += 1
            line, column = line + 1, 0
        return scalar.position

    def _inside(self, scalar: Scalar) -> tuple[int, int]:
        """Line and column, from 0, of the first character after an anchor, a tag, a quote or a block's header."""
        line, column = scalar.position.line - 1, scalar.position.column - 1
        written = self.lines[line] if line < len(self.lines) else ""
        while written[column : column + 1] in ("&", "!"):
            while column < len(written) and not written[column].isspace():
                column += 1
            column += len(written[column:]) - len(written[column:].lstrip())
        if written[column : column + 1] in ("|", ">"):
            return line + 1, 0
        return line, column + (written[column : column + 1] in ("'", '"'))

    def _is_single_quoted(self, scalar: Scalar) -> bool:
        return "'" in self.lines[scalar.position.line - 1][scalar.position.column - 1 :][:1]
