"""Where something stands in a file that a person wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """file as the author names it; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
