"""How much memory an evaluation takes, in bytes as the runner counts them.

Source: EvaluationMemory and MemoryCounter of actions/runner.
"""

from dataclasses import dataclass, field

from pipelinekit.expressions.syntax import MAX_MEMORY_BYTES, ExpressionError, utf16_length

OBJECT_BYTES = 24
POINTER_BYTES = 8


def size(value: object) -> int:
    """A string counts 26 and two for each UTF-16 unit, everything else 24."""
    return 26 + 2 * utf16_length(value) if isinstance(value, str) else OBJECT_BYTES


@dataclass(slots=True)
class Counter:
    """What one result takes while it is put together."""

    total: int = 0

    def add(self, amount: int) -> None:
        """Raises ExpressionError (evaluation) when there is too much."""
        self.total += amount
        _check(self.total)


@dataclass(slots=True)
class Memory:
    """What the nodes of a tree hold, by their level: an operand is given back when its operator has its result."""

    levels: list[int] = field(default_factory=list)
    total: int = 0

    def add(self, level: int, amount: int, *, frees_operands: bool = False) -> None:
        """Raises ExpressionError (evaluation) when there is too much."""
        if frees_operands:
            while len(self.levels) > level + 1:
                self.total -= self.levels.pop()
        while len(self.levels) <= level:
            self.levels.append(0)
        self.levels[level] += amount
        self.total += amount
        _check(self.total)


def _check(total: int) -> None:
    if total > MAX_MEMORY_BYTES:
        raise ExpressionError("evaluation", "The maximum allowed memory size was exceeded")
